/** HTML through the standard's own parsing rules, then what a reader would see of it. */
import { parse, parseFragment } from "parse5";
import type { ParserInput } from "../format.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { oneLine } from "../shared/table/grid.ts";
import { inlineItems, inlineTable } from "../shared/table/table.ts";
import { textOfPage } from "./charset.ts";
import {
  attribute,
  childrenNamed,
  type Element,
  elementsIn,
  holds,
  isElement,
  isText,
  type Node,
  type Parent,
} from "./dom.ts";
import { openableParts, opens } from "./hidden.ts";
import { BLOCKS, EMBEDDED, InlineText, titleOf } from "./inline.ts";
import { definitionsText, listText, nodeText } from "./lists.ts";
import { isDataTable, tableOf } from "./table.ts";

/** Deeper than any page is built by hand; below it only the text is taken. */
const DEEPEST = 200;
const HEADINGS: ReadonlySet<string> = new Set(["h1", "h2", "h3", "h4", "h5", "h6"]);
const SEVERAL: ReadonlySet<string> = new Set(["ul", "ol", "dl", "table"]);
/** Parts of a page that an item may hold, which then is no line. */
const PARTS: ReadonlySet<string> = new Set([...HEADINGS, "table", "pre", "section", "article", "details"]);
const TITLED: ReadonlySet<string> = new Set(["h1"]);

export async function parseHtml({ bytes, writer }: ParserInput): Promise<null> {
  const page = parse(textOfPage(bytes));
  const title = titleOf(childrenNamed(page, "html")[0]);
  if (!holds(page, TITLED)) writer.heading(0, title, null);
  walkAll(page, writer);
  return null;
}

/** Writes the blocks of a piece of HTML, such as stands in Markdown. */
export function writeHtml(html: string, writer: BlockWriter): void {
  walkAll(parseFragment(html), writer);
}

function walkAll(parent: Parent, writer: BlockWriter): void {
  const walk = new Walk(writer, new InlineText(openableParts(parent)));
  walk.walk(parent, 0);
  walk.flush();
}

class Walk {
  #text = "";
  constructor(
    readonly writer: BlockWriter,
    readonly inline: InlineText,
  ) {}

  /** Ends the paragraph that loose text and inline elements have made so far. */
  flush(): void {
    const text = collapse(this.#text);
    this.#text = "";
    this.writer.block("paragraph", text, null);
  }

  walk(parent: Parent, depth: number): void {
    for (const node of parent.childNodes) this.#node(node, depth);
  }

  #node(node: Node, depth: number): void {
    if (isText(node)) this.#text += node.value.replace(/\s+/g, " ");
    else if (isElement(node)) this.#element(node, depth);
  }

  #element(element: Element, depth: number): void {
    const name = element.tagName;
    const whole = this.inline.whole(element);
    if (EMBEDDED[name]) this.writer.leaveOut(EMBEDDED[name], null);
    else if (whole !== null) this.#text += whole;
    else if (depth > DEEPEST) this.#text += ` ${this.inline.of(element)} `;
    else if (name === "button") this.#button(element);
    else if (BLOCKS.has(name)) this.#block(element, depth);
    else this.#around(element, depth);
  }

  /** An inline element: its own text may be changed by what it is, as that of a link is. */
  #around(element: Element, depth: number): void {
    if (holds(element, BLOCKS)) {
      this.walk(element, depth + 1);
      return;
    }
    const before = this.#text;
    this.#text = "";
    this.walk(element, depth + 1);
    this.#text = before + this.inline.closed(element, this.#text, true);
  }

  #block(element: Element, depth: number): void {
    this.flush();
    const opener = this.inline.openable.get(attribute(element, "id") ?? "");
    const title = opener ? this.#headingText(opener) : "";
    // In most accordions the button stands in a heading already.
    if (title === "" || title === this.writer.lastHeading()) this.#content(element, depth);
    else this.writer.under(title, null, () => this.#content(element, depth));
  }

  #content(element: Element, depth: number): void {
    const name = element.tagName;
    if (HEADINGS.has(name)) this.writer.heading(Number(name[1]), this.#headingText(element), null);
    else if (name === "nav") this.writer.leaveOut("Navigation", null);
    else if (name === "pre") this.writer.block("code", this.inline.of(element, false), null);
    else if ((name === "ul" || name === "ol") && !holds(element, PARTS)) {
      this.writer.block("list", listText(element, this.inline), null);
    } else if (name === "dl") this.writer.block("list", definitionsText(element, this.inline), null);
    else if (name === "details") this.#details(element, depth);
    else if (name === "table" && isDataTable(element, this.#cellText)) {
      this.writer.table(tableOf(element, this.#cellText), null);
    } else this.walk(element, depth + 1);
    this.flush();
  }

  /** What is folded away stands under the line that opens it. */
  #details(element: Element, depth: number): void {
    const [summary] = childrenNamed(element, "summary");
    const title = summary ? this.#headingText(summary) : "";
    this.writer.under(title, null, () => {
      for (const node of element.childNodes) if (node !== summary) this.#node(node, depth + 1);
      this.flush();
    });
  }

  /** A button that opens what comes after it is its heading; one that sends a form says nothing. */
  #button(button: Element): void {
    const text = this.#headingText(button);
    // What it opens is called so where it stands.
    if (text === "" || opens(button).length > 0) return;
    if (
      attribute(button, "aria-expanded") !== null ||
      (text.includes(" ") && isBeforePart(button, this.inline))
    ) {
      this.flush();
      this.writer.heading(BUTTON_LEVEL, text, null);
    } else this.writer.leaveOut("A button", null);
  }

  #headingText(element: Element): string {
    return collapse(this.inline.of(element, false)).replace(/\s*[#¶§]$/, "");
  }

  /** What a cell says, in one line: items and inner tables one after the other. */
  readonly #cellText = (cell: Element, depth = 0): string => {
    if (depth > DEEPEST || !holds(cell, SEVERAL)) return oneLine(this.inline.of(cell));
    const inner = (element: Element) => this.#cellText(element, depth + 1);
    const parts = cell.childNodes.map((node) => {
      if (!isElement(node) || this.inline.whole(node) !== null) return nodeText(node, this.inline);
      if (node.tagName === "table") return ` ${inlineTable(tableOf(node, inner))} `;
      if (node.tagName === "ul" || node.tagName === "ol") {
        return ` ${inlineItems(childrenNamed(node, "li").map(inner))} `;
      }
      return BLOCKS.has(node.tagName) ? ` ${inner(node)} ` : inner(node);
    });
    return oneLine(parts.join(""));
  };
}

/** Below every heading of the page. */
const BUTTON_LEVEL = 7;

function isBeforePart(button: Element, inline: InlineText): boolean {
  const siblings = button.parentNode ? elementsIn(button.parentNode) : [];
  const next = siblings[siblings.indexOf(button) + 1];
  const isPart = next !== undefined && BLOCKS.has(next.tagName) && !holds(next, BUTTONS);
  return isPart && inline.of(next).trim() !== "";
}

const BUTTONS: ReadonlySet<string> = new Set(["button"]);

/** White space as a browser shows it; line breaks are the author's `<br>`. */
function collapse(text: string): string {
  return text
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .trim();
}
