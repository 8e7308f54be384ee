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
  swe: "en ett den det de och eller av i pa till for fran med som ar var vara hur vad vilken vilket vilka vem vems nar var varfor vart kan far maste ska skulle jag mig min mitt mina vi oss er ni du din ditt man denna detta dessa har hade inte om det finns mycket manga",
  dan: "en et den det de og eller af i pa til for fra med som er var vaere hvordan hvad hvilken hvilket hvilke hvem hvis hvornar hvor hvorfor kan ma skal jeg mig min mit mine vi os jer du din dit man denne dette disse har havde ikke om der findes meget mange",
  nob: "en et ei den det de og eller av i pa til for fra med som er var vaere hvordan hva hvilken hvilket hvilke hvem nar hvor hvorfor kan ma skal jeg meg min mitt mine vi oss dere du din ditt man denne dette disse har hadde ikke om finnes mye mange",
  fin: "ja tai on oli ovat olla ei se ne kuka kenen ketka mika mita mitka missa mista mihin milloin miksi miten kuinka mina minun me meidan te sina voi voiko saa saako pitaako onko kun jos etta mutta myos paljon monta",
  pol: "i lub w we na z ze do od za dla po o u jest sa byl byla bylo byli byc co kto kogo komu czym jaki jaka jakie jakich jak kiedy gdzie skad dokad dlaczego czemu ile czy ja mnie mi moj moja moje my nas pan pani sie to ten ta te nie moge mozna mam ma",
  ces: "a nebo v ve na z ze do od za pro po o u k je jsou byl byla bylo byli byt co kdo koho komu jaky jaka jake jak kdy kdyz kde odkud kam proc kolik zda ja me mi muj moje my nas se si to ten ta te ne mohu muze mam ma",
  hun: "a az egy es vagy van volt lesz nem mi mit mik ki kit kinek milyen melyik hogyan hogy mikor hol honnan hova miert mennyi hany en nekem mi minket ez azok ezek lehet kell szabad ha is",
  ron: "un o al ai ale a si sau de la in din pe cu pentru este sunt era erau fi fost ce cine cui pe care cum cand unde de cat cata cati cate eu ma mie mea meu noi nu se sa daca pot poate am are acest aceasta acesti aceste",
  tur: "bir ve veya ile icin bu su o da de mi mu ne neyi nedir kim kimin kime hangi hangisi nasil neden nicin ne zaman nerede nereden nereye kac kadar var yok ben benim biz bizim olan olarak idi oldu gibi en daha",
  ell: "ο η το οι τα του της των τον την τους τις και η σε στο στη στην στον στους απο για με ειναι ηταν ποιος ποια ποιο ποιοι ποιες ποιων ποιον τι πως ποτε που γιατι ποσο ποσα ποσοι ποσες μου μας σας εγω εμεις ενα ενας μια δεν να θα αν εχει εχουν μπορω μπορει αυτο αυτη αυτος",
  vie: "la va hoac cua cho voi o tai tu den trong ngoai nhung cac mot duoc bi co khong gi nao ai dau khi nao nhu the vi sao bao nhieu may toi chung ta ban nay do da se dang thi ma",
  ind: "yang dan atau di ke dari untuk dengan adalah ialah pada itu ini apa siapa mana kapan dimana bagaimana mengapa kenapa berapa saya kami kita anda bisa dapat ada tidak apakah oleh",
  ukr: "і й та або в у на з із зі до від за по для як що хто кого кому чим який яка яке які яких коли де куди звідки чому навіщо скільки чи я мені мій моя ми ви ваш він вона вони це цей ця ці був була було були є не можна можу",
  hin: "का के की को में से पर और या है हैं था थी थे कि क्या कौन कौनसा किस किसने किसके कब कहाँ कैसे क्यों कितना कितने कितनी मुझे मेरा मेरी हम आप यह वह ये एक ने नहीं लिए द्वारा गया किया होता जो",
};

/** Words (folded) that questions begin with, in all languages: "what is Kubernetes?" is short but whole. */
export const OPENS_A_QUESTION: ReadonlySet<string> = new Set(
  `what who whom whose where when which how why is are was were do does did can could should shall will would may must list define explain am have has
   wer wo wann wie warum wieso welche welcher welches ist sind gibt kann darf muss soll was wird werden hat haben wem wen konnen mussen
   que qui quoi ou quand comment pourquoi quel quelle quels quelles combien est y peut peux puis dois faut qu
   quien donde cuando como cual cuanto cuanta cuantos cuantas es hay puedo puede debo tengo
   chi dove quando come quale quanto quanti quante perche posso devo che cosa c
   quem onde quando como qual quanto quantos posso devo ha
   wie waar wanneer hoe wat welke welk waarom mag kan moet is zijn hoeveel krijg
   что кто где когда как почему сколько какой какая какие можно нужно есть ли
   ما من اين متى كيف هل كم لماذا ماذا`.split(/\s+/),
);

