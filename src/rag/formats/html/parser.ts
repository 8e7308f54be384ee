/** HTML through the standard's own parsing rules, then what a reader would see of it. */
import { parse, parseFragment } from "parse5";
import type { ParserInput } from "../format.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { decodeAs, decodeDocument } from "../shared/decode.ts";
import { oneLine } from "../shared/table/grid.ts";
import { inlineItems, inlineTable } from "../shared/table/table.ts";
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
import { isDataTable, tableOf } from "./table.ts";

/** Markup, scripts, controls and the ways around a site say nothing about its topic. */
const SKIPPED = new Set(
  "script style noscript template svg math canvas object iframe head nav form button select textarea audio video map dialog".split(
    " ",
  ),
);
const BLOCKS = new Set(
  "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer header html hr li main p section summary td th tr ul ol table pre h1 h2 h3 h4 h5 h6".split(
    " ",
  ),
);
/** Deeper than any page is built by hand; below it only the text is taken. */
const DEEPEST = 200;

export async function parseHtml({ bytes, writer }: ParserInput): Promise<null> {
  const page = parse(textOfPage(bytes));
  const title = findTitle(page);
  const body = new Walk(writer);
  body.walk(page, 0);
  body.flush();
  if (writer.blocks.length === 0 && title !== "") writer.heading(1, title, null);
  return null;
}

/** A page's own declaration counts when the bytes are not UTF-8. */
function textOfPage(bytes: Uint8Array): string {
  const { text, encoding } = decodeDocument(bytes);
  if (encoding === "utf-8" || encoding.startsWith("utf-16")) return text;
  const declared = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,30})/i.exec(text.slice(0, 4_096))?.[1];
  return (declared && decodeAs(bytes, declared)) || text;
}

/** Writes the blocks of a piece of HTML, e.g. inside Markdown or as mammoth makes it of DOCX. */
export function writeHtml(html: string, writer: BlockWriter): void {
  const walk = new Walk(writer);
  walk.walk(parseFragment(html), 0);
  walk.flush();
}

class Walk {
  #inline = "";
  constructor(readonly writer: BlockWriter) {}

  /** Ends the paragraph that loose text and inline elements have made so far. */
  flush(): void {
    const text = collapse(this.#inline);
    this.#inline = "";
    this.writer.block("paragraph", text, null);
  }

  walk(parent: Parent, depth: number): void {
    for (const node of parent.childNodes) this.#node(node, depth);
  }

  #node(node: Node, depth: number): void {
    if (isText(node)) this.#inline += node.value.replace(/\s+/g, " ");
    else if (isElement(node)) this.#element(node, depth);
  }

  #element(element: Element, depth: number): void {
    const name = element.tagName;
    if (SKIPPED.has(name)) return;
    if (isHidden(element)) {
      this.writer.warn("Text that the page hides from its readers was left out.");
      return;
    }
    if (name === "br") this.#inline += "\n";
    else if (name === "img") this.#inline += attribute(element, "alt") ?? "";
    else if (depth > DEEPEST) this.#inline += ` ${textOf(element)} `;
    else if (BLOCKS.has(name)) this.#block(element, depth);
    else this.walk(element, depth + 1);
  }

  #block(element: Element, depth: number): void {
    this.flush();
    const name = element.tagName;
    if (/^h[1-6]$/.test(name)) this.writer.heading(Number(name[1]), collapse(textOf(element)), null);
    else if (name === "pre") this.writer.block("code", textOf(element), null);
    else if (name === "ul" || name === "ol") this.writer.block("list", listText(element, 0), null);
    else if (name === "dl") this.writer.block("list", definitionsText(element), null);
    else if (name === "table" && isDataTable(element, cellText))
      this.writer.table(tableOf(element, cellText), null);
    else this.walk(element, depth + 1);
    this.flush();
  }
}

