/** Tables of ordinary words by language, and how they are looked for in folded text. */
import { foldWord } from "../text.ts";

/** By ISO 639-3: phrases parted by `|`. `*` stands for any ending, `…` for one to four words. */
export type PhraseTable = Record<string, string>;

/** Written without spaces between words, so a phrase may stand anywhere. */
const UNSPACED = new Set(["cmn", "jpn"]);
/** A language that the tables do not know is taken for the one that most documents have some of. */
const FALLBACK = "eng";

/** Words lower-cased and without marks, one space between them, as the tables are written. */
export function foldText(text: string): string {
  return text
    .replace(/['’]/g, " ")
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .map(foldWord)
    .filter((word) => word !== "")
    .join(" ");
}

/** Looks for the phrases of some languages in folded text. */
export class Phrases {
  readonly #compiled = new Map<string, RegExp>();

  constructor(readonly table: PhraseTable) {}

  in(folded: string, languages: readonly string[]): boolean {
    const known = languages.filter((language) => language in this.table);
    return (known.length > 0 ? known : [FALLBACK]).some((language) => this.#of(language).test(folded));
  }

  #of(language: string): RegExp {
    let compiled = this.#compiled.get(language);
    if (compiled === undefined) {
      compiled = compile(this.table[language] ?? "", language);
      this.#compiled.set(language, compiled);
    }
    return compiled;
  }
}

function compile(phrases: string, language: string): RegExp {
  const written = phrases
    .split("|")
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== "");
  if (written.length === 0) return /(?!)/u;
  const sources = written.map((phrase) =>
    phrase
      .replace(/[^\s*…]+/g, foldWord)
      .replace(/ *… */g, "…")
      .replace(/ /g, "\\s+")
      .replace(/\*/g, "[\\p{L}\\p{M}]*")
      .replace(/…/g, UNSPACED.has(language) ? ".{0,12}?" : "(?:\\s+\\S+){0,4}?\\s+"),
  );
  const either = `(?:${sources.join("|")})`;
  return new RegExp(UNSPACED.has(language) ? either : `(?<![\\p{L}\\p{N}])${either}(?![\\p{L}\\p{N}])`, "u");
}
