/** Raised and lowered characters, which plain text loses: 10³ must not become 103. */

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙ";
const PLAIN = "0123456789+-=()n";

/** With Unicode's own characters where it has all of them; letters, as in "1st", stay as they are. */
export function raised(text: string, place: "sup" | "sub"): string {
  const plain = text.trim().replace("−", "-");
  if (!/^[\d+=()-]*n?[\d+=()-]*$/.test(plain) || plain === "") return text;
  const characters = place === "sup" ? RAISED : LOWERED;
  return [...plain].map((each) => characters[PLAIN.indexOf(each)] ?? each).join("");
}