/** Where words are not set apart, what asks is cut out of the question as it stands. By script, the first that fits. */
const ASKING_PHRASES: [RegExp, RegExp][] = [
  [
    /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
    /どのように|どうやって|どうして|どんな|どれくらい|どの|どれ|どこ|どう|なぜ|いつ|いくら|いくつ|だれ|誰|なに|何(?=[がをのではにか])|ですか|ますか|でしょうか|ください|とは/gu,
  ],
  [
    /\p{Script=Hangul}/u,
    /무엇|무슨|언제|어디|누구|누가|어떻게|어떤|어느|얼마나|얼마|입니까|습니까|인가요|나요|까요|왜/gu,
  ],
  [
    /\p{Script=Thai}/u,
    /อะไร|ที่ไหน|เมื่อไหร่|เมื่อไร|เมื่อใด|ใคร|ทำไม|อย่างไร|ยังไง|เท่าไหร่|เท่าไร|เท่าใด|ใด|กี่|หรือไม่|ไหม|ครับ|คะ|ค่ะ/gu,
  ],
  [
    /\p{Script=Han}/u,
    /什么时候|為什麼|为什么|什麼|什么|为何|為何|怎么样|怎麼樣|怎么|怎麼|怎样|怎樣|如何|哪一个|哪一個|哪一年|哪些|哪个|哪個|哪里|哪裡|哪儿|哪种|哪位|哪|谁|誰|多少|几(?![何乎])|幾(?![何乎])|何时|何時|何地|请问|請問|是否|吗|嗎|呢/gu,
  ],
];

/** The question without the phrases that only ask, in scripts that are written without spaces. */
export function withoutAskingPhrases(question: string): string {
  const phrases = ASKING_PHRASES.find(([script]) => script.test(question))?.[1];
  return phrases === undefined ? question : question.replace(phrases, " ");
}

/** Accents, and vowel signs that may be left out. In Indic scripts and Thai the vowels are marks, too, and stay. */
const MARKS =
  /[\p{M}&&[\p{Script=Inherited}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}]]|\u093c/gv;

const LANGUAGES = Object.keys(SMALL_WORDS);
/** For each small word the languages that have it, as places in LANGUAGES. */
const LANGUAGES_OF_WORD = new Map<string, number[]>();
for (const [place, words] of Object.values(SMALL_WORDS).entries()) {
  for (const word of new Set(withoutMarks(words).split(" "))) {
    LANGUAGES_OF_WORD.set(word, [...(LANGUAGES_OF_WORD.get(word) ?? []), place]);
  }
}

/** Languages that letter statistics may answer; fewer choices make fewer mistakes on a paragraph. */
const LETTER_STATISTICS_LANGUAGES = [
  ...["eng", "deu", "fra", "spa", "ita", "por", "nld", "rus", "arb", "ukr", "bul", "srp", "pes", "urd"],
  ...["swe", "dan", "nob", "fin", "pol", "ces", "hun", "ron", "tur", "cat", "slv", "hrv", "vie", "ind"],
];
/** Below this letter statistics guess. */
const LETTERS_FOR_STATISTICS = 80;
/** So much running text tells its language whatever the rest of the document is in. */
const LETTERS_OF_ITS_OWN = 400;
const SAMPLE_CHARACTERS = 2_000;
/** A row as the parsers write it. */
const TABLE_LINE = /^[^\n:;|]{1,60}: [^\n]{0,400}; [^\n:;]{1,60}: |\s\|\s/;

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
  return toldLanguage(text) ?? statisticalLanguage(text);
}

/** Null for what could not be told. */
export function knownLanguage(language: string): string | null {
  return language === "und" ? null : language;
}

/** The same for a piece of a document in `documentLanguage`, which counts where the piece is too little to tell. */
export function languageOfPiece(text: string, documentLanguage: string): string {
  const told = toldLanguage(text);
  if (told !== null) return told;
  return lettersOf(proseOf(text)) >= LETTERS_OF_ITS_OWN ? statisticalLanguage(text) : documentLanguage;
}

/** The language of a document by its pieces. Names and numbers in tables say nothing of it: then it is "und". */
export function languageOfDocument(pieces: readonly string[]): string {
  const share = Math.max(200, Math.ceil(SAMPLE_CHARACTERS / Math.max(1, pieces.length)));
  const all = pieces.map((piece) => piece.slice(0, share)).join("\n");
  const prose = proseOf(all);
  if (lettersOf(prose) >= LETTERS_FOR_STATISTICS) return detectLanguage(prose);
  return toldLanguage(all) ?? bestGuess(all.slice(0, SAMPLE_CHARACTERS));
}

/** By its script or its small words; null when they do not tell. */
function toldLanguage(text: string): string | null {
  const sample = text.slice(0, SAMPLE_CHARACTERS).toWellFormed();
  const letters = lettersOf(sample);
  if (letters === 0) return "und";
  for (const [script, language] of SCRIPTS) {
    // Japanese mixes kana with more Chinese characters, so a tenth decides.
    if ((sample.match(script)?.length ?? 0) >= Math.max(1, letters / 10)) return language;
  }
  return bySmallWords(smallWordsOf(sample));
}

function statisticalLanguage(text: string): string {
  const sample = text.slice(0, SAMPLE_CHARACTERS).toWellFormed();
  return byLetterStatistics(sample, lettersOf(sample));
}

/** Without lines of tables, which are names and values. */
function proseOf(text: string): string {
  return text
    .split("\n")
    .filter((line) => !TABLE_LINE.test(line))
    .join("\n");
}

function lettersOf(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0;
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
  return LANGUAGES_OF_WORD.get(word)?.some((place) => LANGUAGES[place] === language) ?? false;
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
  const counts = new Uint32Array(LANGUAGES.length);
  for (const word of words) {
    for (const place of LANGUAGES_OF_WORD.get(word) ?? []) counts[place] = (counts[place] as number) + 1;
  }
  return LANGUAGES.map((language, place) => [language, counts[place] as number]);
}

function smallWordsOf(sample: string): string[] {
  return withoutMarks(sample).match(/[\p{L}\p{M}]+/gu) ?? [];
}

export function withoutMarks(text: string): string {
  return removeMarks(text.normalize("NFKD")).toLowerCase();
}

/** @param text decomposed (NFKD) */
export function removeMarks(text: string): string {
  return text.replace(MARKS, "");
}
