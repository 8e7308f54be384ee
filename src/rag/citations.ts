/** The numbers in an answer and the passages that they point at. */
import type { PassageCitation } from "../domain/conversation.ts";
import type { Passage } from "../providers/provider.ts";

const FENCED_CODE = /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\1[`~]*[ \t]*$|(?![\s\S]))/gm;
const INLINE_CODE = /(`+)(?!`)[^`\n]*\1/g;
/** `[1]` and `[1, 2]`. A link's text, `[1](…)`, is no citation. */
const MARKS = /\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\](?!\()/g;

/** Cited numbers in the order of their first use, each once. Numbers in code are none. */
export function citedNumbers(text: string): number[] {
  const prose = text.replace(FENCED_CODE, "").replace(INLINE_CODE, "");
  const numbers = [...prose.matchAll(MARKS)].flatMap(([, list]) => (list ?? "").split(/[,;]/).map(Number));
  return [...new Set(numbers)];
}

/** The passages that `text` cites, in the order of their first use. Numbers without a passage are ignored. */
export function toCitations(text: string, passages: readonly Passage[]): PassageCitation[] {
  return citedNumbers(text).flatMap((n) => {
    const passage = passages.find((each) => each.n === n);
    return passage ? [toCitation(passage)] : [];
  });
}

/** A passage as an answer points at it. */
export function toCitation(passage: Passage): PassageCitation {
  return {
    kind: "passage",
    n: passage.n,
    chunk: passage.chunk,
    source: passage.source,
    title: passage.title,
    text: passage.text,
    ...(passage.page === null ? {} : { page: passage.page }),
    ...(passage.headingPath.length === 0 ? {} : { headingPath: passage.headingPath }),
  };
}
