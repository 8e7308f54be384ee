/** Blocks to chunks: along the document's own structure, never through a sentence or a table row. */
import type { ChunkDraft, DocumentBlock, ParsedDocument } from "../domain/knowledge.ts";
import { AppError } from "../errors.ts";
import { sentencesOf } from "./sentences.ts";
import { estimateTokens } from "./tokens.ts";

export type ChunkOptions = { maxTokens?: number; overlapTokens?: number };

const MAX_TOKENS = 256;
const OVERLAP_TOKENS = 32;
const MOST_CHUNKS = 20_000;

/** A part of a block that is never cut: a sentence, a row, a list item, a line of code. */
type Piece = { text: string; tokens: number; joint: string };
type Open = { block: DocumentBlock; pieces: Piece[]; tokens: number };

/**
 * Cuts a parsed document into chunks of at most `maxTokens` (a single longer sentence is cut at words).
 * Small blocks under the same heading and on the same page share a chunk; where running text is cut, the
 * next chunk repeats its last sentences up to `overlapTokens`.
 *
 * @throws RESOURCE_LIMIT for more than 20,000 chunks
 */
export function chunkDocument(parsed: ParsedDocument, options: ChunkOptions = {}): ChunkDraft[] {
  const maxTokens = options.maxTokens ?? MAX_TOKENS;
  const chunker = new Chunker(maxTokens, Math.min(options.overlapTokens ?? OVERLAP_TOKENS, maxTokens / 2));
  for (const [index, block] of parsed.blocks.entries()) {
    if (block.kind !== "heading") chunker.add(block);
    // What stands in large type with nothing under it says something by itself.
    else if (!isHeadingOf(block, parsed.blocks[index + 1])) chunker.add({ ...block, kind: "paragraph" });
  }
  chunker.close();
  return chunker.chunks;
}

/** Whether the block stands under the heading, and so is in a passage that names it. */
function isHeadingOf(heading: DocumentBlock, block: DocumentBlock | undefined): boolean {
  return block !== undefined && block.headingPath.length > heading.headingPath.length;
}

class Chunker {
  readonly chunks: ChunkDraft[] = [];
  #open: Open | null = null;

  constructor(
    readonly maxTokens: number,
    readonly overlapTokens: number,
  ) {}

  add(block: DocumentBlock): void {
    if (this.#open && !belongTogether(this.#open.block, block)) this.close();
    const pieces = piecesOf(block, this.maxTokens);
    const tokens = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
    // A list or table that fits a chunk of its own is not cut for the sake of the one before.
    const isWhole = block.kind === "list" || block.kind === "table" || block.kind === "code";
    if (isWhole && tokens <= this.maxTokens && this.#tokens() + tokens > this.maxTokens) {
      this.#closeBeforeWhole(tokens);
    }
    for (const piece of pieces) this.#addPiece(block, piece);
  }

  close(): void {
    if (this.#open) this.#emit(this.#open);
    this.#open = null;
  }

  #tokens(): number {
    return this.#open?.tokens ?? 0;
  }

  #addPiece(block: DocumentBlock, piece: Piece): void {
    if (this.#open && this.#open.tokens + piece.tokens > this.maxTokens) {
      const overlap = this.#overlap(this.#open, piece.tokens);
      this.close();
      this.#open = { block, pieces: overlap, tokens: sumTokens(overlap) };
    }
    this.#open ??= { block, pieces: [], tokens: 0 };
    this.#open.pieces.push(piece);
    this.#open.tokens += piece.tokens;
  }

  /** What introduces a list stays with it: the last sentence before moves along when there is room. */
  #closeBeforeWhole(tokens: number): void {
    const open = this.#open;
    const last = open?.pieces.at(-1);
    const introduces = last && /[:：]\s*$/.test(last.text) && last.tokens + tokens <= this.maxTokens;
    if (!open || !introduces) {
      this.close();
      return;
    }
    open.pieces.pop();
    open.tokens -= last.tokens;
    if (open.pieces.length > 0) this.#emit(open);
    this.#open = { block: open.block, pieces: [last], tokens: last.tokens };
  }

  /** The last sentences of running text, as far as they leave room for what comes. Rows are not repeated. */
  #overlap(open: Open, nextTokens: number): Piece[] {
    if (open.block.kind !== "paragraph") return [];
    const room = Math.min(this.overlapTokens, this.maxTokens - nextTokens);
    const overlap: Piece[] = [];
    let tokens = 0;
    for (const piece of open.pieces.toReversed()) {
      if (piece.joint === "\n" || tokens + piece.tokens > room) break;
      overlap.unshift(piece);
      tokens += piece.tokens;
    }
    return overlap.length < open.pieces.length ? overlap : [];
  }

  #emit({ block, pieces }: Open): void {
    const content = joinPieces(pieces);
    if (content === "") return;
    if (this.chunks.length >= MOST_CHUNKS) {
      throw new AppError(
        "RESOURCE_LIMIT",
        "The document makes more than 20,000 passages. Split it into smaller files, then upload those.",
      );
    }
    this.chunks.push({
      ordinal: this.chunks.length,
      content,
      headingPath: block.headingPath,
      page: block.page,
      tokenCount: estimateTokens(content),
    });
  }
}

