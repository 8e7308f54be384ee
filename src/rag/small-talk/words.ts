/** What somebody typed, as the words that phrases are made of. */
import { foldWord } from "../text.ts";

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const RUNS = /[\p{L}\p{N}\p{M}ー]+/gu;
/** Written without spaces: every character counts as a word. */
const BY_CHARACTER =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+/gu;
/** Arabic letters that people write for one another. */
const ARABIC_ALIKE: Record<string, string> = { ة: "ه", ى: "ي", ؤ: "و", ئ: "ي", ٱ: "ا" };

const ALREADY_FOLDED = /^[a-z ]*$/;

/** Folded words in order; an apostrophe parts a word in two. */
export function talkWords(text: string): string[] {
  if (ALREADY_FOLDED.test(text)) return text.split(" ").filter((word) => word !== "");
  const visible = text.replace(INVISIBLE, "").normalize("NFKC");
  return [...visible.matchAll(RUNS)].flatMap(([run]) => {
    const folded = foldWord(run).replace(/[ةىؤئٱ]/g, (letter) => ARABIC_ALIKE[letter] ?? letter);
    return folded.match(BY_CHARACTER) ?? [];
  });
}

const DRAWN_OUT = /(\p{L})\1/u;
const STRETCHED = /(\p{L})\1{2,}/gu;
const ENDS_DOUBLE = /(\p{L})\1+$/u;

/** What a typed word may be, likeliest first: itself, and "hiii" and "thanksss" without what was drawn out. */
export function spellingsOf(word: string): string[] {
  if (!DRAWN_OUT.test(word)) return [word];
  const once = word.replace(STRETCHED, "$1");
  return [word, once, word.replace(STRETCHED, "$1$1"), once.replace(ENDS_DOUBLE, "$1")];
}
