/** Questions that lean on the ones before them, made to stand alone. */
import type { SynonymRule } from "../domain/synonym.ts";
import type { Passage } from "../providers/provider.ts";
import { detectLanguage, OPENS_A_QUESTION } from "./language.ts";
import { recogniseSmallTalk } from "./small-talk/recognise.ts";
import { analyzeQuestion, contentWords, foldWord, indexTerms } from "./text.ts";

export type HistoryMessage = { role: "user" | "assistant"; content: string };

/**
 * - `no`: it is whole.
 * - `maybe`: it can be read alone and with the topic before it.
 * - `yes`: it cannot be read alone.
 */
export type Leaning = "no" | "maybe" | "yes";

/** The ways to read a question, the likelier first; the search says which it is. */
export type Readings = { leaning: Leaning; readings: string[] };

/** With this many words about something, a question that points to nothing is whole. */
const WORDS_OF_A_WHOLE_QUESTION = 4;
/** And with so many it has a topic of its own. */
const WORDS_OF_A_NEW_TOPIC = 6;
/** A fragment has no verb, which its length stands for. */
const WORDS_OF_A_FRAGMENT = 5;
const TOPIC_WORDS = 8;
const LONGEST_JOINED = 600;

const words = (text: string) => new Set(text.split(/\s+/));

/** Openings that only continue, after folding. */
const CONTINUES =
  /^(and|but|or|also|plus|then|und|aber|oder|auch|et|mais|ou|y|pero|tambien|e|ma|anche|mas|tambem|en|maar|of|ook|а|и|но|или|еще|also what|what about|how about|what if|was ist mit|wie ist es mit|wie sieht es mit|wie sieht s mit|qu en est il|que pasa con|e se|che ne dici|hoe zit het met|что насчет|как насчет|ماذا عن|وماذا|و)(?=\s|$)|^(那么|那麼|那|还有|還有|另外|では|じゃあ|それなら|あと)|^(ول|وفي|وهل|ومتى|وكم|ومن|وعن|وإذا|واذا|وماذا)(?=\p{L})/u;
/** A part of a sentence that begins with one of these belongs to a sentence before it. */
const PREPOSITIONS = words(
  `with without for in on at of from by after before during per between under over to about as until since
   mit ohne fur bei von nach vor wahrend pro zwischen unter uber zu zum zur im am ab bis seit aus gegen wegen
   avec sans pour dans sur chez apres avant pendant par entre sous de du des au aux vers depuis jusqu
   con sin para por sobre despues antes durante entre bajo desde hasta al del
   senza per su dopo prima durante tra fra sotto da dal della del nel nella
   com sem depois antes durante entre sob desde ate
   met zonder voor bij van na tijdens tussen onder op aan tot uit vanaf
   с без для в на от после до во при за по между под к у из о об
   مع بدون في من عن بعد قبل خلال الى على بين تحت حتى منذ`,
);
const DETERMINERS = words(
  `a an the my our your der die das den dem des ein eine einen einem einer mein meine le la les un une l mon ma mes
   el los las una unos unas mi mis il lo gli i uno o os as um uma uns umas de het een mijn`,
);
/** Words that stand for something named before. */
const STANDS_FOR = words(
  `it its this that these those they them their he she him her his one ones then same both others either such
   es sie er ihn ihm ihr ihnen dies dieser diese dieses diesem diesen das dort dafur davon damit dabei dazu darin daran darauf daruber beide derselbe dieselbe
   il elle ils elles cela ca ceci y en la lui leur celui celle ceux celles meme
   eso esto ese esa esos esas aquello ella ello ellos ellas alli ahi lo mismo
   questo quello questa quella questi quelli lui lei loro esso essa ci ne stesso
   isso isto aquilo ele ela eles elas la mesmo nele nela dele dela
   dit dat die deze er hem haar hen zij hij ermee ervoor eraan erover daar
   это он она оно они его ее их ему ей им там тогда этот эта эти тот та те такой
   هذا هذه ذلك تلك هو هي هم هناك فيه فيها عنه عنها له لها منه منها به بها
   它 他 她 这 那 这个 那个 这些 那些`,
);
/** Small words that are no pronoun where they stand between others, such as articles. */
const ALSO_ARTICLES = words("das die la lo en y ne ci er es il der");
/** "Is it allowed to bring a dog?" says itself what it is. */
const NAMES_IT_LATER =
  /(^|\s)((is|was|isn t) it|ist es|est (il|ce)|is het)\s.*\s(to|that|if|zu|dass|wenn|de|d|que|om|dat|als)(?=\s)/u;
