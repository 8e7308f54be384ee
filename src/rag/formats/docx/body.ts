/** The body of a Word document as blocks. */
import type { BlockWriter } from "../shared/block-writer.ts";
import { oneLine } from "../shared/table/grid.ts";
import { inlineItems, inlineTable } from "../shared/table/table.ts";
import { type ParagraphText, type References, readParagraph } from "./inline.ts";
import type { Label, Numbering } from "./numbering.ts";
import { type CellText, cellsOf, rowsOf, tableRows } from "./table.ts";
import { child, descendants, elementsIn, type XmlElement } from "./xml.ts";

/** A cell of so many characters in several paragraphs is a column of the page. */
const LONGEST_CELL = 500;
const CONTENTS = "The table of contents";

export class Body {
  /** Items of the list that is being read. */
  #items: string[] = [];
  /** What a deleted paragraph mark leaves for the next paragraph. */
  #carried = "";
  #hasContents = false;

  constructor(
    readonly writer: BlockWriter,
    readonly references: References,
    readonly numbering: Numbering,
  ) {}

  write(parent: XmlElement): void {
    for (const element of elementsIn(parent)) this.#element(element);
    this.#endList();
  }

  #element(element: XmlElement): void {
    switch (element.name) {
      case "w:p":
        this.#paragraph(element);
        return;
      case "w:tbl":
        this.#endList();
        this.#table(element);
        return;
      case "w:altChunk":
        this.writer.leaveOut("An embedded document", null);
        return;
      case "w:del":
      case "w:moveFrom":
      case "w:sectPr":
      case "w:sdtPr":
        return;
      case "mc:AlternateContent":
        this.#within(child(element, "mc:Choice") ?? element);
        return;
      default:
        this.#within(element);
    }
  }

  #within(parent: XmlElement): void {
    for (const element of elementsIn(parent)) this.#element(element);
  }

  #paragraph(paragraph: XmlElement): void {
    const properties = child(paragraph, "w:pPr");
    if (this.references.styles.isContents(properties)) {
      if (!this.#hasContents) this.writer.leaveOut(CONTENTS, null);
      this.#hasContents = true;
      return;
    }
    const read = readParagraph(paragraph, this.references);
    const text = joined(this.#carried, read.text);
    this.#carried = "";
    // Taking back the end of a paragraph makes one of two.
    if (child(properties, "w:rPr", "w:del")) this.#carried = text;
    else if (text.trim() !== "") this.#line(text, properties);
    this.#beside(read);
  }

  #line(text: string, properties: XmlElement | undefined): void {
    const label = this.numbering.next(properties);
    const level = this.references.styles.headingLevel(properties);
    if (level !== null) {
      this.#endList();
      this.writer.heading(level, labelled(label, text), null);
    } else if (label !== null) this.#items.push(`${"  ".repeat(label.depth)}${label.text} ${oneLine(text)}`);
    else {
      this.#endList();
      this.writer.block("paragraph", text.trim(), null);
    }
  }

  /** What stands in or beside a paragraph comes after it. */
  #beside({ boxes, comments, leftOut }: ParagraphText): void {
    for (const name of leftOut) this.writer.leaveOut(name, null);
    const said = comments.filter((comment) => comment !== "");
    if (boxes.length + said.length > 0) this.#endList();
    for (const box of boxes) {
      this.#within(box);
      this.#endList();
    }
    this.writer.block("paragraph", said.join("\n"), null);
  }

  #endList(): void {
    const items = this.#items;
    this.#items = [];
    this.writer.block("list", items.join("\n"), null);
  }

  #table(table: XmlElement): void {
    const rows = rowsOf(table);
    if (this.#laysOut(rows)) {
      for (const cell of rows.flatMap(cellsOf)) this.#within(cell);
      this.#endList();
      return;
    }
    const besides: ParagraphText[] = [];
    const source = tableRows(table, this.references.styles, (cell) => this.#cell(cell, besides));
    this.writer.table({ rows: source, habit: "unknown" }, null);
    for (const beside of besides) this.#beside(beside);
  }

  /** Boxes around text, and columns of a page, are no tables. */
  #laysOut(rows: readonly XmlElement[]): boolean {
    if (rows.every((row) => cellsOf(row).length < 2)) return true;
    return rows.flatMap(cellsOf).some((cell) => {
      const paragraphs = descendants(cell, "w:p");
      const isLong = paragraphs.length > 1 && textLength(cell) > LONGEST_CELL;
      return (
        isLong ||
        (paragraphs.length > 1 &&
          paragraphs.some((each) => this.#isHeading(each)) &&
          textLength(cell) > LONGEST_CELL / 4)
      );
    });
  }

  #isHeading(paragraph: XmlElement): boolean {
    return this.references.styles.headingLevel(child(paragraph, "w:pPr")) !== null;
  }

  /** Paragraphs, items and inner tables, one after the other. */
  #cell(cell: XmlElement, besides: ParagraphText[]): CellText {
    const parts: string[] = [];
    let items: string[] = [];
    let isBold = true;
    const endItems = () => {
      parts.push(inlineItems(items));
      items = [];
    };
    for (const element of flat(cell)) {
      if (element.name === "w:tbl") {
        endItems();
        const rows = tableRows(element, this.references.styles, (inner) => this.#cell(inner, besides));
        parts.push(inlineTable({ rows, habit: "unknown" }));
        continue;
      }
      const read = readParagraph(element, this.references);
      besides.push(read);
      if (read.text.trim() === "") continue;
      isBold &&= read.isBold;
      const label = this.numbering.next(child(element, "w:pPr"));
      if (label !== null)
        items.push(label.text === "-" ? oneLine(read.text) : labelled(label, oneLine(read.text)));
      else {
        endItems();
        parts.push(read.text);
      }
    }
    endItems();
    return { text: oneLine(parts.join(" ")), isBold };
  }
}

/** Paragraphs and tables of a cell, out of content controls and the like. */
function flat(parent: XmlElement): XmlElement[] {
  return elementsIn(parent).flatMap((element) => {
    if (element.name === "w:p" || element.name === "w:tbl") return [element];
    return element.name === "w:tcPr" || element.name === "w:del" ? [] : flat(element);
  });
}

function labelled(label: Label | null, text: string): string {
  return label === null || label.text === "-" ? text : `${label.text} ${text}`;
}

/** Two pieces of one sentence have a blank between them. */
function joined(carried: string, text: string): string {
  return carried === "" || /\s$/.test(carried) || /^\s/.test(text) ? carried + text : `${carried} ${text}`;
}

function textLength(element: XmlElement): number {
  return descendants(element, "w:t").reduce((sum, { children }) => sum + children.join("").length, 0);
}
