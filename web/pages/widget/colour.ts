/** Colours the admin chooses, as `#rrggbb`. WCAG 2.2 arithmetic. */

export type Rgb = [red: number, green: number, blue: number];

export function parseHex(text: string): Rgb | null {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  if (!match) return null;
  return [match[1], match[2], match[3]].map((part) => Number.parseInt(part ?? "0", 16)) as Rgb;
}

/** Contrast of two colours, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever reads better on the colour. */
export function inkOn(colour: Rgb): "#ffffff" | "#111111" {
  return contrast(colour, [255, 255, 255]) >= contrast(colour, [17, 17, 17]) ? "#ffffff" : "#111111";
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
