/** What the styles of a document say: which paragraphs are headings, which belong to a list, and how characters look. */
import { child, childrenNamed, isOn, settingOf, type XmlElement } from "./xml.ts";

export type RunLook = { isBold: boolean; isStruck: boolean; isHidden: boolean };
type Style = { name: string; basedOn: string | undefined; element: XmlElement };
/** In the order in which they are asked: own ones before those that they are based on. */
type Chain = Style[];

/** A style based on itself, by way of others, is a broken one. */
const LONGEST_CHAIN = 12;

export class Styles {
  readonly #styles = new Map<string, Style>();
  readonly #chains = new Map<string, Chain>();

  constructor(part: XmlElement | undefined) {
    for (const element of childrenNamed(part, "w:style")) {
      const id = element.attributes["w:styleId"] ?? "";
      const name = (settingOf(element, "w:name") ?? id).toLowerCase();
      this.#styles.set(id, { name, basedOn: settingOf(element, "w:basedOn"), element });
    }
  }

  /** 0 for a title, 1 to 9 for headings, null for everything else. */
  headingLevel(properties: XmlElement | undefined): number | null {
    const own = settingOf(properties, "w:outlineLvl");
    if (own !== undefined) return outlineLevel(own);
    const id = settingOf(properties, "w:pStyle");
    for (const { name, element } of this.#chain(id)) {
      const level = levelByName(name) ?? outlineLevel(settingOf(element, "w:pPr", "w:outlineLvl") ?? "9");
      if (level !== null) return level;
    }
    return this.#styles.has(id ?? "") ? null : levelByName((id ?? "").toLowerCase());
  }

  /** As the style's own paragraphs say it. */
  numbering(properties: XmlElement | undefined): XmlElement | undefined {
    const styles = this.#chain(settingOf(properties, "w:pStyle"));
    return styles.map(({ element }) => child(element, "w:pPr", "w:numPr")).find((each) => each !== undefined);
  }

  numIdOf(styleId: string): string | undefined {
    return settingOf(this.#styles.get(styleId)?.element, "w:pPr", "w:numPr", "w:numId");
  }

  isContents(properties: XmlElement | undefined): boolean {
    return this.#chain(settingOf(properties, "w:pStyle")).some(({ name }) => /^toc \d$/.test(name));
  }

  look(run: XmlElement | undefined, paragraph: XmlElement | undefined): RunLook {
    const properties = [
      run,
      ...this.#chain(settingOf(run, "w:rStyle")).map(({ element }) => child(element, "w:rPr")),
      ...this.#chain(settingOf(paragraph, "w:pStyle")).map(({ element }) => child(element, "w:rPr")),
    ];
    const has = (name: string) =>
      properties.map((each) => isOn(each, name)).find((on) => on !== undefined) ?? false;
    return { isBold: has("w:b"), isStruck: has("w:strike") || has("w:dstrike"), isHidden: has("w:vanish") };
  }

  /** Whether a table's style sets off that part of it, "firstRow" or "firstCol". */
  setsOff(table: XmlElement | undefined, part: "firstRow" | "firstCol"): boolean {
    return this.#chain(settingOf(table, "w:tblStyle")).some(({ element }) =>
      childrenNamed(element, "w:tblStylePr").some(
        (each) => each.attributes["w:type"] === part && isOn(child(each, "w:rPr"), "w:b") === true,
      ),
    );
  }

  #chain(id: string | undefined): Chain {
    if (id === undefined) return [];
    const known = this.#chains.get(id);
    if (known) return known;
    const chain: Chain = [];
    for (let style = this.#styles.get(id); style && chain.length < LONGEST_CHAIN; ) {
      chain.push(style);
      style = this.#styles.get(style.basedOn ?? "");
    }
    this.#chains.set(id, chain);
    return chain;
  }
}

function levelByName(name: string): number | null {
  if (name === "title") return 0;
  const level = /^heading ?([1-9])$/.exec(name)?.[1];
  return level ? Number(level) : null;
}

/** Nine is the level of body text. */
function outlineLevel(value: string): number | null {
  const level = Number(value);
  return level >= 0 && level <= 8 ? level + 1 : null;
}
