/** What a document format is. One folder beside this file each; `catalog.ts` lists them, and nothing else names any. */
import type { DocumentIcon } from "../../domain/knowledge.ts";
import type { BlockWriter } from "./shared/block-writer.ts";

export type ParseProgress = { done: number; total: number; unit: "page" | "part" };

export type ParserInput = {
  bytes: Uint8Array;
  filename: string;
  /** Takes the document's blocks, in reading order. */
  writer: BlockWriter;
  onProgress: (progress: ParseProgress) => void;
};

/**
 * Writes a document's blocks. Gives the number of its pages, null where the format has none.
 *
 * @throws AppError with a document's code; anything else that is thrown means that the document is malformed
 */
export type Parser = (input: ParserInput) => Promise<number | null>;

type About = {
  /** Kept with every document, so it is never changed once it was released. */
  name: string;
  /** As people call it, in lists. */
  label: string;
  icon: DocumentIcon;
  /**
   * Of what is made of a file. Raised with every change of that: documents that an older version read are read anew in
   * the background. What all formats share, such as tables and the cutting into passages, raises all of them.
   */
  version: number;
  /** What is taken from it, in a sentence of the admin's guide. */
  takes: string;
  /** What names end with, in small letters and without the dot; the usual one first. No two formats share one. */
  extensions: readonly [string, ...string[]];
  /** Brings the parser along when it is needed: the server itself, which only detects, never loads one. */
  parser(): Promise<Parser>;
};

/** Known by its bytes whatever it is called; its name over other bytes is a mistake or a trick. */
export type BinaryFormat = About & {
  kind: "binary";
  /** With its article, as in "its content is a PDF". */
  content: string;
  /** From the first HEAD_BYTES. `extension` may settle what the bytes leave open, and must not overrule them. */
  recognises(head: Uint8Array, extension: string): boolean;
};

/** Text like any other by its bytes, so that its name chooses it. */
export type TextFormat = About & {
  kind: "text";
  /** Whether text of another name, or of none, is this. */
  looksLike?(head: Uint8Array): boolean;
};

export type Format = BinaryFormat | TextFormat;
