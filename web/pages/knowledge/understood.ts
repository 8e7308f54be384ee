/** The passages of a document put together again: what Parley understood it to be, as a reader would see it. */
import type { ChunkView } from "../../../src/protocol/admin-api/knowledge.ts";

export type Part =
  | { kind: "page"; page: number }
  | { kind: "heading"; level: number; text: string }
  | { kind: "table"; names: string[]; rows: string[][] }
  | { kind: "text"; text: string };

type Piece = Pick<ChunkView, "content" | "headingPath" | "page">;

/** A passage repeats at most this much of the end of the one before. */
const LONGEST_REPEAT = 400;
const SHORTEST_REPEAT = 12;
/** A name, and before it the line's beginning or another cell's end: as rows are written. */
const NAMED = /(?:^|; )([^:;|]{1,80}): /g;

export function partsOf(pieces: readonly Piece[]): Part[] {
  return pieces.flatMap((piece, place) => {
    const before = pieces[place - 1];
    const isOnNewPage = piece.page !== null && piece.page !== before?.page;
    const page: Part[] = isOnNewPage && piece.page !== null ? [{ kind: "page", page: piece.page }] : [];
    return [...page, ...headingsOf(piece, before), ...bodyOf(withoutRepeat(piece, before))];
  });
}

/** Those that the passage before does not stand under. */
function headingsOf({ headingPath }: Piece, before: Piece | undefined): Part[] {
  const same = headingPath.findIndex((text, level) => text !== before?.headingPath[level]);
  const from = same === -1 ? headingPath.length : same;
  return headingPath.slice(from).map((text, place) => ({ kind: "heading", level: from + place + 1, text }));
}

function withoutRepeat({ content, headingPath }: Piece, before: Piece | undefined): string {
  if (!before || before.headingPath.join("\n") !== headingPath.join("\n")) return content;
  for (let length = Math.min(LONGEST_REPEAT, content.length); length >= SHORTEST_REPEAT; length--) {
    if (before.content.endsWith(content.slice(0, length))) return content.slice(length).trimStart();
  }
  return content;
}

function bodyOf(content: string): Part[] {
  return content
    .split(/\n{2,}/)
    .filter((text) => text.trim() !== "")
    .map((text) => tableOf(text.split("\n")) ?? { kind: "text", text });
}

/** Rows of which most have the same names, or of bars. */
function tableOf(lines: readonly string[]): Part | null {
  if (lines.every((line) => line.includes(" | "))) {
    return { kind: "table", names: [], rows: lines.map((line) => line.split(" | ")) };
  }
  const named = lines.map((line) => [...line.matchAll(NAMED)].map(([, name = ""]) => name));
  const names = [...new Set(named.flat())].filter(
    (name) => named.filter((each) => each.includes(name)).length * 2 >= lines.length,
  );
  if (names.length < 2 || !named.every((each) => each.some((name) => names.includes(name)))) return null;
  const rows = lines.map((line) => cellsOf(line, names));
  const hasFirst = rows.some(([first]) => first !== "");
  return {
    kind: "table",
    names: hasFirst ? ["", ...names] : names,
    rows: hasFirst ? rows : rows.map((row) => row.slice(1)),
  };
}

/** What stands before the first name, and behind each. */
function cellsOf(line: string, names: readonly string[]): string[] {
  const starts = [...line.matchAll(NAMED)].filter(([, name = ""]) => names.includes(name));
  const valueIn = (name: string) => {
    const place = starts.findIndex(([, each]) => each === name);
    const start = starts[place];
    return start ? line.slice(start.index + start[0].length, starts[place + 1]?.index) : "";
  };
  return [line.slice(0, starts[0]?.index ?? 0), ...names.map(valueIn)];
}
