/** What a reader sees of an element as running text. */
import { HIDDEN_TEXT, STRUCK_OUT } from "../shared/left-out.ts";
import { withAddress } from "../shared/links.ts";
import { raised } from "../shared/raised.ts";
import {
  attribute,
  childrenNamed,
  type Element,
  elementsNamed,
  isElement,
  isText,
  type Node,
} from "./dom.ts";
import { isHidden, type Openable } from "./hidden.ts";
import { mathText } from "./math.ts";

/** Scripts, styles, and what is no text: nothing of them is on the page. */
export const NO_TEXT: ReadonlySet<string> = new Set(
  "script style noscript template canvas head area source track param datalist colgroup".split(" "),
);
export const BLOCKS: ReadonlySet<string> = new Set(
  "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form header html hr legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul h1 h2 h3 h4 h5 h6".split(
    " ",
  ),
);
/** Boxes with something else in them than text, by what an admin calls them. */
export const EMBEDDED: Readonly<Record<string, string>> = {
  iframe: "An embedded page",
  object: "An embedded object",
  embed: "An embedded object",
  audio: "A sound recording",
  video: "A film",
  select: "A list of choices",
};
const STRUCK: ReadonlySet<string> = new Set(["s", "del", "strike"]);
const DRAWN_TEXT: ReadonlySet<string> = new Set(["text", "title"]);

export class InlineText {
  /** @param openable parts that are hidden until a click */
  constructor(readonly openable: Openable) {}

  isHidden(element: Element): boolean {
    return isHidden(element, this.openable);
  }

  /** All visible text below an element, without recursion: hostile pages nest thousands deep. */
  of(element: Element, keepsAddresses = true): string {
    /** Texts of the elements that are open, innermost last. */
    const texts = [""];
    const add = (text: string) => {
      texts[texts.length - 1] += text;
    };
    const stack: (Node | { ended: Element })[] = element.childNodes.toReversed();
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if ("ended" in node) add(this.closed(node.ended, texts.pop() ?? "", keepsAddresses));
      else if (isText(node)) add(node.value);
      else if (isElement(node)) {
        const whole = this.whole(node);
        if (whole !== null) add(whole);
        else {
          texts.push("");
          stack.push({ ended: node }, ...node.childNodes.toReversed());
        }
      }
    }
    return texts[0] ?? "";
  }

  /** The text of an element of which the children are not asked, null for the others. */
  whole(element: Element): string | null {
    const name = element.tagName;
    if (NO_TEXT.has(name)) return "";
    if (this.isHidden(element)) return HIDDEN_TEXT;
    if (STRUCK.has(name) || isStruck(element)) return STRUCK_OUT;
    if (EMBEDDED[name]) return "";
    if (name === "br") return "\n";
    if (name === "wbr") return "";
    if (name === "img") return attribute(element, "alt") ?? "";
    if (name === "input") return fieldText(element);
    if (name === "math") return mathText(element);
    if (name === "svg") return drawnText(element, this);
    return null;
  }

  /** The text of an element around that of its children. */
  closed(element: Element, text: string, keepsAddresses: boolean): string {
    const name = element.tagName;
    // A sign for programs and eyes, such as the "#" of a link to a heading.
    if (attribute(element, "aria-hidden") === "true" && !/[\p{L}\p{N}]/u.test(text)) return "";
    if (name === "sup" || name === "sub") return raised(text, name);
    if (name === "a" && keepsAddresses) return withAddress(text, attribute(element, "href") ?? "");
    if (name === "q") return `“${text}”`;
    return BLOCKS.has(name) ? ` ${text} ` : text;
  }
}

function isStruck(element: Element): boolean {
  return /text-decoration[^;]*line-through/i.test(attribute(element, "style") ?? "");
}

/** What somebody has filled in and everybody sees. */
function fieldText(element: Element): string {
  const isShown = /^(?:text|email|tel|url|number|date|time|search|)$/i.test(attribute(element, "type") ?? "");
  const value = attribute(element, "value") ?? "";
  return isShown && value !== "" ? ` ${value} ` : "";
}

function drawnText(drawing: Element, inline: InlineText): string {
  const texts = elementsNamed(drawing, DRAWN_TEXT).map((each) => inline.of(each).trim());
  return [...new Set(texts)]
    .filter((text) => text !== "")
    .map((text) => ` ${text} `)
    .join("");
}

export function titleOf(page: Element | undefined): string {
  const head = page && childrenNamed(page, "head")[0];
  const title = head && childrenNamed(head, "title")[0];
  return title
    ? title.childNodes
        .filter(isText)
        .map(({ value }) => value)
        .join("")
        .replace(/\s+/g, " ")
        .trim()
    : "";
}
