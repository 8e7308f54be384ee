/** Two readings of a document, compared by their words. */

export type Difference = {
  /** Words of the references, all occurrences. */
  words: number;
  /** Of those, the share whose word Parley nowhere has; of Parley's, the share that no reference has. */
  missing: number;
  invented: number;
  /** Of neighbouring words that both have, the share that are nowhere neighbours for Parley. */
  outOfOrder: number;
};

const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+/gu;

/** Against the union of the references: what one of them has and Parley has not is missing. */
export function difference(own: string, references: readonly string[]): Difference {
  const ours = wordsOf(own);
  const theirs = references.map(wordsOf);
  const [ownWords, union] = [new Set(ours), new Set(theirs.flat())];
  const halves = brokenWords(references);
  const all = Math.max(...theirs.map(({ length }) => length), 0);
  const missing = Math.max(
    0,
    ...theirs.map((words) => words.filter((word) => !ownWords.has(word) && !halves.has(word)).length),
  );
  const invented = ours.filter((word) => !union.has(word) && !halves.has(word)).length;
  return {
    words: all,
    missing: share(missing, all),
    invented: share(invented, ours.length),
    outOfOrder: Math.min(...theirs.map((words) => outOfOrder(ours, ownWords, words)), 1),
  };
}

export function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/\u00ad/g, "")
      .match(WORD) ?? []
  );
}

/** Halves of words that a line's end parts, and the wholes: which of them is right is not for counting to say. */
function brokenWords(texts: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const text of texts) {
    const breaks = text
      .normalize("NFKC")
      .toLowerCase()
      .matchAll(/([\p{L}\p{M}]+)[-\u2010\u00ad]\s*\n\s*([\p{L}\p{M}]+)/gu);
    for (const [, before = "", after = ""] of breaks)
      found
        .add(before)
        .add(after)
        .add(before + after);
  }
  return found;
}

function outOfOrder(
  ours: readonly string[],
  ownWords: ReadonlySet<string>,
  theirs: readonly string[],
): number {
  const pairs = new Set(ours.slice(1).map((word, index) => `${ours[index]} ${word}`));
  const common = theirs.filter((word) => ownWords.has(word));
  const apart = common.slice(1).filter((word, index) => !pairs.has(`${common[index]} ${word}`)).length;
  return share(apart, common.length - 1);
}

function share(part: number, whole: number): number {
  return whole <= 0 ? 0 : part / whole;
}
