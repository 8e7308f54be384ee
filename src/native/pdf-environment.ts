/**
 * pdf.js, inside pdf-parse, is written for a browser: while its modules are evaluated it makes a
 * `DOMMatrix`, and it looks for its worker code beside itself on disk. Parley only takes text from PDFs
 * and is one file, so it gets drawing classes that draw nothing and the worker code as a module.
 */

import { join } from "node:path";
import { packedPath, REPOSITORY } from "./packed.ts";

type PdfParse = typeof import("pdf-parse");

/** In the binary's packed files; from source they lie beside pdf.js. The build packs both folders whole. */
export const PDF_RESOURCES = ["cmaps", "standard_fonts"] as const;

/** The identity matrix is the only one that text extraction ever asks for. */
class UnusedMatrix {
  readonly a = 1;
  readonly b = 0;
  readonly c = 0;
  readonly d = 1;
  readonly e = 0;
  readonly f = 0;
}

class UnusedDrawing {}

/**
 * Where pdf.js finds what a PDF may name without bringing it along: the tables of predefined character codes, without
 * which most older Chinese, Japanese and Korean PDFs have no text, and the widths of the fonts that every reader has.
 */
export function pdfResources(): { cMapUrl: string; cMapPacked: true; standardFontDataUrl: string } {
  const [cMapUrl, standardFontDataUrl] = PDF_RESOURCES.map((folder) =>
    Bun.isStandaloneExecutable
      ? `${packedPath("pdf", folder)}/`
      : `${join(REPOSITORY, "node_modules/pdfjs-dist", folder)}/`,
  ) as [string, string];
  return { cMapUrl, cMapPacked: true, standardFontDataUrl };
}

let loading: Promise<PdfParse> | undefined;

/**
 * pdf-parse, ready to extract text in development and inside the binary. Loads about 3 MB of code on the
 * first call, so call it where a PDF is at hand and not at start. Screenshots and images do not work.
 */
export function loadPdfParse(): Promise<PdfParse> {
  loading ??= load();
  return loading;
}

async function load(): Promise<PdfParse> {
  const environment = globalThis as Record<string, unknown>;
  environment.DOMMatrix ??= UnusedMatrix;
  environment.ImageData ??= UnusedDrawing;
  environment.Path2D ??= UnusedDrawing;
  environment.pdfjsWorker ??= await import("pdfjs-dist/legacy/build/pdf.worker.mjs");
  return await import("pdf-parse");
}
