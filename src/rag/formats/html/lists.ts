/** Lists of a page as lines with marks. */
import { oneLine } from "../shared/table/grid.ts";
import { attribute, childrenNamed, type Element, elementsIn, isElement, isText, type Node } from "./dom.ts";
import type { InlineText } from "./inline.ts";

const DEEPEST = 20;

export function listText(list: Element, inline: InlineText, depth = 0): string {
  if (depth > DEEPEST) return oneLine(inline.of(list));
  const items = childrenNamed(list, "li").filter((item) => !inline.isHidden(item));
  const marks = list.tagName === "ol" ? numbersOf(list, items) : items.map(() => "-");
  const places = new Map(items.map((item, place) => [item, place]));
  const lines = elementsIn(list).map((element) => {
    // An inner list ought to be in an item, and often stands beside it.
    if (isList(element)) return listText(element, inline, depth + 1);
    const place = places.get(element);
    return place === undefined
      ? ""
      : `${"  ".repeat(depth)}${marks[place]} ${itemText(element, inline, depth)}`;
  });
  return lines.filter((line) => line !== "").join("\n");
}

function isList(node: Node): node is Element {
  return isElement(node) && (node.tagName === "ul" || node.tagName === "ol");
}

/** As a browser counts them: from `start`, on from a `value`, down when `reversed`, in letters for some types. */
function numbersOf(list: Element, items: readonly Element[]): string[] {
  const isReversed = attribute(list, "reversed") !== null;
  const type = attribute(list, "type") ?? "1";
  let number = Number.parseInt(attribute(list, "start") ?? "", 10);
  if (Number.isNaN(number)) number = isReversed ? items.length : 1;
  return items.map((item) => {
    const own = Number.parseInt(attribute(item, "value") ?? "", 10);
    if (!Number.isNaN(own)) number = own;
    const mark = `${/^[aA]$/.test(type) && number >= 1 && number <= 26 ? letter(number, type) : number}.`;
    number += isReversed ? -1 : 1;
    return mark;
  });
}

function letter(number: number, type: string): string {
  return String.fromCharCode(type.charCodeAt(0) + number - 1);
}

function itemText(item: Element, inline: InlineText, depth: number): string {
  const own = item.childNodes
    .filter((node) => !isList(node))
    .map((node) => nodeText(node, inline))
    .join("");
  const nested = item.childNodes.filter(isList).map((list) => `\n${listText(list, inline, depth + 1)}`);
  return oneLine(own) + nested.join("");
}

/** Text of a node among others in a line. */
export function nodeText(node: Node, inline: InlineText): string {
  if (isText(node)) return node.value;
  if (!isElement(node)) return "";
  return inline.whole(node) ?? inline.closed(node, inline.of(node), true);
}

export function definitionsText(list: Element, inline: InlineText): string {
  const lines: string[] = [];
  const collect = (parent: Element): void => {
    for (const child of elementsIn(parent).filter((each) => !inline.isHidden(each))) {
      const text = oneLine(inline.of(child));
      if (child.tagName === "dt") lines.push(`- ${text}`);
      else if (child.tagName === "dd" && lines.length > 0)
        lines[lines.length - 1] += addedTo(lines.at(-1) ?? "", text);
      else if (child.tagName === "div") collect(child);
    }
  };
  collect(list);
  return lines.join("\n");
}

/** Further explanations of the same term follow the first. */
function addedTo(line: string, text: string): string {
  return line.includes(": ") ? `; ${text}` : `: ${text}`;
}