/** What is left of "how long" and "combien de temps" says nothing of the topic. */
const MEASURES = words(
  "long much many often old far lange viel viele oft hoch weit temps jours fois tiempo dias tempo giorni dias lang dagen time day days",
);
/**
 * How `question` may be read after `history`: as it stands, and joined to what was asked before. Joined, it keeps the
 * topic of the earlier question but not the part that it puts something else in place of: after "hotel limit in
 * Zurich", "and in Basel?" asks for the hotel limit in Basel.
 */
export function readingsOf(history: readonly HistoryMessage[], question: string): Readings {
  const asked = withoutSmallTalk(question);
  const before = questionsIn(history).reduce<string | null>(
    (topic, each) => likeliest(topic, withoutSmallTalk(each)),
    null,
  );
  if (before === null) return { leaning: "no", readings: [asked] };
  return readingsAfter(before, asked);
}

function questionsIn(history: readonly HistoryMessage[]): string[] {
  return history.filter(({ role }) => role === "user").map(({ content }) => content);
}

/** How an earlier question was most likely meant: what it was joined with is not kept. */
function likeliest(before: string | null, question: string): string {
  return before === null ? question : (readingsAfter(before, question).readings[0] ?? question);
}

function readingsAfter(before: string, asked: string): Readings {
  const leaning = leaningOf(asked);
  if (leaning === "no") return { leaning, readings: [asked] };
  const joined = join(before, asked).slice(-LONGEST_JOINED).toWellFormed();
  if (leaning === "yes") return { leaning, readings: [joined] };
  // A few words are rather a part of the question before than a topic of their own.
  return { leaning, readings: isFragment(foldedWords(asked)) ? [joined, asked] : [asked, joined] };
}

/** Greetings and thanks around a question are no part of it. */
export function withoutSmallTalk(question: string): string {
  const parts = question.trim().split(/(?<=[,.!?;:…。！？؟，、])\s*(?=\S)/u);
  const isTalk = (part: string | undefined) => part !== undefined && recogniseSmallTalk(part) !== null;
  while (parts.length > 1 && isTalk(parts[0])) parts.shift();
  while (parts.length > 1 && isTalk(parts.at(-1))) parts.pop();
  return parts.join(" ");
}

function leaningOf(question: string): Leaning {
  const folded = foldedWords(question);
  // "Yes" and "ok" get here only as answers to what a model has asked.
  if (folded.length === 0 || recogniseSmallTalk(question) !== null) return "yes";
  const line = folded.join(" ");
  const opener = CONTINUES.exec(line)?.[0];
  const rest = opener === undefined ? folded : line.slice(opener.length).trim().split(" ");
  const topical = topicalCount(question, folded);
  if (topical === 0) return "yes";
  const isWhole = OPENS_A_QUESTION.has(rest[0] ?? "") && topical >= WORDS_OF_A_WHOLE_QUESTION - 1;
  if (opener !== undefined) return isWhole && !pointsBack(rest) ? "maybe" : "yes";
  if (PREPOSITIONS.has(folded[0] ?? "") && isFragment(folded)) return "yes";
  if (pointsBack(folded) && !NAMES_IT_LATER.test(line) && topical < WORDS_OF_A_WHOLE_QUESTION) return "yes";
  return topical < WORDS_OF_A_NEW_TOPIC ? "maybe" : "no";
}

/** A pronoun, or an article that has nothing behind it. */
function pointsBack(folded: readonly string[]): boolean {
  return folded.some(
    (word, at) => STANDS_FOR.has(word) && (!ALSO_ARTICLES.has(word) || at === folded.length - 1),
  );
}

function isFragment(folded: readonly string[]): boolean {
  return folded.length <= WORDS_OF_A_FRAGMENT && !OPENS_A_QUESTION.has(folded[0] ?? "");
}

/** A question that asks by itself gets the topic of the one before; a fragment takes the place of a part of it. */
function join(before: string, asked: string): string {
  const folded = foldedWords(asked);
  const opener = CONTINUES.exec(folded.join(" "))?.[0] ?? "";
  const rest = folded.slice(opener === "" ? 0 : foldedWords(opener).length);
  const said = withoutFirstWords(asked, folded.length - rest.length);
  if (OPENS_A_QUESTION.has(rest[0] ?? "")) return `${topicOf(before, asked)}: ${said}`;
  return `${withoutReplaced(before, asked, rest).trim()} ${said}`;
}

function withoutFirstWords(text: string, count: number): string {
  const words = [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)];
  return text.slice(words[count]?.index ?? 0);
}

/** What the earlier question was about, without how it asked. */
function topicOf(before: string, asked: string): string {
  const said = new Set(contentWords(asked).map(foldWord));
  const topic = contentWords(before).filter((word) => !said.has(foldWord(word)) && !isAsking(word));
  return topic.slice(0, TOPIC_WORDS).join(" ");
}

