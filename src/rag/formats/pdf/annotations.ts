/** What stands on a page beside its content: values of forms that nothing draws, ticks, and comments. */
import type { PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Glyph } from "./page-content.ts";

/** As far as pdf.js says it; most fields are there for some kinds only. */
type Annotation = {
  id: string;
  subtype?: string;
  rect: number[];
  fieldType?: string;
  fieldValue?: unknown;
  checkBox?: boolean;
  radioButton?: boolean;
  exportValue?: string;
  buttonValue?: string;
  password?: boolean;
  hidden?: boolean;
  contentsObj?: { str: string };
};

export type PageAnnotations = {
  /** To be read with the page's own, in their places. */
  glyphs: Glyph[];
  /** Annotations whose drawing is no text: ticks are signs of a font of signs. */
  unread: ReadonlySet<string>;
  comments: string[];
};

const TICK = "☒";
const USUAL_SIZE = 11;

/** `drawn`: those whose text the page draws anyway. */
export async function pageAnnotations(
  page: PDFPageProxy,
  drawn: ReadonlySet<string>,
): Promise<PageAnnotations> {
  const annotations = (await page.getAnnotations()) as Annotation[];
  const { transform } = page.getViewport({ scale: 1 });
  const found = { glyphs: [] as Glyph[], unread: new Set<string>(), comments: [] as string[] };
  for (const annotation of annotations) {
    if (annotation.hidden) continue;
    if (annotation.subtype === "Widget") {
      const isTick = annotation.checkBox === true || annotation.radioButton === true;
      if (isTick) found.unread.add(annotation.id);
      if (isTick || !drawn.has(annotation.id))
        found.glyphs.push(...glyphsOf(annotation, shownValue(annotation), transform));
      continue;
    }
    const comment = annotation.contentsObj?.str.trim() ?? "";
    const isRead =
      annotation.subtype === "Popup" || annotation.subtype === "Link" || drawn.has(annotation.id);
    if (comment !== "" && !isRead) found.comments.push(comment);
  }
  return found;
}

function shownValue({
  checkBox,
  radioButton,
  fieldValue,
  exportValue,
  buttonValue,
  fieldType,
  password,
}: Annotation): string {
  if (checkBox) return fieldValue !== undefined && fieldValue === exportValue ? TICK : "";
  if (radioButton) return fieldValue !== undefined && fieldValue === buttonValue ? TICK : "";
  if (password || (fieldType !== "Tx" && fieldType !== "Ch")) return "";
  const values = Array.isArray(fieldValue) ? fieldValue : [fieldValue];
  return values.filter((value): value is string => typeof value === "string").join(", ");
}

/** Each line of the value as one, where the field shows it. */
function glyphsOf({ id, rect }: Annotation, value: string, transform: readonly number[]): Glyph[] {
  const lines = value.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = transform;
  const [left = 0, bottom = 0, right = 0, top = 0] = rect;
  const height = (top - bottom) / Math.max(1, lines.length);
  const size = Math.max(1, Math.min(USUAL_SIZE, height * 0.8));
  return lines.map((line, index) => {
    const baseline = top - height * (index + 0.5) - size * 0.35;
    const width = Math.min(right - left, line.length * size * 0.5);
    const [startX, endX] = [left + 2, left + 2 + width];
    return {
      ...{ text: line, size, isBold: false, annotation: id },
      x: a * startX + c * baseline + e,
      y: b * startX + d * baseline + f,
      right: a * endX + c * baseline + e,
      endY: b * endX + d * baseline + f,
    };
  });
}
