/** Which language a text is in, cheaply: by its script, then by its small words, then by letter statistics. */
import { franc } from "franc-min";

/**
 * Small words that people ask with and that carry no topic, by ISO 639-3 code. Short on purpose: measured,
 * a long general stop list makes retrieval worse.
 */
const SMALL_WORDS: Record<string, string> = {
  eng: "a an the and or of to in on at for from by with as is are was were be been do does did how what which who whom whose when where why can could should would will may i me my we you your it its this that these those there have has had not if any some please want need get am",
  deu: "der die das den dem des ein eine einen einem einer und oder von zu zum zur im in an am auf fur aus bei mit als ist sind war waren wird werden wurde wurden wie was welche welcher welches welchen wer wem wen wessen wann wo warum wieso woher wohin kann konnen darf muss soll ich mich mir mein meine wir uns sie ihr es man diese dieser dieses hat haben hatte nicht ob bitte gibt viel viele",
  fra: "le la les l un une des du de d et ou a au aux en dans sur pour par avec est sont etait etaient sera qui que quoi quel quelle quels quelles quand ou comment pourquoi combien je me mon ma mes nous vous votre vos il elle ils elles on ce cet cette ces qu puis peut peux dois doit ai as avons avez ont ne pas si y s t",
  spa: "el la los las un una unos unas y o de del al a en por para con sin como es son era eran fue fueron ser que quien quienes cual cuales cuando donde cuanto cuanta cuantos cuantas yo me mi mis nos su sus se lo le este esta estos estas ese esa hay ha han tiene tienen puedo puede no si",
  ita: "il lo la i gli le un uno una e o di del della dei delle a al alla in nel nella da dal su per con come e sono era erano fu che chi cosa quale quali quando dove perche quanto quanta quanti quante io mi mio mia noi ci si questo questa questi queste ha hanno ho posso puo devo non se l",
  por: "o a os as um uma uns umas e ou de do da dos das em no na nos nas ao por para com sem como e sao era eram foi foram que quem qual quais quando onde quanto quanta quantos quantas eu me meu minha nos se este esta isto esse ha tem posso pode devo nao",
  nld: "de het een en of van te in op aan bij voor met uit als is zijn was waren wordt worden hoe wat welke welk wie wiens wanneer waar waarom kan kunnen mag moet ik me mij mijn wij we u uw je jouw het dit dat deze die er heeft hebben had niet hoeveel",
  rus: "и или в во на с со к ко о об от до из за по у для как что кто кого кому чем какой какая какое какие каких каким какую когда где куда откуда почему зачем сколько чеи я мне мои моя мы вы ваш он она они оно его ее их это этот эта эти был была было были есть ли не же бы можно могу",
  arb: "في من على الى عن مع هو هي هم هل ما ماذا من متى اين كيف لماذا كم اي اية التي الذي الذين هذا هذه ذلك تلك كان كانت يكون تكون او و ان انا نحن لا لم قد تم",
};

const WORDS_BY_LANGUAGE = new Map(
  Object.entries(SMALL_WORDS).map(([language, words]) => [language, new Set(withoutMarks(words).split(" "))]),
);

/** Languages that letter statistics may answer; fewer choices make fewer mistakes on a paragraph. */
const LETTER_STATISTICS_LANGUAGES = [
  ...["eng", "deu", "fra", "spa", "ita", "por", "nld", "rus", "arb", "ukr", "bul", "srp", "pes", "urd"],
  ...["swe", "dan", "nob", "fin", "pol", "ces", "hun", "ron", "tur", "cat", "slv", "hrv", "vie", "ind"],
];
/** Below this letter statistics guess. */
const LETTERS_FOR_STATISTICS = 80;
const SAMPLE_CHARACTERS = 2_000;

const SCRIPTS: [RegExp, string][] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, "jpn"],
  [/\p{Script=Hangul}/gu, "kor"],
  [/\p{Script=Han}/gu, "cmn"],
  [/\p{Script=Thai}/gu, "tha"],
  [/\p{Script=Greek}/gu, "ell"],
  [/\p{Script=Hebrew}/gu, "heb"],
  [/\p{Script=Devanagari}/gu, "hin"],
];

/** ISO 639-3 code of the language most of `text` is in, "und" when there is too little to tell. */
export function detectLanguage(text: string): string {
  const sample = text.slice(0, SAMPLE_CHARACTERS).toWellFormed();
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return "und";
  for (const [script, language] of SCRIPTS) {
    // Japanese mixes kana with more Chinese characters, so a tenth decides.
    if ((sample.match(script)?.length ?? 0) >= Math.max(1, letters / 10)) return language;
  }
  return bySmallWords(smallWordsOf(sample)) ?? byLetterStatistics(sample, letters);
}

/**
 * Languages whose small words a question uses most; more than one when they tie, English when none.
 * `words` are folded.
 */
export function languagesOfQuestion(words: readonly string[]): string[] {
  const counts = countSmallWords(words);
  const most = Math.max(...counts.map(([, count]) => count));
  if (most === 0) return ["eng"];
  return counts.filter(([, count]) => count === most).map(([language]) => language);
}

/** Whether `word` (folded) only asks in `language` and says nothing of the topic. */
export function isSmallWord(word: string, language: string): boolean {
  return WORDS_BY_LANGUAGE.get(language)?.has(word) ?? false;
}

function bySmallWords(words: string[]): string | null {
  const ranked = countSmallWords(words).sort(([, left], [, right]) => right - left);
  const [best, second] = ranked;
  if (!best || best[1] < 2 || best[1] / words.length < 0.15) return null;
  // Neighbouring languages share small words: only a clear lead counts.
  return best[1] > (second?.[1] ?? 0) * 1.15 ? best[0] : null;
}

function byLetterStatistics(sample: string, letters: number): string {
  if (letters < LETTERS_FOR_STATISTICS) return bestGuess(sample);
  return franc(sample, { only: LETTER_STATISTICS_LANGUAGES });
}

/** A question of a few words: its one language by small words, or by a script that few languages use. */
function bestGuess(sample: string): string {
  if (/\p{Script=Cyrillic}/u.test(sample)) return "rus";
  if (/\p{Script=Arabic}/u.test(sample)) return "arb";
  const ranked = countSmallWords(smallWordsOf(sample)).sort(([, left], [, right]) => right - left);
  const [best, second] = ranked;
  return best && best[1] > 0 && best[1] > (second?.[1] ?? 0) ? best[0] : "und";
}

function countSmallWords(words: readonly string[]): [string, number][] {
  return [...WORDS_BY_LANGUAGE].map(([language, small]) => [
    language,
    words.reduce((count, word) => count + (small.has(word) ? 1 : 0), 0),
  ]);
}

function smallWordsOf(sample: string): string[] {
  return withoutMarks(sample).match(/\p{L}+/gu) ?? [];
}

function withoutMarks(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