/** The earlier question up to the part that `rest` puts something else in place of, and what came behind that part. */
function withoutReplaced(before: string, asked: string, rest: readonly string[]): string {
  const tokens =
    before.replace(/[?？؟!.]+\s*$/u, "").match(/[\p{L}\p{N}\p{M}]+['’]?|[^\p{L}\p{N}\p{M}]+/gu) ?? [];
  const folded = tokens.map(foldWord);
  const from = startOfReplaced(tokens, folded, asked, rest);
  if (from < 0) return tokens.join("");
  const next = folded.findIndex((word, at) => at > from && PREPOSITIONS.has(word));
  const kept = [...tokens.slice(0, from), ...(next < 0 ? [] : [" ", ...tokens.slice(next)])].join("").trim();
  // Nothing but "how long" would be left of the topic.
  return contentWords(kept).some((word) => !isAsking(word)) ? kept : tokens.join("");
}

function startOfReplaced(
  tokens: readonly string[],
  folded: readonly string[],
  asked: string,
  rest: readonly string[],
): number {
  const lead = rest[0] ?? "";
  if (PREPOSITIONS.has(lead) || DETERMINERS.has(lead)) {
    const at = folded.lastIndexOf(lead);
    // The article's preposition goes on: "the rate of a developer", "and a designer?".
    if (at >= 0 && folded.length - at > 1) return at;
  }
  const isName = (token: string, at: number) => at > 0 && /^\p{Lu}\p{Ll}/u.test(token);
  const isNumber = (token: string) => /^\p{N}+$/u.test(token);
  const own = asked.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  if (own.some((token) => isNumber(token))) return tokens.findLastIndex(isNumber);
  return own.slice(-rest.length).some((token) => /^\p{Lu}\p{Ll}/u.test(token))
    ? tokens.findLastIndex(isName)
    : -1;
}

/** Whether `word` (folded) begins questions. */
export function opensAQuestion(word: string): boolean {
  return OPENS_A_QUESTION.has(word);
}

function isAsking(word: string): boolean {
  const folded = foldWord(word);
  return OPENS_A_QUESTION.has(folded) || MEASURES.has(folded);
}

/**
 * Whether `passage` says anything of what is new in `reading`. A question that stands alone and finds nothing may find
 * something by the topic before it, which is then what was answered already.
 */
export function bearsOnWhatIsNew(
  history: readonly HistoryMessage[],
  reading: string,
  passage: Passage,
  synonyms: readonly SynonymRule[] = [],
): boolean {
  const said = new Set(questionsIn(history).flatMap(contentWords).map(foldWord));
  const fresh = contentWords(reading).filter((word) => !said.has(foldWord(word)));
  if (fresh.length === 0) return true;
  const language = detectLanguage(passage.text);
  const terms = new Set(
    indexTerms([passage.title, ...passage.headingPath, passage.text].join("\n"), language),
  );
  const { words: own, related = [] } = analyzeQuestion(fresh.join(" "), [language], synonyms).query;
  const held = own.filter(
    (alternatives, word) =>
      alternatives.some((term) => terms.has(term)) ||
      related[word]?.some((saying) => saying.terms.every((term) => terms.has(term))),
  );
  return held.length * 2 >= own.length;
}

/** Whether a model's `rewritten` still asks what `question` asked: at least half of its words about something are there. */
export function keepsQuestion(rewritten: string, question: string): boolean {
  const own = contentWords(withoutSmallTalk(question)).map(foldWord);
  const stem = (word: string) => word.slice(0, Math.max(4, word.length - 2));
  const line = foldedWords(rewritten).join(" ");
  const folded = foldedWords(question);
  if (topicalCount(question, folded) === 0 || recogniseSmallTalk(question) !== null) return true;
  const kept = own.filter((word) => STANDS_FOR.has(word) || line.includes(stem(word)));
  return kept.length * 2 >= own.length;
}

/**
 * Whether a model's `rewritten` holds what `joined` leaves out of the question before because something else was put in
 * its place: the hotel limit "in Zurich and in Basel".
 */
export function dragsAlong(history: readonly HistoryMessage[], joined: string, rewritten: string): boolean {
  const wordsOf = (text: string) => new Set(contentWords(text).map(foldWord));
  const leftOut = wordsOf(questionsIn(history).at(-1) ?? "").difference(wordsOf(joined));
  return !leftOut.isDisjointFrom(wordsOf(rewritten));
}

function topicalCount(question: string, folded: readonly string[]): number {
  const kept = new Set(
    contentWords(question)
      .map(foldWord)
      .filter((word) => !STANDS_FOR.has(word)),
  );
  // contentWords gives everything back when all of it only asks.
  const onlyAsks = folded.every((word) => STANDS_FOR.has(word) || OPENS_A_QUESTION.has(word));
  return onlyAsks ? 0 : kept.size;
}

function foldedWords(question: string): string[] {
  return (question.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).map(foldWord).filter((word) => word !== "");
}
