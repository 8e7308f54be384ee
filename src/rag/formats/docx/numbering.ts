/** Numbers of lists and headings as their reader sees them: "2.", "2.1", "(a)". */
import type { Styles } from "./styles.ts";
import { child, childrenNamed, isOn, settingOf, type XmlElement } from "./xml.ts";

type Level = { start: number; format: string; text: string; isLegal: boolean; restartsAfter: number | null };
type List = { abstractId: string; levels: Map<number, Level>; starts: Map<number, number> };

export type Label = { text: string; depth: number };

const DEEPEST = 8;
const BULLET = "-";

export class Numbering {
  readonly #abstracts = new Map<string, XmlElement>();
  readonly #lists = new Map<string, List>();
  /** The numbers that each list has come to; lists of one definition count on from each other. */
  readonly #counts = new Map<string, (number | undefined)[]>();
  readonly #begun = new Set<string>();

  constructor(
    part: XmlElement | undefined,
    readonly styles: Styles,
  ) {
    for (const element of childrenNamed(part, "w:abstractNum")) {
      this.#abstracts.set(element.attributes["w:abstractNumId"] ?? "", element);
    }
    const numbers = childrenNamed(part, "w:num");
    for (const element of numbers) {
      this.#lists.set(element.attributes["w:numId"] ?? "", this.#listOf(element, numbers));
    }
  }

  /** What stands before a paragraph with these properties, null for nothing. Counts it. */
  next(properties: XmlElement | undefined): Label | null {
    const own = child(properties, "w:numPr");
    const inherited = this.styles.numbering(properties);
    const numId = settingOf(own, "w:numId") ?? settingOf(inherited, "w:numId");
    const depth = Math.min(
      Number(settingOf(own, "w:ilvl") ?? settingOf(inherited, "w:ilvl") ?? 0) || 0,
      DEEPEST,
    );
    const list = this.#lists.get(numId ?? "");
    if (!list || numId === undefined || numId === "0") return null;
    const level = list.levels.get(depth);
    const counts = this.#count(numId, list, depth);
    const text = level ? labelText(level, list, counts) : BULLET;
    return text === "" ? null : { text, depth };
  }

  #count(numId: string, list: List, depth: number): (number | undefined)[] {
    const counts = this.#counts.get(list.abstractId) ?? [];
    this.#counts.set(list.abstractId, counts);
    if (!this.#begun.has(numId)) {
      this.#begun.add(numId);
      for (const level of list.starts.keys()) counts[level] = undefined;
    }
    const startOf = (level: number) => list.starts.get(level) ?? list.levels.get(level)?.start ?? 1;
    for (let above = 0; above < depth; above++) counts[above] ??= startOf(above);
    counts[depth] = counts[depth] === undefined ? startOf(depth) : counts[depth] + 1;
    for (let below = depth + 1; below <= DEEPEST; below++) {
      const restartsAfter = list.levels.get(below)?.restartsAfter ?? below;
      if (restartsAfter > 0 && depth < restartsAfter) counts[below] = undefined;
    }
    return counts;
  }

  #listOf(number: XmlElement, all: readonly XmlElement[]): List {
    const abstractId = settingOf(number, "w:abstractNumId") ?? "";
    const abstract = this.#abstracts.get(abstractId);
    const linked = settingOf(abstract, "w:numStyleLink");
    if (linked !== undefined) {
      const target = all.find((each) => each.attributes["w:numId"] === this.styles.numIdOf(linked));
      if (target && target !== number) return this.#listOf(target, []);
    }
    const levels = levelsOf(abstract);
    const starts = new Map<number, number>();
    for (const override of childrenNamed(number, "w:lvlOverride")) {
      const depth = Number(override.attributes["w:ilvl"]);
      const start = settingOf(override, "w:startOverride");
      if (start !== undefined) starts.set(depth, Number(start));
      for (const [own, level] of levelsOf(override)) levels.set(own, level);
    }
    return { abstractId, levels, starts };
  }
}

function levelsOf(element: XmlElement | undefined): Map<number, Level> {
  const levels = childrenNamed(element, "w:lvl").map((level): [number, Level] => {
    const restart = settingOf(level, "w:lvlRestart");
    return [
      Number(level.attributes["w:ilvl"]),
      {
        start: Number(settingOf(level, "w:start") ?? 1),
        format: settingOf(level, "w:numFmt") ?? "decimal",
        text: settingOf(level, "w:lvlText") ?? "",
        isLegal: isOn(level, "w:isLgl") ?? false,
        restartsAfter: restart === undefined ? null : Number(restart),
      },
    ];
  });
  return new Map(levels);
}

function labelText(level: Level, { levels }: List, counts: readonly (number | undefined)[]): string {
  if (level.format === "bullet") return BULLET;
  if (level.format === "none" && !/%\d/.test(level.text)) return level.text.trim();
  return level.text
    .replace(/%(\d)/g, (_, place: string) => {
      const depth = Number(place) - 1;
      const format = level.isLegal ? "decimal" : (levels.get(depth)?.format ?? "decimal");
      return formatted(counts[depth] ?? 1, format);
    })
    .trim();
}

function formatted(number: number, format: string): string {
  switch (format) {
    case "lowerLetter":
      return letters(number);
    case "upperLetter":
      return letters(number).toUpperCase();
    case "lowerRoman":
      return roman(number).toLowerCase();
    case "upperRoman":
      return roman(number);
    case "decimalZero":
      return String(number).padStart(2, "0");
    case "none":
      return "";
    default:
      return String(number);
  }
}

/** After "z" Word goes on with "aa", "bb". */
function letters(number: number): string {
  if (number < 1 || number > 260) return String(number);
  const letter = String.fromCharCode(97 + ((number - 1) % 26));
  return letter.repeat(Math.ceil(number / 26));
}

const ROMAN: [number, string][] = [
  ...([
    [1000, "M"],
    [900, "CM"],
    [500, "D"],
    [400, "CD"],
    [100, "C"],
    [90, "XC"],
  ] as [number, string][]),
  ...([
    [50, "L"],
    [40, "XL"],
    [10, "X"],
    [9, "IX"],
    [5, "V"],
    [4, "IV"],
    [1, "I"],
  ] as [number, string][]),
];

function roman(number: number): string {
  if (number < 1 || number > 3_999) return String(number);
  let rest = number;
  let text = "";
  for (const [value, sign] of ROMAN) {
    while (rest >= value) {
      text += sign;
      rest -= value;
    }
  }
  return text;
}
