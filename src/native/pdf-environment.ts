/**
 * pdf.js, inside pdf-parse, is written for a browser: while its modules are evaluated it makes a
 * `DOMMatrix`, and it looks for its worker code beside itself on disk. Parley only takes text from PDFs
 * and is one file, so it gets drawing classes that draw nothing and the worker code as a module.
 */

type PdfParse = typeof import("pdf-parse");

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
