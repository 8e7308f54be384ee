/** Compounds that no document holds, by their parts: German, Dutch and their neighbours make new words all the time. */

const SHORTEST_PART = 4;
/** What stands between two parts without meaning anything. */
const LINKS = ["", "s", "n", "en", "es", "er"];
const HAS_DIGIT = /\p{N}/u;

/**
 * The two parts of `word` that are words by themselves, the first as long as possible; null when there are none.
 *
 * @param find a part's number, null for what is no word
 */
export function compoundParts(word: string, find: (part: string) => number | null): [number, number] | null {
  if (HAS_DIGIT.test(word)) return null;
  for (let end = word.length - SHORTEST_PART; end >= SHORTEST_PART; end--) {
    const tail = find(word.slice(end));
    if (tail === null) continue;
    for (const link of LINKS) {
      const head = word.slice(0, end - link.length);
      if (head.length < SHORTEST_PART || !word.startsWith(link, head.length)) continue;
      const found = find(head);
      if (found !== null) return [found, tail];
    }
  }
  return null;
}
