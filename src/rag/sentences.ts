/** Where sentences begin and end, in any script, without cutting at abbreviations or list numbers. */

/** After these a full stop ends no sentence (compared in lower case). */
const ABBREVIATIONS = new Set(
  "mr mrs ms dr prof st no nr art abs bzw ca z.b d.h u.a e.g i.e etc vs fig approx dept ext max min tel str incl inkl evtl ggf usw vgl jan feb mar apr jun jul aug sep sept oct nov dec sr sra ud uds p.ej av cf env ex m mme т.е т.д г ул".split(
    " ",
  ),
);
const ENDS = /[.!?…]+["'”’»)\]]*(?=\s|$)|[。！？]+[」』”）]*|[؟।۔]+(?=\s|$)|\n+/gu;

export type Span = { start: number; end: number };

/** Sentences of `text` as positions in it, trimmed, in order; lines count as sentences. Linear time. */
export function sentenceSpans(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const match of text.matchAll(ENDS)) {
    const end = match.index + match[0].length;
    if (match[0][0] === "." && isAbbreviation(text, start, match.index, end)) continue;
    pushTrimmed(spans, text, start, end);
    start = end;
  }
  pushTrimmed(spans, text, start, text.length);
  return spans;
}

export function sentencesOf(text: string): string[] {
  return sentenceSpans(text).map(({ start, end }) => text.slice(start, end));
}

function isAbbreviation(text: string, start: number, dot: number, end: number): boolean {
  const before = /\S+$/u.exec(text.slice(Math.max(start, dot - 20), dot))?.[0] ?? "";
  const word = before.replace(/^["'“‘«([]+/, "").toLowerCase();
  if (ABBREVIATIONS.has(word) || /^\p{L}$/u.test(word)) return true;
  // "am 3. Mai", "1. Open the door": the number belongs to what follows.
  if (/^\d{1,2}$/.test(word))
    return /^\s+\p{L}/u.test(text.slice(end, end + 12)) && isOrdinal(text, dot, start);
  return /^\s+\p{Ll}/u.test(text.slice(end, end + 4));
}

/** A number at the start of a line, or before a month's or noun's capital as German writes dates. */
function isOrdinal(text: string, dot: number, start: number): boolean {
  const line = text.slice(Math.max(start, text.lastIndexOf("\n", dot) + 1), dot);
  return /^\s*\d{1,2}$/.test(line) || /\b(?:am|vom|zum|dem|der|den|im)\s+\d{1,2}$/i.test(line);
}

function pushTrimmed(spans: Span[], text: string, from: number, to: number): void {
  let start = from;
  let end = to;
  while (start < end && /\s/.test(text[start] ?? "")) start++;
  while (end > start && /\s/.test(text[end - 1] ?? "")) end--;
  if (end > start) spans.push({ start, end });
}
