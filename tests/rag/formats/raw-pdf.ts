/** PDFs written by hand, for what no library writes: every object as it stands in the file. */

const HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
const BOLD = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>";

export type RawPage = {
  /** The page's content stream. `/F` is Helvetica and `/B` its bold. */
  content: string;
  /** More entries of the page, such as `/Rotate 90` or `/Annots [...]`. */
  entries?: string;
};

/** A4, with `fonts` beside the two usual ones; `objects` are numbered from 50. */
export function aRawPdf(
  pages: readonly (string | RawPage)[],
  { fonts = "", objects = [] as string[], catalog = "" } = {},
): Uint8Array {
  const all = new Map<number, string>([[1, `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`]]);
  const kids = pages.map((page, index) => {
    const { content, entries = "" } = typeof page === "string" ? { content: page } : page;
    const number = 100 + index * 2;
    const resources = `/Resources << /Font << /F ${HELVETICA} /B ${BOLD} ${fonts} >> >>`;
    const box = "/MediaBox [0 0 595 842]";
    const written = `/Contents ${number + 1} 0 R`;
    all.set(number, `<< /Type /Page /Parent 2 0 R ${box} ${resources} ${written} ${entries} >>`);
    all.set(number + 1, `<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
    return `${number} 0 R`;
  });
  all.set(2, `<< /Type /Pages /Kids [${kids.join(" ")}] /Count ${pages.length} >>`);
  for (const [index, object] of objects.entries()) all.set(50 + index, object);
  return written(all);
}

/** `BT … ET` that shows a text at a place, in points from the page's lower left. */
export function shown(text: string, x: number, y: number, size = 11, font = "F"): string {
  return `BT /${font} ${size} Tf ${x} ${y} Td (${text.replace(/[()\\]/g, "\\$&")}) Tj ET\n`;
}

function written(objects: ReadonlyMap<number, string>): Uint8Array {
  let file = "%PDF-1.7\n";
  const offsets = [...objects].map(([number, object]) => {
    const offset = file.length;
    file += `${number} 0 obj\n${object}\nendobj\n`;
    return [number, offset] as const;
  });
  const start = file.length;
  file += "xref\n0 1\n0000000000 65535 f \n";
  for (const [number, offset] of offsets)
    file += `${number} 1\n${String(offset).padStart(10, "0")} 00000 n \n`;
  file += `trailer\n<< /Size 10000 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(file, "latin1"));
}
