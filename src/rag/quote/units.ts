/** A passage as the pieces that an answer may quote, each with what a reader sees it under. */
import type { Passage } from "../../providers/provider.ts";
import { sentenceSpans } from "../sentences.ts";
import { type Cell, cellsOf } from "./rows.ts";

/** A `question` is answered by what follows it, a `label` names it: neither answers anything itself. */
export type UnitKind = "sentence" | "item" | "row" | "question" | "label";

export type Unit = {
  passage: Passage;
  kind: UnitKind;
  /** Word for word, without a list's mark. */
  text: string;
  words: number;
  /** Place among the units of the passage; of the paragraph, list or table; and of its line there. */
  index: number;
  group: number;
  line: number;
  /** The whole line of a list or table, with its mark and indent. */
  written: string;
  /** Of an item: its indent, more in an inner list; and whether the list is one of steps. */
  depth: number;
  isNumbered: boolean;
  /** What it is read under within the passage: the question or label before it, the list's lead-in, outer items. */
  under: Unit[];
  /** Of a row. */
  cells: Cell[];
};

const LIST_LINE = /^(\s*)([-*•‣▪–·]|\d{1,3}[.)]|[a-z][.)])\s+(\S.*)$/;
const CHECKBOX = /^\[[ xX]\]\s+/;
const TABLE_LINE = /^[^\n:;|]{1,60}: [^\n]*; [^\n:;]{1,60}: |\s\|\s/;
const QUESTION = /[?？؟]["'”’»)\]]*$/;
export const ANNOUNCES = /[:：]["'”’»)\]*_]*$/;
const ENDS_A_LINE = /[.!?…。！？؟।:：;]["'”’»)\]*_]*$/;
export const ENDS_LIKE_A_SENTENCE = /[.!?…。！？؟।]["'”’»)\]*_]*$/;
/** Such a sentence needs the one before it. */
const POINTS_BACK =
  /^(it|its|they|their|this|these|those|that|he|she|his|her|such|es|er|sie|dies|diese|dieser|dieses|il|elle|ils|elles|cela|ceci|esto|este|esta|estos|estas|eso|questo|questa|questi|esso|essa|isto|isso|ele|ela|dit|dat|deze|он|она|оно|они|это|هذا|هذه|ذلك)(?![\p{L}\p{N}])|^(这|該|该|它|これ|それ)/iu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;
/** A line at least this long was broken by an editor and not by its author. */
const WRAPPED_LINE = 60;
const LONGEST_LABEL = 60;

export function unitsOf(passage: Passage): Unit[] {
  return new UnitReader(passage).read();
}

export function pointsBack({ kind, text }: Unit): boolean {
  return kind === "sentence" && POINTS_BACK.test(text);
}

/** Words as people count them; two characters of Chinese or Japanese are about one. */
export function wordsOf(text: string): number {
  const unspaced = text.match(UNSPACED)?.length ?? 0;
  const spaced = text.replace(UNSPACED, " ").match(/[\p{L}\p{N}]\S*/gu)?.length ?? 0;
  return spaced + unspaced / 2;
}

class UnitReader {
  readonly #units: Unit[] = [];
  #group = 0;
  #line = 0;
  #label: Unit | null = null;
  /** What stands before the list or table that is being read, and the items around the present one. */
  #opening: Unit | null = null;
  #outer: Unit[] = [];
  #kindBefore: UnitKind | null = null;

  constructor(readonly passage: Passage) {}

  read(): Unit[] {
    const paragraphs = paragraphsOf(this.passage.text);
    for (const [place, lines] of paragraphs.entries())
      this.#paragraph(lines, place === paragraphs.length - 1);
    const rows = this.#units.filter(({ kind }) => kind === "row");
    for (const table of Map.groupBy(rows, ({ group }) => group).values()) {
      const cells = cellsOf(table.map(({ text }) => text));
      for (const [place, row] of table.entries()) row.cells = cells[place] ?? [];
    }
    return this.#units;
  }

  #paragraph(lines: string[], isLast: boolean): void {
    this.#kindBefore = null;
    const isAnnounced = ANNOUNCES.test(this.#units.at(-1)?.text ?? "");
    if (lines.length === 1 && !isLast && !isAnnounced && isLabel(lines[0] ?? "")) {
      this.#label = this.#push(lines[0] ?? "", "label", []);
      return;
    }
    for (const line of lines) {
      this.#line++;
      const listed = LIST_LINE.exec(line);
      if (listed) this.#item(line, listed);
      else if (TABLE_LINE.test(line)) this.#row(line);
      else this.#prose(line);
    }
  }

  #prose(line: string): void {
    this.#group++;
    this.#kindBefore = "sentence";
    for (const text of sentencesOf(line)) {
      if (QUESTION.test(text)) this.#label = this.#push(text, "question", []);
      else this.#push(text, "sentence", this.#label ? [this.#label] : []);
    }
  }

  #item(line: string, [, indent = "", mark = "", content = ""]: RegExpExecArray): void {
    if (this.#kindBefore !== "item") this.#startOf("item");
    const depth = indent.length;
    this.#outer = this.#outer.filter((outer) => outer.depth < depth);
    const under = [...this.#leadIn(), ...this.#outer];
    const text = content.replace(CHECKBOX, "");
    let first: Unit | null = null;
    for (const part of sentencesOf(text)) {
      const kind = QUESTION.test(part) ? "question" : "item";
      const unit = this.#push(part, kind, first ? [...under, first] : under);
      unit.depth = depth;
      unit.isNumbered = /\d/.test(mark);
      unit.written = line;
      first ??= unit;
    }
    if (first) this.#outer.push(first);
  }

  #row(line: string): void {
    if (this.#kindBefore !== "row") this.#startOf("row");
    this.#push(line.trim(), "row", this.#leadIn());
  }

  #startOf(kind: "item" | "row"): void {
    this.#group++;
    this.#kindBefore = kind;
    this.#outer = [];
    const before = this.#units.at(-1);
    this.#opening = before && (before.kind === "sentence" || before.kind === "label") ? before : null;
  }

  #leadIn(): Unit[] {
    return [this.#label, this.#opening].filter((unit) => unit !== null);
  }

  #push(text: string, kind: UnitKind, under: Unit[]): Unit {
    const unit: Unit = {
      ...{ passage: this.passage, kind, text, words: wordsOf(text), written: text, under, cells: [] },
      ...{ index: this.#units.length, group: this.#group, line: this.#line, depth: 0, isNumbered: false },
    };
    this.#units.push(unit);
    return unit;
  }
}

function paragraphsOf(text: string): string[][] {
  return text
    .split(/\n[ \t]*\n/)
    .map((paragraph) => joinWrapped(paragraph.split("\n").filter((line) => /[\p{L}\p{N}]/u.test(line))))
    .filter((lines) => lines.length > 0);
}

/** Lines that only an editor broke, in formats that do not tell, are one again. */
function joinWrapped(lines: readonly string[]): string[] {
  const joined: string[] = [];
  for (const line of lines) {
    const before = joined.at(-1);
    const isOwn =
      before === undefined || LIST_LINE.test(line) || TABLE_LINE.test(line) || TABLE_LINE.test(before);
    if (isOwn || before.length < WRAPPED_LINE || ENDS_A_LINE.test(before)) joined.push(line);
    else joined[joined.length - 1] = `${before} ${line.trim()}`;
  }
  return joined;
}

/** A short line on its own that is no sentence: what follows is about it. */
function isLabel(line: string): boolean {
  const text = line.trim();
  return (
    text.length <= LONGEST_LABEL &&
    !LIST_LINE.test(line) &&
    !TABLE_LINE.test(line) &&
    !ENDS_A_LINE.test(text) &&
    /\p{L}/u.test(text)
  );
}

function sentencesOf(line: string): string[] {
  return sentenceSpans(line).map(({ start, end }) => line.slice(start, end));
}
