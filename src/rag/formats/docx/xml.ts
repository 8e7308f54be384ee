/** The XML of Office documents as a tree, with the prefixes that the standard uses whatever the file calls them. */
import { malformed, resourceLimit } from "../shared/limits.ts";

export type XmlElement = { name: string; attributes: Record<string, string>; children: XmlNode[] };
export type XmlNode = XmlElement | string;

/** Word nests a table in a table a few times; what goes deeper was made to break readers. */
const DEEPEST = 400;
const MOST_ELEMENTS = 8_000_000;
/** By what the last parts of a namespace's name say, in its strict and its usual form. */
const PREFIXES: [RegExp, string][] = [
  [/\/wordprocessingml\/(?:2006\/)?main$/, "w"],
  [/\/officeDocument\/(?:2006\/)?math$/, "m"],
  [/\/officeDocument\/(?:2006\/)?relationships$/, "r"],
  [/\/markup-compatibility\/2006$/, "mc"],
  [/\/drawingml\/(?:2006\/)?main$/, "a"],
  [/\/drawingml\/(?:2006\/)?wordprocessingDrawing$/, "wp"],
  [/\/word\/2010\/wordprocessingShape$/, "wps"],
  [/^urn:schemas-microsoft-com:vml$/, "v"],
];
const TOKEN =
  /<(?:!--[\s\S]*?-->|!\[CDATA\[([\s\S]*?)\]\]>|\?[\s\S]*?\?>|(\/?)([^\s<>/=!?]+)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>)|[^<]+/g;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** @throws MALFORMED_DOCUMENT for what is no XML, RESOURCE_LIMIT for nesting and numbers beyond any document */
export function parseXml(xml: string): XmlElement {
  const reader = new Reader();
  let end = 0;
  for (const token of xml.matchAll(TOKEN)) {
    // What the pattern skips is a "<" that begins nothing.
    if (token.index !== end) throw notXml();
    end = token.index + token[0].length;
    reader.take(token);
  }
  if (end !== xml.length) throw notXml();
  return reader.root();
}

class Reader {
  readonly #names = new Map<string, string>();
  readonly #open: XmlElement[] = [];
  #root: XmlElement | null = null;
  #elements = 0;

  take([whole, literal, isEnd, name, attributes = "", isEmpty]: RegExpExecArray): void {
    if (name === undefined) this.#text(literal ?? (whole.startsWith("<") ? "" : decoded(whole)));
    else if (isEnd) this.#close(name);
    else {
      this.#start(name, attributes);
      if (isEmpty) this.#open.pop();
    }
  }

  root(): XmlElement {
    if (!this.#root || this.#open.length > 0) throw notXml();
    return this.#root;
  }

  #start(written: string, attributeText: string): void {
    const attributes = attributesOf(attributeText);
    for (const [name, value] of attributes) {
      if (/^xmlns(?::|$)/.test(name)) this.#names.set(name.slice(6), prefixOf(value) ?? name.slice(6));
    }
    const element: XmlElement = { name: this.#usual(written, true), attributes: {}, children: [] };
    for (const [name, value] of attributes) element.attributes[this.#usual(name, false)] = value;
    const parent = this.#open.at(-1);
    if (parent) parent.children.push(element);
    else if (this.#root) throw notXml();
    else this.#root = element;
    this.#open.push(element);
    if (this.#open.length > DEEPEST || ++this.#elements > MOST_ELEMENTS) {
      throw resourceLimit("The document is nested deeper, or in more parts, than any program writes.");
    }
  }

  #close(written: string): void {
    if (this.#open.pop()?.name !== this.#usual(written, true)) throw notXml();
  }

  /** White space between elements means nothing; in those of text, whose names end in "t" or "Text", it does. */
  #text(text: string): void {
    const parent = this.#open.at(-1);
    if (text.trim() === "" && !/(?::t|Text)$/.test(parent?.name ?? "")) return;
    if (!parent) throw notXml();
    parent.children.push(text);
  }

  /** An attribute without a prefix is in no namespace, an element in the one that is declared without. */
  #usual(name: string, isElement: boolean): string {
    const colon = name.indexOf(":");
    if (colon === -1 && !isElement) return name;
    const prefix =
      this.#names.get(colon === -1 ? "" : name.slice(0, colon)) ?? name.slice(0, Math.max(colon, 0));
    return prefix === "" ? name.slice(colon + 1) : `${prefix}:${name.slice(colon + 1)}`;
  }
}

function prefixOf(namespace: string): string | null {
  return PREFIXES.find(([pattern]) => pattern.test(namespace))?.[1] ?? null;
}

function attributesOf(text: string): [string, string][] {
  if (text === "") return [];
  return [...text.matchAll(ATTRIBUTE)].map(([, name = "", double, single]) => [
    name,
    decoded(double ?? single ?? ""),
  ]);
}

function decoded(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (reference, hex, decimal, name: string) => {
      if (name) return ENTITIES[name] ?? reference;
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    },
  );
}

function notXml(): Error {
  return malformed("The file's parts are damaged and cannot be read.");
}

export function isElement(node: XmlNode): node is XmlElement {
  return typeof node !== "string";
}

export function elementsIn(element: XmlElement | undefined): XmlElement[] {
  return element?.children.filter(isElement) ?? [];
}

/** The first child of that name, and below it the first of the next. */
export function child(element: XmlElement | undefined, ...names: string[]): XmlElement | undefined {
  return names.reduce<XmlElement | undefined>(
    (at, name) => at?.children.find((node): node is XmlElement => isElement(node) && node.name === name),
    element,
  );
}

export function childrenNamed(element: XmlElement | undefined, name: string): XmlElement[] {
  return elementsIn(element).filter((each) => each.name === name);
}

/** `w:val` of a child, undefined where either is missing. */
export function settingOf(element: XmlElement | undefined, ...names: string[]): string | undefined {
  return child(element, ...names)?.attributes["w:val"];
}

/** A property that is on by being there, unless it says no. */
export function isOn(properties: XmlElement | undefined, name: string): boolean | undefined {
  const property = child(properties, name);
  return property && !/^(?:0|false|off|none)$/i.test(property.attributes["w:val"] ?? "");
}

/** The outermost elements of that name, at any depth, in order. */
export function descendants(element: XmlElement, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  collect(element, name, found);
  return found;
}

function collect(element: XmlElement, name: string, found: XmlElement[]): void {
  for (const each of element.children) {
    if (typeof each === "string") continue;
    if (each.name === name) found.push(each);
    else collect(each, name, found);
  }
}
