/**
 * The tenant's one colour, made into the roles that the widget paints with. Worked out in OKLCH, because
 * there a change of lightness keeps the hue, and contrast can be met without the colour turning into another.
 */

type Oklch = { l: number; c: number; h: number };
type Rgb = [red: number, green: number, blue: number];

/** Parley's verdigris, for a tenant whose colour cannot be read. */
const DEFAULT_COLOUR: Rgb = [0, 0.396, 0.357];

/** CSS declarations of the signal roles for one theme, e.g. `--signal: oklch(…); --on-signal: …`. */
export function signalDeclarations(colour: string, theme: "light" | "dark"): string {
  const given = toOklch(parseHex(colour) ?? DEFAULT_COLOUR);
  const { h } = given;
  const dark = theme === "dark";
  // On charcoal a deep brand colour would vanish, and a vivid one would glare.
  const signal = dark ? { l: Math.max(given.l, 0.72), c: Math.min(given.c, 0.13), h } : given;
  const soft = dark
    ? { l: 0.305, c: Math.min(given.c, 0.038), h }
    : { l: 0.945, c: Math.min(given.c, 0.028), h };
  const ink = readableInk({ ...signal, c: Math.min(given.c, 0.12) }, soft, dark);
  return [
    `--signal:${css(signal)}`,
    `--on-signal:${onColour(signal)}`,
    `--signal-soft:${css(soft)}`,
    `--signal-ink:${css(ink)}`,
  ].join(";");
}

/** White or black, whichever reads better on `background`; one of them always reaches 4.5:1. */
function onColour(background: Oklch): string {
  const luminance = relativeLuminance(toRgb(background));
  return contrast(1, luminance) >= contrast(0, luminance) ? "#fff" : "#000";
}

/** Moves `start` away from `background` until text in it reaches 4.5:1. */
function readableInk(start: Oklch, background: Oklch, lighter: boolean): Oklch {
  const ground = relativeLuminance(toRgb(background));
  let ink = { ...start, l: lighter ? Math.max(start.l, 0.78) : Math.min(start.l, 0.44) };
  while (contrast(relativeLuminance(toRgb(ink)), ground) < 4.5 && ink.l > 0.02 && ink.l < 0.98) {
    ink = { ...ink, l: ink.l + (lighter ? 0.02 : -0.02) };
  }
  return ink;
}

/** Contrast of two relative luminances as WCAG 2 defines it, from 1 to 21. */
export function contrast(first: number, second: number): number {
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

export function relativeLuminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map(toLinear) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** `#rgb` or `#rrggbb` as channels from 0 to 1; null for anything else. */
export function parseHex(colour: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(colour);
  const full = short
    ? `#${short
        .slice(1)
        .map((digit) => digit + digit)
        .join("")}`
    : colour;
  const channels = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(full);
  return channels && (channels.slice(1).map((hex) => Number.parseInt(hex, 16) / 255) as Rgb);
}

function css({ l, c, h }: Oklch): string {
  return `oklch(${l.toFixed(3)} ${c.toFixed(3)} ${h.toFixed(1)})`;
}

function toLinear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function fromLinear(channel: number): number {
  const clipped = Math.min(1, Math.max(0, channel));
  return clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055;
}

/** @see Björn Ottosson, "A perceptual color space for image processing", 2020 */
function toOklch(rgb: Rgb): Oklch {
  const [r, g, b] = rgb.map(toLinear) as Rgb;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const yellow = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return {
    l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    c: Math.hypot(a, yellow),
    h: ((Math.atan2(yellow, a) * 180) / Math.PI + 360) % 360,
  };
}

function toRgb({ l, c, h }: Oklch): Rgb {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    fromLinear(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    fromLinear(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}
