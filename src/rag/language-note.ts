/** An answer quoted in another language than its question says so, in the question's. */
import type { SynonymRule } from "../domain/synonym.ts";
import type { Passage } from "../providers/provider.ts";
import { citedNumbers } from "./citations.ts";
import { extractAnswer } from "./extract.ts";
import { detectLanguage } from "./language.ts";
import { elsewhereOf } from "./text.ts";

/** By ISO 639-3 code: its code for names of languages, and the sentence. */
const NOTES: Record<string, { code: string; note: (language: string) => string }> = {
  eng: { code: "en", note: (language) => `The documents say this in another language (${language}):` },
  deu: { code: "de", note: (language) => `Die Dokumente sagen das in einer anderen Sprache (${language}):` },
  fra: { code: "fr", note: (language) => `Les documents le disent dans une autre langue (${language}) :` },
  spa: { code: "es", note: (language) => `Los documentos lo dicen en otro idioma (${language}):` },
  ita: { code: "it", note: (language) => `I documenti lo dicono in un’altra lingua (${language}):` },
  por: { code: "pt", note: (language) => `Os documentos dizem isto noutra língua (${language}):` },
  nld: { code: "nl", note: (language) => `De documenten zeggen dit in een andere taal (${language}):` },
  rus: { code: "ru", note: (language) => `В документах об этом сказано на другом языке (${language}):` },
  arb: { code: "ar", note: (language) => `تذكر المستندات ذلك بلغة أخرى (${language}):` },
  cmn: { code: "zh", note: (language) => `文档中的相关内容为其他语言（${language}）：` },
  jpn: { code: "ja", note: (language) => `文書には別の言語（${language}）で次のように書かれています：` },
};

/** Names of languages have a capital letter in these, also within a sentence. */
const CAPITAL = new Set(["en", "de", "nl"]);

/** `extractAnswer`, with a line before it where what it quotes is in another language. */
export function answerByQuoting(
  question: string,
  passages: readonly Passage[],
  synonyms: readonly SynonymRule[] = [],
): string {
  const answer = extractAnswer(question, passages, synonyms);
  const cited = new Set(citedNumbers(answer));
  const note = languageNote(
    question,
    passages.filter(({ n }) => cited.has(n)).map(({ text }) => text),
  );
  return note === null ? answer : `${note}\n\n${answer}`;
}

/** Null where a text of the answer is in the question's language, and where nobody can tell. */
function languageNote(question: string, texts: readonly string[]): string | null {
  const languages = [...new Set(texts.map(detectLanguage))];
  const elsewhere = elsewhereOf(question, languages);
  const [language] = elsewhere?.to ?? [];
  if (elsewhere === null || language === undefined || languages.includes(elsewhere.from)) return null;
  const { code, note } = NOTES[elsewhere.from] ?? (NOTES.eng as (typeof NOTES)[string]);
  const named = new Intl.DisplayNames([code], { type: "language" }).of(NOTES[language]?.code ?? language);
  return note(CAPITAL.has(code) ? (named ?? language) : (named ?? language).toLowerCase());
}
