/** Every format that Parley reads, by its folder. */
import type { DocumentFormat } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";
import { csv } from "./csv/format.ts";
import { docx } from "./docx/format.ts";
import type { Format } from "./format.ts";
import { html } from "./html/format.ts";
import { json } from "./json/format.ts";
import { markdown } from "./markdown/format.ts";
import { pdf } from "./pdf/format.ts";
import { text } from "./text/format.ts";

/** The first that recognises a file has it; plain text, which takes any text, is the last. */
export const FORMATS: readonly Format[] = [pdf, docx, markdown, html, csv, json, text];

/** How text is read that comes without a file, as people write it by hand. */
export const WRITTEN_TEXT: DocumentFormat = markdown.name;

/** By format, which version of its parser this is. */
export const READING_VERSIONS: ReadonlyMap<DocumentFormat, number> = new Map(
  FORMATS.map(({ name, version }) => [name, version]),
);

/** 0 for a format that this Parley does not read. */
export function readingVersion(format: DocumentFormat | null): number {
  return READING_VERSIONS.get(format ?? "") ?? 0;
}

/** @throws UNSUPPORTED_TYPE for a document whose format only another version of Parley reads */
export function formatNamed(name: string): Format {
  const format = FORMATS.find((each) => each.name === name);
  if (!format) {
    throw new AppError(
      "UNSUPPORTED_TYPE",
      `This version of Parley does not read documents of the kind “${name}”. ${readableFormats()}`,
    );
  }
  return format;
}

/** "Parley reads PDF, DOCX and TXT." */
export function readableFormats(): string {
  const names = FORMATS.map(({ extensions: [usual] }) => usual.toUpperCase());
  return `Parley reads ${names.slice(0, -1).join(", ")} and ${names.at(-1)}.`;
}
