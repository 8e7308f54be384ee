/** Collects the blocks of one document: cleans their text, keeps the heading path and the limits. */
import type { DocumentBlock } from "../../../domain/knowledge.ts";
import { cleanText } from "./clean.ts";
import { LeftOut, placeOf, takeMarks } from "./left-out.ts";
import { MOST_BLOCKS, MOST_TEXT, resourceLimit } from "./limits.ts";
import { type TableSource, tableText } from "./table/table.ts";

/** A longer "heading" is a paragraph in large type. */
const LONGEST_HEADING = 300;
/** Deeper than any heading of a document. */
const FOLDED_LEVEL = 100;
const TABLE_LEVEL = 1_000;

export type BlockKind = DocumentBlock["kind"];

export class BlockWriter {
  readonly blocks: DocumentBlock[] = [];
  readonly #warnings = new Set<string>();
  readonly #leftOut = new LeftOut();
  #headings: { level: number; text: string }[] = [];
  #characters = 0;
  #hiddenCharacters = 0;

  /** `level` 1 is the outermost. Headings of the same or a deeper level end here. */
  heading(level: number, text: string, page: number | null): void {
    const shown = this.#clean(text, page).replace(/\s+/g, " ").trim();
    if (shown === "") return;
    if (shown.length > LONGEST_HEADING) {
      this.#push("paragraph", shown, page);
      return;
    }
    this.#headings = this.#headings.filter((heading) => heading.level < level);
    this.#push("heading", shown, page);
    this.#headings.push({ level, text: shown });
  }

  /** What the next block would stand under. */
  lastHeading(): string | null {
    return this.#headings.at(-1)?.text ?? null;
  }

  /** What comes now belongs to the document and to no heading. */
  endHeadings(): void {
    this.#headings = [];
  }

  /** What `write` writes stands under this title, and what comes after does not. */
  under(title: string, page: number | null, write: () => void): void {
    const around = this.#headings;
    const level = (around.at(-1)?.level ?? 0) + 1;
    this.heading(Math.max(level, FOLDED_LEVEL), title, page);
    write();
    this.#headings = around;
  }

  block(kind: Exclude<BlockKind, "heading">, text: string, page: number | null): void {
    const shown = trimLines(this.#clean(text, page));
    if (shown !== "") this.#push(kind, shown, page);
  }

  /** Its titles are headings of its rows, and so are rows that span all columns of those below them. */
  table(source: TableSource, page: number | null): void {
    const { titles, sections, notes } = tableText(source);
    const [title, ...further] = titles;
    if (title !== undefined) this.heading(TABLE_LEVEL, title, page);
    this.block("paragraph", further.join("\n"), page);
    for (const section of sections) {
      if (section.title !== null) this.heading(TABLE_LEVEL + 1, section.title, section.rows[0]?.page ?? page);
      const pages = Map.groupBy(section.rows, (row) => row.page ?? page);
      for (const [each, rows] of pages) this.block("table", rows.map(({ text }) => text).join("\n"), each);
    }
    this.#headings = this.#headings.filter(({ level }) => level < TABLE_LEVEL + 1);
    this.block("paragraph", notes.join("\n"), page);
    this.#headings = this.#headings.filter(({ level }) => level < TABLE_LEVEL);
  }

  /** A sentence for the admin; the same one counts once. */
  warn(sentence: string): void {
    this.#warnings.add(sentence);
  }

  /** Something that a reader of the original sees, or that it hides, is in no block. `name` as in "Struck-out text". */
  leaveOut(name: string, page: number | null): void {
    this.#leftOut.add(
      name,
      placeOf(
        this.#headings.map(({ text }) => text),
        page,
      ),
    );
  }

  warnings(): string[] {
    const warnings = [...this.#warnings, ...this.#leftOut.sentences()];
    if (this.#hiddenCharacters === 0) return warnings;
    const hidden = `${this.#hiddenCharacters} invisible characters were removed; they can hide instructions from the reader.`;
    return [...warnings, hidden];
  }

  /** Whether any block holds a letter or a digit. */
  hasText(): boolean {
    return this.blocks.some(({ text }) => /[\p{L}\p{N}]/u.test(text));
  }

  #clean(marked: string, page: number | null): string {
    const { text, names } = takeMarks(marked);
    for (const name of names) this.leaveOut(name, page);
    this.#characters += text.length;
    if (this.#characters > MOST_TEXT) throw resourceLimit("The document holds more than 20 MB of text.");
    const { text: shown, hidden } = cleanText(text);
    this.#hiddenCharacters += hidden;
    return shown;
  }

  #push(kind: BlockKind, text: string, page: number | null): void {
    if (this.blocks.length >= MOST_BLOCKS) throw resourceLimit("The document has too many paragraphs.");
    this.blocks.push({ kind, text, headingPath: this.#headings.map((heading) => heading.text), page });
  }
}

function trimLines(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\s+$/g, "");
}
