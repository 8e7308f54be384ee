/** Formulas as text in one line: "(a + b)/(2 · c)", "x^2", "√(n)". */
import { type Element, elementsIn, isElement, isText } from "./dom.ts";

/** Deeper than any formula; below it only its characters are taken. */
const DEEPEST = 40;

export function mathText(element: Element, depth = 0): string {
  const parts = elementsIn(element).filter(({ tagName }) => !tagName.startsWith("annotation"));
  const part = (place: number) => (parts[place] ? mathText(parts[place], depth + 1) : "");
  if (depth < DEEPEST) {
    switch (element.tagName) {
      case "mfrac":
        return `${grouped(part(0))}/${grouped(part(1))}`;
      case "msup":
        return `${part(0)}^${grouped(part(1))}`;
      case "msub":
        return `${part(0)}_${grouped(part(1))}`;
      case "msubsup":
        return `${part(0)}_${grouped(part(1))}^${grouped(part(2))}`;
      case "msqrt":
        return `√(${parts.map((_, place) => part(place)).join("")})`;
      case "mroot":
        return `(${part(0)})^(1/${part(1)})`;
      case "mo":
        return ` ${charactersOf(element)} `;
    }
  }
  if (parts.length === 0) return charactersOf(element);
  return parts.map((each) => (depth < DEEPEST ? mathText(each, depth + 1) : charactersOf(each))).join("");
}

function charactersOf(element: Element): string {
  return element.childNodes
    .map((node) =>
      isText(node)
        ? node.value
        : isElement(node)
          ? node.childNodes
              .filter(isText)
              .map(({ value }) => value)
              .join("")
          : "",
    )
    .join("")
    .trim();
}

function grouped(text: string): string {
  return /^[\p{L}\p{N}.,]+$/u.test(text.trim()) ? text.trim() : `(${text.trim()})`;
}
