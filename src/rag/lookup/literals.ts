/** What a question names as it is: numbers, identifiers, what stands between quotes. */
import type { Span } from "./words.ts";

export type NumberMention = Span & { value: string };
export type TokenMention = Span & { text: string };

const NUMBERS = /(?<![\p{L}\p{N}.,_#/-])[-−]?\d+(?:[.,'’\u00a0\u202f]\d+)*(?![\p{L}\p{N}_/-]|[.,]\d)/gu;
/** Letters, digits and what joins them in an order number, a host name or an e-mail address. */
const TOKENS = /[\p{L}\p{N}](?:[\p{L}\p{N}._/@+#:-]*[\p{L}\p{N}])?/gu;
const QUOTED = /["“„«‹「]\s*([^"”“»›」]{1,200}?)\s*["”“»›」]/gu;

/** Those that write 1.234 for a thousand and more; the others write 1,234. */
const COMMA_DECIMAL = new Set(["deu", "fra", "spa", "ita", "por", "nld", "rus"]);

/** Numbers as canonical text ("1234.5"), where one reading alone is possible in the language. */
export function numberMentions(text: string, language: string | null): NumberMention[] {
  return [...text.matchAll(NUMBERS)].flatMap((found) => {
    const value = canonical(found[0].replace("−", "-"), language);
    return value === null ? [] : [{ value, start: found.index, end: found.index + found[0].length }];
  });
}

export function tokenMentions(text: string): TokenMention[] {
  return [...text.matchAll(TOKENS)].map((found) => mention(found[0], found.index));
}

export function quotedMentions(text: string): TokenMention[] {
  return [...text.matchAll(QUOTED)].map((found) => ({
    text: found[1] ?? "",
    start: found.index,
    end: found.index + found[0].length,
  }));
}

function canonical(digits: string, language: string | null): string | null {
  const plain = digits.replace(/['’\u00a0\u202f]/g, "");
  const marks = [...plain.matchAll(/[.,]/g)].map(([mark]) => mark);
  if (marks.length === 0) return trimmed(plain);
  const last = marks.at(-1) ?? ".";
  const isMixed = marks.some((mark) => mark !== last);
  if (isMixed) return trimmed(asDecimal(plain, last));
  const tail = plain.slice(plain.lastIndexOf(last) + 1);
  if (marks.length > 1) return groupsOf(plain, last) ? trimmed(plain.replaceAll(last, "")) : null;
  if (tail.length !== 3) return trimmed(asDecimal(plain, last));
  // 1.234 and 1,234 are a thousand and more to some, and a little more than one to others.
  if (language === null) return null;
  const isDecimal = (last === ",") === COMMA_DECIMAL.has(language);
  return trimmed(isDecimal ? asDecimal(plain, last) : plain.replace(last, ""));
}

function asDecimal(digits: string, mark: string): string {
  return digits.replaceAll(mark === "." ? "," : ".", "").replace(mark, ".");
}

function groupsOf(digits: string, mark: string): boolean {
  const [first = "", ...rest] = digits.replace("-", "").split(mark);
  return first.length <= 3 && rest.every((group) => group.length === 3);
}

function trimmed(text: string): string {
  return text.replace(/^(-?)0+(?=\d)/, "$1");
}

function mention(text: string, start: number): TokenMention {
  return { text, start, end: start + text.length };
}
