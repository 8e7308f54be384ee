/** Characters of symbol fonts, which are others than their codes say. */

const SYMBOL_LETTERS = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
const SYMBOL_SMALL = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
/** Of Wingdings and its like, what documents tick and point with. */
const WINGDINGS: Record<number, string> = {
  ...{ 251: "✗", 252: "✓", 253: "☒", 254: "☑", 168: "☐", 111: "☐", 120: "☒", 224: "→", 223: "←" },
  ...{ 225: "↑", 226: "↓", 232: "→", 240: "⇨", 40: "☎", 42: "✉", 70: "☞", 167: "▪", 108: "●", 183: "•" },
};
const SYMBOLS: Record<number, string> = {
  ...{ 163: "≤", 179: "≥", 177: "±", 180: "×", 184: "÷", 185: "≠", 187: "≈", 174: "→", 172: "←", 165: "∞" },
  ...{ 183: "•", 176: "°", 214: "√", 229: "∑", 242: "∫", 169: "♥", 178: "″", 162: "′", 206: "∈", 198: "∅" },
};

/** What the character of that code, hexadecimal, shows in that font. */
export function symbolText(font: string, code: string): string {
  const point = Number.parseInt(code, 16);
  if (Number.isNaN(point)) return "";
  const place = point >= 0xf000 && point <= 0xf0ff ? point - 0xf000 : point;
  if (/wingdings|webdings|marlett/i.test(font)) return WINGDINGS[place] ?? "•";
  if (!/symbol/i.test(font)) return String.fromCodePoint(place);
  if (place >= 0x41 && place <= 0x5a) return SYMBOL_LETTERS[place - 0x41] ?? "";
  if (place >= 0x61 && place <= 0x7a) return SYMBOL_SMALL[place - 0x61] ?? "";
  return SYMBOLS[place] ?? (place < 0x80 ? String.fromCodePoint(place) : "•");
}
