/** What pdf.js would draw of a page, taken as glyphs with their places and as straight lines. */
import type { PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { type Matrix, multiplied, TextState } from "./text-state.ts";

/** One shown character (or what one glyph stands for), in points of the page as it is seen; y grows downwards. */
export type Glyph = {
  text: string;
  /** Where it begins and where the next one would, which is to the `right` unless the text is turned. */
  x: number;
  y: number;
  right: number;
  endY: number;
  size: number;
  isBold: boolean;
  /** The annotation that shows it, such as a form's field; null for the page itself. */
  annotation: string | null;
};
/** A line or a thin box, or an edge of a filled one. */
export type Ruling = { x1: number; y1: number; x2: number; y2: number };

export type PageContent = {
  glyphs: Glyph[];
  rulings: Ruling[];
  width: number;
  height: number;
  /** How much of the page its largest picture covers, 0 to 1; 1 too where so much is drawn that it may be letters. */
  picture: number;
};

/** The part of pdf.js's font that the layout needs. `fontMatrix` and `bbox` are missing for some. */
export type PdfFont = {
  name?: string;
  bold?: boolean;
  black?: boolean;
  vertical?: boolean;
  isType3Font?: boolean;
  fontMatrix?: number[];
  bbox?: number[];
  defaultVMetrics?: number[];
};

type Operators = typeof import("pdfjs-dist/legacy/build/pdf.mjs").OPS;

/** A page with more is a drawing: its lines part no table. */
const MOST_RULINGS = 20_000;
/** Letters that were turned into shapes are hundreds. */
const MANY_SHAPES = 150;
/** Points: what is thinner is a line. */
const THIN = 3;
/** Of what pdf.js says a path is made of: how many numbers follow each. */
const PATH_NUMBERS = [2, 2, 6, 0];
const LINE_TO = 1;
const CLOSE = 3;

/** What is left of pictures, when they are as small as one point. */
const PICTURES = [
  "paintInlineImageXObject",
  "paintImageXObject",
  "paintImageMaskXObject",
  "paintSolidColorImageMask",
] as const;

export async function pageContent(page: PDFPageProxy, ops: Operators): Promise<PageContent> {
  const { fnArray, argsArray } = await page.getOperatorList();
  const fonts = await fontsOf(page, fnArray, argsArray, ops);
  const { width, height, transform } = page.getViewport({ scale: 1 });
  const reader = new ContentReader(ops, fonts, transform as Matrix);
  for (const [index, operator] of fnArray.entries()) reader.take(operator, argsArray[index] ?? []);
  const { glyphs, rulings, picture } = reader;
  const isInside = ({ x, y, right, endY }: Glyph): boolean =>
    Math.max(x, right) >= 0 &&
    Math.min(x, right) <= width &&
    Math.max(y, endY) >= 0 &&
    Math.min(y, endY) <= height;
  return {
    glyphs: glyphs.filter(isInside),
    rulings: rulings.length > MOST_RULINGS ? [] : rulings,
    ...{ width, height, picture: reader.shapes > MANY_SHAPES ? 1 : picture / (width * height) },
  };
}

async function fontsOf(
  page: PDFPageProxy,
  operators: readonly number[],
  args: readonly unknown[][],
  ops: Operators,
): Promise<Map<string, PdfFont>> {
  const fonts = new Map<string, PdfFont>();
  const names = new Set<string>();
  for (const [index, operator] of operators.entries()) {
    if (operator === ops.dependency) for (const name of args[index] ?? []) names.add(String(name));
  }
  for (const name of names) {
    if (!name.startsWith("g_")) continue;
    // pdf.js hands a font over some time after the list that names it.
    fonts.set(name, await new Promise<PdfFont>((resolve) => page.commonObjs.get(name, resolve)));
  }
  return fonts;
}

class ContentReader {
  readonly glyphs: Glyph[] = [];
  readonly rulings: Ruling[] = [];
  /** Square points of the largest. */
  picture = 0;
  shapes = 0;
  readonly #stack: { matrix: Matrix; text: TextState }[] = [];
  readonly #pictures: ReadonlySet<number>;
  #matrix: Matrix;
  #text = new TextState();
  #annotation: string | null = null;
  #previous = 0;

  constructor(
    readonly ops: Operators,
    readonly fonts: ReadonlyMap<string, PdfFont>,
    readonly page: Matrix,
  ) {
    this.#matrix = page;
    this.#pictures = new Set(PICTURES.map((name) => ops[name]));
  }

  take(operator: number, args: unknown[]): void {
    const { ops } = this;
    if (operator === ops.save) this.#save();
    else if (operator === ops.restore) this.#restore();
    else if (operator === ops.transform) this.#transform(args as Matrix);
    else if (operator === ops.paintFormXObjectBegin) this.#beginForm(args[0] as Matrix | null);
    else if (operator === ops.paintFormXObjectEnd) this.#unwind();
    else if (operator === ops.beginAnnotation) this.#beginAnnotation(args);
    else if (operator === ops.endAnnotation) this.#endAnnotation();
    else if (operator === ops.constructPath) this.#path(args);
    else if (this.#pictures.has(operator)) this.#picture();
    else this.#takeText(operator, args);
    this.#previous = operator;
  }

  #takeText(operator: number, args: unknown[]): void {
    const { ops } = this;
    const text = this.#text;
    const number = args[0] as number;
    if (operator === ops.beginText) text.setMatrix([1, 0, 0, 1, 0, 0]);
    else if (operator === ops.setCharSpacing) text.charSpacing = number;
    else if (operator === ops.setWordSpacing) text.wordSpacing = number;
    else if (operator === ops.setHScale) text.horizontalScale = number / 100;
    else if (operator === ops.setLeading) text.leading = -number;
    else if (operator === ops.setTextRise) text.rise = number;
    else if (operator === ops.setFont) this.#setFont(args);
    else if (operator === ops.setGState) this.#setState(number as unknown as [string, unknown][]);
    else if (operator === ops.moveText) text.move(number, args[1] as number);
    else if (operator === ops.setLeadingMoveText) {
      text.leading = args[1] as number;
      text.move(number, args[1] as number);
    } else if (operator === ops.setTextMatrix) text.setMatrix(Array.from(args[0] as Matrix) as Matrix);
    else if (operator === ops.nextLine) text.move(0, text.leading);
    else if (operator === ops.showText) {
      text.show(args[0] as unknown[], this.#matrix, (glyph) =>
        this.glyphs.push({ ...glyph, annotation: this.#annotation }),
      );
    }
  }

  #save(): void {
    this.#stack.push({ matrix: this.#matrix, text: this.#text.copy() });
  }

  #restore(): void {
    // A picture that is set aside leaves nothing but the place that was made for it.
    if (this.#previous === this.ops.transform) this.#picture();
    this.#unwind();
  }

  #picture(): void {
    const [a, b, c, d] = this.#matrix;
    this.picture = Math.max(this.picture, Math.abs(a * d - b * c));
  }

  #unwind(): void {
    const saved = this.#stack.pop();
    if (saved === undefined) return;
    this.#matrix = saved.matrix;
    this.#text = saved.text;
  }

  #transform(matrix: Matrix): void {
    this.#matrix = multiplied(this.#matrix, matrix);
  }

  #beginForm(matrix: Matrix | null): void {
    this.#save();
    if (matrix) this.#transform(Array.from(matrix) as Matrix);
  }

  #beginAnnotation([id, , transform, matrix]: unknown[]): void {
    this.#save();
    this.#annotation = String(id);
    this.#text = new TextState();
    this.#matrix = multiplied(multiplied(this.page, transform as Matrix), matrix as Matrix);
  }

  #endAnnotation(): void {
    this.#annotation = null;
    this.#unwind();
  }

  #setFont([name, size]: unknown[]): void {
    this.#text.setFont(this.fonts.get(name as string) ?? {}, size as number);
  }

  #setState(entries: readonly [string, unknown][]): void {
    for (const [key, value] of entries) if (key === "Font") this.#setFont(value as unknown[]);
  }

  #path([paint, data, bounds]: unknown[]): void {
    const { ops } = this;
    const path = (data as [Float32Array | null])[0];
    this.shapes++;
    if (!path || !bounds || paint === ops.endPath || this.rulings.length > MOST_RULINGS) return;
    const isStroked = paint !== ops.fill && paint !== ops.eoFill;
    const [left, top, right, bottom] = this.#box(bounds as number[]);
    if (right - left < THIN || bottom - top < THIN) {
      const isFlat = right - left > bottom - top;
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      this.rulings.push(
        isFlat ? { x1: left, y1: y, x2: right, y2: y } : { x1: x, y1: top, x2: x, y2: bottom },
      );
    } else if (isStroked || path.length <= 14) this.#segments(path);
  }

  #box([x1 = 0, y1 = 0, x2 = 0, y2 = 0]: number[]): [number, number, number, number] {
    const corners = [this.#at(x1, y1), this.#at(x2, y2)] as const;
    const [[ax, ay], [bx, by]] = corners;
    return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
  }

  #at(x: number, y: number): [number, number] {
    const [a, b, c, d, e, f] = this.#matrix;
    return [a * x + c * y + e, b * x + d * y + f];
  }

  /** The upright and level lines of a path. */
  #segments(path: Float32Array): void {
    let start: [number, number] = [0, 0];
    let from = start;
    for (let i = 0; i < path.length; ) {
      const kind = path[i] ?? CLOSE;
      const numbers = PATH_NUMBERS[kind] ?? 0;
      const to = kind === CLOSE ? start : this.#at(path[i + numbers - 1] ?? 0, path[i + numbers] ?? 0);
      const isLine = kind === LINE_TO || kind === CLOSE;
      if (isLine && (Math.abs(to[0] - from[0]) < 1 || Math.abs(to[1] - from[1]) < 1)) {
        this.rulings.push({ x1: from[0], y1: from[1], x2: to[0], y2: to[1] });
      }
      if (kind === 0) start = to;
      from = to;
      i += numbers + 1;
    }
  }
}