function listText(list: Element, depth: number): string {
  if (depth > 20) return collapse(textOf(list));
  const items = childrenNamed(list, "li").filter((item) => !isHidden(item));
  const first = Number(attribute(list, "start")) || 1;
  return items
    .map((item, index) => {
      const mark = list.tagName === "ol" ? `${first + index}.` : "-";
      return `${"  ".repeat(depth)}${mark} ${itemText(item, depth)}`;
    })
    .join("\n");
}

function itemText(item: Element, depth: number): string {
  const isList = (node: Node): node is Element =>
    isElement(node) && (node.tagName === "ul" || node.tagName === "ol");
  const own = item.childNodes
    .filter((node) => !isList(node))
    .map(nodeText)
    .join("");
  const nested = item.childNodes.filter(isList).map((list) => `\n${listText(list, depth + 1)}`);
  return oneLine(own) + nested.join("");
}

function definitionsText(list: Element): string {
  const lines: string[] = [];
  const collect = (parent: Parent): void => {
    for (const child of elementsIn(parent)) {
      const text = oneLine(textOf(child));
      if (child.tagName === "dt") lines.push(`- ${text}`);
      else if (child.tagName === "dd" && lines.length > 0) lines[lines.length - 1] += `: ${text}`;
      else if (child.tagName === "div") collect(child);
    }
  };
  collect(list);
  return lines.join("\n");
}

const SEVERAL: ReadonlySet<string> = new Set(["ul", "ol", "dl", "table"]);

/** What a cell says, in one line: items and inner tables one after the other. */
function cellText(cell: Element, depth = 0): string {
  if (depth > DEEPEST || !holds(cell, SEVERAL)) return oneLine(textOf(cell));
  const parts = cell.childNodes.map((node) => {
    if (!isElement(node)) return nodeText(node);
    if (SKIPPED.has(node.tagName) || isHidden(node)) return "";
    if (node.tagName === "table")
      return ` ${inlineTable(tableOf(node, (inner) => cellText(inner, depth + 1)))} `;
    if (node.tagName === "ul" || node.tagName === "ol") {
      return ` ${inlineItems(childrenNamed(node, "li").map((item) => cellText(item, depth + 1)))} `;
    }
    return BLOCKS.has(node.tagName) ? ` ${cellText(node, depth + 1)} ` : cellText(node, depth + 1);
  });
  return oneLine(parts.join(""));
}

function nodeText(node: Node): string {
  if (isText(node)) return node.value;
  return isElement(node) ? textOf(node) : "";
}

/** All visible text below an element, without recursion: hostile pages nest thousands deep. */
function textOf(element: Element): string {
  let text = "";
  const stack: (Node | string)[] = [element];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (typeof node === "string") text += node;
    else if (isText(node)) text += node.value;
    else if (isElement(node) && (node === element || !(SKIPPED.has(node.tagName) || isHidden(node)))) {
      if (node.tagName === "br") text += "\n";
      if (node.tagName === "img") text += attribute(node, "alt") ?? "";
      if (node !== element && BLOCKS.has(node.tagName)) {
        text += " ";
        stack.push(" ");
      }
      for (let i = node.childNodes.length - 1; i >= 0; i--) stack.push(node.childNodes[i] as Node);
    }
  }
  return text;
}

function findTitle(page: Parent): string {
  const html = childrenNamed(page, "html")[0];
  const head = html && childrenNamed(html, "head")[0];
  const title = head && childrenNamed(head, "title")[0];
  return title ? oneLine(textOf(title)) : "";
}

function isHidden(element: Element): boolean {
  if (attribute(element, "hidden") !== null || attribute(element, "aria-hidden") === "true") return true;
  const style = attribute(element, "style");
  return (
    style !== null &&
    /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d]*[1-9])/i.test(style)
  );
}

/** White space as a browser shows it; line breaks are the author's `<br>`. */
function collapse(text: string): string {
  return text
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .trim();
}
