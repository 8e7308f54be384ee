/** What kind of thing a question wants to be told. */
import { detectLanguage, languagesOfQuestion, OPENS_A_QUESTION } from "../language.ts";
import { foldWord } from "../text.ts";
import { ASKING, COUNTING_WORDS, type Kind } from "./asked-words.ts";
import { foldText, Phrases } from "./phrases.ts";

export type { Kind } from "./asked-words.ts";

const KINDS = Object.keys(ASKING) as Kind[];
const PHRASES = new Map(KINDS.map((kind) => [kind, new Phrases(ASKING[kind])]));

const COUNTING_IN = new Map(
  Object.entries(COUNTING_WORDS).map(([language, words]) => [
    language,
    new Set(words.split(" ").map(foldWord)),
  ]),
);
const COUNTING = new Set(COUNTING_IN.values().flatMap((words) => words.values()));

/** What a word of the question names outright. */
const NAMED: Kind[] = ["quantity", "money", "duration", "time", "frequency", "place", "person", "phone"];

/** Which kinds a narrower one makes idle: "what is the deadline" asks for no definition. */
const NARROWER: Partial<Record<Kind, Kind[]>> = {
  definition: [...NAMED, "contact", "reason", "steps", "contents"],
  permission: [...NAMED, "reason", "steps", "difference"],
  list: [...NAMED, "contact"],
  quantity: ["duration", "frequency", "money"],
  person: ["contact", "phone"],
  contact: ["phone"],
};

/**
 * The kinds that `question` asks for, in no order; none when it only names a topic.
 * @param languages of the documents, for a question too short to tell its own
 */
export function kindsAsked(question: string, languages: readonly string[]): ReadonlySet<Kind> {
  const own = languagesOfQuestion(foldText(question).split(" "));
  const detected = detectLanguage(question);
  const asked = [...new Set([...own, ...(detected === "und" ? languages : [detected])])];
  const clauses = question
    .split(CLAUSE)
    .map(foldText)
    .filter((clause) => clause !== "");
  const last = clauses.at(-1) ?? "";
  const whole = kindsIn(clauses.join(" "), asked);
  if (clauses.length < 2 || GOES_ON.test(last) || clauses.slice(0, -1).some((each) => opens(each, asked)))
    return whole;
  // What comes before it says how things are: "my wallet is gone, who do I call".
  const ofLast = kindsIn(last, asked);
  return ofLast.size > 0 ? ofLast : whole;
}

const CLAUSE = /[,;:.!?，；：。！？、،؛؟]+(?:\s+|$)/u;
/** Another question beside the first. */
const GOES_ON = /^(and|or|und|oder|et|ou|y|o|e|en|of|и|или|و|او)(?=\s)/;
/** Asks, or says under which condition something is asked; where another question stands before it, the latter. */
const WHEN = /(?<=\S\s)(?:when|quand|cuando|quando|wanneer|когда)(?=\s)/g;
/** "Can you tell me when …" asks when. */
const TO_YOU =
  /^(?:\S+ (?:you|vous|tu|sie|du|ihr|usted|voce|jij|вы|ты)|kun je|kan je|kunt u|kan u|puede|puedes|puo|puoi|pode|podes|можете|можешь)(?=\s|$)/;
/** An asking phrase at the beginning has at most so many words. */
const WORDS_OF_OPENING = 2;

/** Whether a clause begins as questions do; without spaces, whether it may ask anything. */
function opens(clause: string, languages: readonly string[]): boolean {
  const [first = "", ...others] = clause.split(" ");
  if (others.length === 0) return kindsIn(clause, languages).size > 0;
  return OPENS_A_QUESTION.has(first) && !WHEN_ALONE.has(first);
}

const WHEN_ALONE = new Set("when quand cuando quando wanneer когда".split(" "));

function kindsIn(clause: string, languages: readonly string[]): Set<Kind> {
  const isYesOrNo = PHRASES.get("permission")?.in(
    clause.split(" ").slice(0, WORDS_OF_OPENING).join(" "),
    languages,
  );
  const folded = isYesOrNo && !TO_YOU.test(clause) ? clause.replace(WHEN, "") : clause;
  const found = new Set(KINDS.filter((kind) => PHRASES.get(kind)?.in(folded, languages)));
  for (const [kind, narrower] of Object.entries(NARROWER) as [Kind, Kind[]][]) {
    if (narrower.some((each) => found.has(each))) found.delete(kind);
  }
  return found;
}

/** Whether `word` (folded) by itself says what kind of thing is wanted: "price", "address", "deadline". */
export function namesKind(word: string): boolean {
  return KINDS.some((kind) => PHRASES.get(kind)?.in(word, Object.keys(ASKING[kind])));
}

/** Whether the word behind `word` (folded) is what is counted or chosen, in one of the languages. */
export function countsWhatFollows(word: string, languages: readonly string[]): boolean {
  return languages.some((language) => COUNTING_IN.get(language)?.has(word));
}

/** Words behind these are what is counted or chosen. */
const FOCUS_WORDS = 2;

/** The words (folded) that stand right behind "how many", "which" and the like: "how many *vacation days*". */
export function focusOf(question: string): string[] {
  const words = foldText(question).split(" ");
  const at = words.findLastIndex((word) => COUNTING.has(word));
  return at < 0 ? [] : words.slice(at + 1, at + 1 + FOCUS_WORDS);
}
