/** PDF's text state: from shown codes to characters and their places. Follows what pdf.js does when it draws. */
import type { Glyph, PdfFont } from "./page-content.ts";

export type Matrix = [number, number, number, number, number, number];

type ShownGlyph = { unicode: string; width: number; isSpace: boolean; vmetric?: number[] | null };
type Place = Omit<Glyph, "annotation">;

const USUAL_MATRIX = [0.001, 0, 0, 0.001, 0, 0];
/** Glyphs of fonts that are drawings may be of any size; the type's is what they measure. */
const USUAL_SCALE = 0.001;

export function multiplied(left: Matrix, right: Matrix): Matrix {
  const [a, b, c, d, e, f] = left;
  const [A, B, C, D, E, F] = right;
  return [a * A + c * B, b * A + d * B, a * C + c * D, b * C + d * D, a * E + c * F + e, b * E + d * F + f];
}

export class TextState {
  charSpacing = 0;
  wordSpacing = 0;
  horizontalScale = 1;
  leading = 0;
  rise = 0;
  #font: PdfFont = {};
  #size = 0;
  #direction = 1;
  #matrix: Matrix = [1, 0, 0, 1, 0, 0];
  #x = 0;
  #y = 0;
  #lineX = 0;
  #lineY = 0;

  copy(): TextState {
    const copy = new TextState();
    copy.charSpacing = this.charSpacing;
    copy.wordSpacing = this.wordSpacing;
    copy.horizontalScale = this.horizontalScale;
    copy.leading = this.leading;
    copy.rise = this.rise;
    copy.#font = this.#font;
    copy.#size = this.#size;
    copy.#direction = this.#direction;
    copy.#matrix = this.#matrix;
    copy.#x = this.#x;
    copy.#y = this.#y;
    copy.#lineX = this.#lineX;
    copy.#lineY = this.#lineY;
    return copy;
  }

  setFont(font: PdfFont, size: number): void {
    this.#font = font;
    this.#size = Math.abs(size);
    this.#direction = size < 0 ? -1 : 1;
  }

  setMatrix(matrix: Matrix): void {
    this.#matrix = matrix;
    this.#x = this.#lineX = 0;
    this.#y = this.#lineY = 0;
  }

  move(x: number, y: number): void {
    this.#x = this.#lineX += x;
    this.#y = this.#lineY += y;
  }

  /** `page` is what carries the text's space onto the page. */
  show(shown: readonly unknown[], page: Matrix, take: (glyph: Place) => void): void {
    const matrix = multiplied(page, this.#matrix);
    const size = this.#sizeOn(matrix);
    const isBold = isBoldFont(this.#font);
    for (const each of shown) {
      if (typeof each === "number") this.#advance(this.#gap(each));
      else if (each !== null) this.#showGlyph(each as ShownGlyph, matrix, size, isBold, take);
    }
  }

  #showGlyph(
    glyph: ShownGlyph,
    matrix: Matrix,
    size: number,
    isBold: boolean,
    take: (glyph: Place) => void,
  ): void {
    const width = this.#widthOf(glyph);
    const spacing = (glyph.isSpace ? this.wordSpacing : 0) + this.charSpacing;
    const [x, y] = this.#place(matrix, 0);
    const [right, endY] = this.#place(matrix, width);
    if (glyph.unicode !== "") take({ text: glyph.unicode, x, y, right, endY, size, isBold });
    this.#advance(this.#font.vertical ? width - spacing : width + spacing * this.#direction);
  }

  #gap(thousandths: number): number {
    const direction = this.#font.vertical ? 1 : -1;
    return (direction * thousandths * this.#size) / 1_000;
  }

  #widthOf({ width, vmetric }: ShownGlyph): number {
    const { vertical, defaultVMetrics, fontMatrix = USUAL_MATRIX } = this.#font;
    const metric = vmetric ?? defaultVMetrics;
    const units = vertical && metric ? -(metric[0] ?? 0) : width;
    const scale = fontMatrix[0] ?? USUAL_SCALE;
    return units * scale * this.#size;
  }

  #advance(length: number): void {
    if (this.#font.vertical) this.#y -= length;
    else this.#x += length * this.horizontalScale * this.#direction;
  }

  /** The place on the page `length` behind where the text stands. */
  #place([a, b, c, d, e, f]: Matrix, length: number): [number, number] {
    const { vertical } = this.#font;
    const x = this.#x + (vertical ? 0 : length * this.horizontalScale * this.#direction);
    const y = this.#y + this.rise - (vertical ? length : 0);
    return [a * x + c * y + e, b * x + d * y + f];
  }

  #sizeOn([a, b, c, d]: Matrix): number {
    const scale = Math.hypot(c, d) || Math.hypot(a, b);
    const { isType3Font, fontMatrix, bbox } = this.#font;
    const [, low = 0, , high = 0] = bbox ?? [];
    const drawn = isType3Font && fontMatrix ? Math.abs((high - low) * (fontMatrix[3] ?? 0)) : 0;
    return this.#size * scale * (drawn > 0.2 && drawn < 5 ? drawn : 1);
  }
}

function isBoldFont({ bold, black, name = "" }: PdfFont): boolean {
  return bold === true || black === true || /bold|black|heavy|semibold|demi/i.test(name);
}