function belongTogether(left: DocumentBlock, right: DocumentBlock): boolean {
  return (
    left.page === right.page &&
    left.headingPath.length === right.headingPath.length &&
    left.headingPath.every((heading, index) => heading === right.headingPath[index])
  );
}

/** The joint is what parts a piece from the one before it. The first of a block starts a new paragraph. */
function piecesOf(block: DocumentBlock, maxTokens: number): Piece[] {
  const isWhole = block.kind === "code" && estimateTokens(block.text) < maxTokens * WHOLE_FACTOR;
  if (isWhole) return [{ text: block.text, tokens: estimateTokens(block.text) + 1, joint: "\n\n" }];
  const isLined = block.kind !== "paragraph";
  const parts = isLined ? block.text.split("\n") : sentencesWithJoints(block.text);
  const pieces: Piece[] = [];
  for (const part of parts) {
    const { text, joint } = typeof part === "string" ? { text: part, joint: "\n" } : part;
    const cuts = block.kind === "table" ? cutRow(text, maxTokens) : cutLong(text, maxTokens);
    for (const [index, cut] of cuts.entries()) {
      const first = pieces.length === 0 ? "\n\n" : joint;
      const further = block.kind === "table" ? "\n" : " ";
      pieces.push({ text: cut, tokens: estimateTokens(cut) + 1, joint: index === 0 ? first : further });
    }
  }
  return pieces;
}

/** Lines of a paragraph stay lines: addresses and opening hours are written so. */
function sentencesWithJoints(text: string): { text: string; joint: string }[] {
  return text.split("\n").flatMap((line) =>
    sentencesOf(line).map((sentence, index) => ({
      text: sentence,
      joint: index === 0 ? "\n" : jointOf(sentence),
    })),
  );
}

/** Chinese and Japanese put no space between sentences. */
function jointOf(sentence: string): string {
  return /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}「『（]/u.test(sentence) ? "" : " ";
}

/** A row, or a piece of code, has a chunk of its own, longer than others, before it is cut. */
const WHOLE_FACTOR = 4;

/** A row of hundreds of columns is cut between cells, and every part says which row it is of. */
function cutRow(row: string, maxTokens: number): string[] {
  if (row.length <= maxTokens || estimateTokens(row) < maxTokens * WHOLE_FACTOR) return [row];
  const [name = "", ...cells] = row.split("; ");
  if (estimateTokens(name) * 2 > maxTokens || cells.length === 0) return cutLong(row, maxTokens);
  const parts: string[] = [];
  let open = name;
  let tokens = estimateTokens(name);
  for (const cell of cells) {
    const more = estimateTokens(cell) + 1;
    if (open !== name && tokens + more > maxTokens) {
      parts.push(open);
      open = name;
      tokens = estimateTokens(name);
    }
    open += `; ${cell}`;
    tokens += more;
  }
  return [...parts, open].flatMap((part) => cutLong(part, maxTokens * WHOLE_FACTOR));
}

/** A sentence longer than a chunk is cut at a space, or in the middle of what has none. */
function cutLong(text: string, maxTokens: number): string[] {
  // No script has more than this many units a token, so shorter texts need not be counted.
  if (text.length <= maxTokens || estimateTokens(text) < maxTokens) return [text];
  const cuts: string[] = [];
  let from = 0;
  while (from < text.length) {
    const end = cutAt(text, from, maxTokens - 1);
    cuts.push(text.slice(from, end).trim());
    from = end;
  }
  return cuts.filter((cut) => cut !== "");
}

/** The end of the longest beginning, from `from` on, that is at most `maxTokens`. */
function cutAt(text: string, from: number, maxTokens: number): number {
  // At most 20 units a token: blanks count least.
  const window = text.slice(from, from + maxTokens * 20);
  let low = 1;
  let high = window.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (estimateTokens(window.slice(0, middle)) <= maxTokens) low = middle;
    else high = middle - 1;
  }
  if (low === window.length) return from + low;
  const space = window.lastIndexOf(" ", low);
  const end = space > low / 2 ? space : low;
  // Never between the halves of one character.
  return from + (isLowSurrogate(window.charCodeAt(end)) && end > 1 ? end - 1 : end);
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function sumTokens(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.tokens, 0);
}

function joinPieces(pieces: readonly Piece[]): string {
  return pieces
    .map(({ text, joint }, index) => (index === 0 ? text : joint + text))
    .join("")
    .trim();
}
