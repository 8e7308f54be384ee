import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { contrast, inkOn, parseHex, type Rgb } from "../../web/pages/widget/colour.ts";

const css = await Bun.file(join(import.meta.dir, "../../web/design/tokens.css")).text();

const SURFACES = ["paper", "sheet", "sunk"];
const ON_SURFACES = ["ink", "ink-2", "ink-3", "signal-ink", "signal", "good", "warn", "bad", "info"];

/** Text and what it stands on, as the components use them. */
const TEXT_PAIRS: [text: string, on: string][] = [
  ...SURFACES.flatMap((surface) => ON_SURFACES.map((text) => [text, surface] as [string, string])),
  ["on-signal", "signal"],
  ["paper", "ink"],
  ["sheet", "ink-2"],
  ["sheet", "bad"],
  ...["ink", "ink-2", "signal-ink"].map((text) => [text, "signal-soft"] as [string, string]),
  ...["good", "warn", "bad", "info"].flatMap((tone) => [
    [tone, `${tone}-soft`] as [string, string],
    ["ink", `${tone}-soft`] as [string, string],
    ["signal-ink", `${tone}-soft`] as [string, string],
  ]),
];

/** Edges that say where a control is, and the ring that says where the focus is. */
const EDGE_PAIRS: [edge: string, on: string][] = ["edge", "signal"].flatMap((edge) =>
  SURFACES.map((surface) => [edge, surface] as [string, string]),
);

for (const theme of ["light", "dark"]) {
  const tokens = tokensOf(theme);

  describe(`the ${theme} theme`, () => {
    test("every text reaches 4.5 to 1 on what it stands on", () => {
      const tooFaint = TEXT_PAIRS.map(([text, on]) => ({ text, on, ratio: ratio(tokens, text, on) }));
      expect(tooFaint.filter((pair) => pair.ratio < 4.5)).toEqual([]);
    });

    test("every control edge reaches 3 to 1", () => {
      const tooFaint = EDGE_PAIRS.map(([edge, on]) => ({ edge, on, ratio: ratio(tokens, edge, on) }));
      expect(tooFaint.filter((pair) => pair.ratio < 3)).toEqual([]);
    });
  });
}

test("both themes name the same tokens", () => {
  expect([...tokensOf("dark").keys()].sort()).toEqual([...tokensOf("light").keys()].sort());
});

test("text on a colour the admin chose is black or white, whichever reads better, and always reads", () => {
  for (const hex of ["#000000", "#ffffff", "#0b6b60", "#ffd400", "#777777", "#d0021b"]) {
    const rgb = parseHex(hex) as Rgb;
    expect(contrast(rgb, parseHex(inkOn(rgb)) as Rgb)).toBeGreaterThanOrEqual(4.4);
  }
  expect(inkOn(parseHex("#ffd400") as Rgb)).toBe("#111111");
  expect(inkOn(parseHex("#0b6b60") as Rgb)).toBe("#ffffff");
});

function ratio(tokens: Map<string, Rgb>, a: string, b: string): number {
  const [first, second] = [tokens.get(a), tokens.get(b)];
  if (!first || !second) throw new Error(`No such token: ${first ? b : a}`);
  return Math.round(contrast(first, second) * 100) / 100;
}

/** Opaque colours of one theme, as sRGB. */
function tokensOf(theme: string): Map<string, Rgb> {
  const block = new RegExp(`\\[data-theme="${theme}"\\]\\s*\\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  const found = block.matchAll(/--([a-z0-9-]+):\s*oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);/g);
  return new Map(
    [...found].map(([, name, l, c, h]) => [name ?? "", fromOklch(Number(l), Number(c), Number(h))] as const),
  );
}

/** OKLCH to 8-bit sRGB, by the matrices of CSS Color 4. */
function fromOklch(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return linear.map((part) => {
    const bounded = Math.min(1, Math.max(0, part));
    const encoded = bounded <= 0.0031308 ? bounded * 12.92 : 1.055 * bounded ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255);
  }) as Rgb;
}
