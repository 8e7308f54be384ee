import type { Inline } from "./tree.ts";

const CITATION = /\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g;

const ENTITIES: Record<string, string> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&nbsp;": "\u00a0",
};

/** Plain text with its `[n]` set apart; the common entities are what they stand for. */
export function inlineText(text: string): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(CITATION)) {
    if (match.index > end) parts.push({ type: "text", text: decode(text.slice(end, match.index)) });
    const numbers = (match[1] ?? "").split(",").map(Number);
    parts.push({ type: "citation", numbers, raw: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ type: "text", text: decode(text.slice(end)) });
  return parts;
}

function decode(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity] ?? entity);
}
