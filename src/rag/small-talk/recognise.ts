/** Whether a turn is small talk, decided by its words alone: all of them have to belong to it, or it is a question. */
import { SMALL_TALK_KINDS, type SmallTalkKind } from "../../domain/small-talk.ts";
import { moodOf, withoutPictures } from "./emoji.ts";
import { isGibberish } from "./gibberish.ts";
import type { TalkLanguage } from "./language.ts";
import { TALK_LANGUAGES } from "./languages.ts";
import { compile, endsOf, type Phrase, vocabularyOf } from "./phrases.ts";
import { spellingsOf, talkWords } from "./words.ts";

export type SmallTalk = {
  /** What it is in each language in which all of it is small talk; the same kind everywhere where no language is told. */
  readings: Reading[];
  /** False for an emoji or a hand on the keyboard, which are of no language. */
  tellsLanguage: boolean;
};
export type Reading = {
  /** ISO 639-3. */
  language: string;
  kind: SmallTalkKind;
  /** Whether it has words of the language itself, not only such as are borrowed from another one. */
  own: boolean;
};

/** More words, or characters of Chinese and Japanese, are no small talk. */
const MOST_WORDS = 24;
/** Of a turn with several kinds the first counts: "thanks, bye" is a goodbye, "hi, I need a human" wants a person. */
const STRONGEST_FIRST: readonly SmallTalkKind[] = [
  ...(["a-person", "upset", "are-you-human", "who-are-you", "what-can-you-do", "help", "test"] as const),
  ...(["goodbye", "thanks", "how-are-you", "greeting", "no", "yes", "ok", "unclear"] as const),
];
/** Of what the same words may be: "servus" greets and parts, "klar" agrees and takes note. */
const LIKELIEST_FIRST: readonly SmallTalkKind[] = [
  ...(["a-person", "upset", "are-you-human", "who-are-you", "what-can-you-do", "help"] as const),
  ...(["greeting", "goodbye", "how-are-you", "yes", "ok", "test", "thanks", "no", "unclear"] as const),
];
const MOST_GIBBERISH_WORDS = 4;

type Prepared = {
  code: string;
  /** Every word that small talk in this language has; a turn with another one is none. */
  vocabulary: Set<string>;
  /** Made when a turn is of these words alone: most never are. */
  phrases(): { beside: Phrase[]; kinds: KindOfPhrase[] };
};
type KindOfPhrase = { kind: SmallTalkKind; own: boolean; phrase: Phrase };

let prepared: Prepared[] | null = null;

/** @param names what the assistant is called, which people add to a greeting */
export function recogniseSmallTalk(text: string, names: readonly string[] = []): SmallTalk | null {
  const plain = withoutPictures(text);
  const words = talkWords(plain);
  if (words.length === 0) return ofNoLanguage(moodOf(text));
  if (words.length > MOST_WORDS) return null;
  prepared ??= TALK_LANGUAGES.map(prepare);
  const nameWords = names.map(talkWords).filter((name) => name.length > 0);
  const spellings = words.map(spellingsOf);
  const readings = prepared.flatMap((language) => readingIn(language, spellings, nameWords) ?? []);
  if (readings.length > 0) return { readings, tellsLanguage: true };
  return isUnclear(plain, words) ? ofNoLanguage("unclear") : null;
}

function ofNoLanguage(kind: SmallTalkKind): SmallTalk {
  const readings = TALK_LANGUAGES.map(({ code }) => ({ language: code, kind, own: false }));
  return { readings, tellsLanguage: false };
}

function prepare({ code, slots, beside, phrases, borrowed }: TalkLanguage): Prepared {
  const templates = [
    Object.values(slots),
    beside,
    ...Object.values(phrases),
    ...Object.values(borrowed),
  ].flat();
  let made: ReturnType<Prepared["phrases"]> | null = null;
  const make = () => ({
    beside: beside.map((template) => compile(template, slots)),
    kinds: SMALL_TALK_KINDS.flatMap((kind) => {
      const own = kind === "unclear" ? [] : phrases[kind];
      const toPhrase = (isOwn: boolean) => (template: string) => ({
        kind,
        own: isOwn,
        phrase: compile(template, slots),
      });
      return [...own.map(toPhrase(true)), ...(borrowed[kind] ?? []).map(toPhrase(false))];
    }),
  });
  return {
    code,
    vocabulary: new Set(templates.flatMap(vocabularyOf)),
    phrases() {
      made ??= make();
      return made;
    },
  };
}

/** `pieces`: of how many phrases and words beside them it is put together. */
type State = { kinds: ReadonlySet<SmallTalkKind>; own: boolean; pieces: number };

function readingIn(
  { code, vocabulary, phrases }: Prepared,
  typed: readonly string[][],
  names: readonly string[][],
): Reading | null {
  const words = knownWords(typed, vocabulary, names.flat());
  if (words === null) return null;
  const { beside, kinds } = phrases();
  const extras = [...beside, ...names.map((name) => name.map((word) => ({ word })))];
  // For each place, how everything before it can be read.
  const states = Array.from({ length: words.length + 1 }, () => new Map<string, State>());
  states[0]?.set("", { kinds: new Set(), own: false, pieces: 0 });
  for (let at = 0; at < words.length; at++) {
    const before = [...(states[at]?.values() ?? [])];
    if (before.length === 0) continue;
    const reach = (end: number, kind: SmallTalkKind | null, own: boolean) => {
      for (const state of before) addState(states[end], state, kind, own);
    };
    for (const phrase of extras) for (const end of endsOf(phrase, words, at)) reach(end, null, false);
    for (const { kind, own, phrase } of kinds)
      for (const end of endsOf(phrase, words, at)) if (end > at) reach(end, kind, own);
  }
  const best = bestOf([...(states[words.length]?.values() ?? [])].filter((state) => state.kinds.size > 0));
  return best && { language: code, kind: strongest(best.kinds), own: best.own };
}

/** The words as the language spells them; null at the first that it does not know: so ends almost every question. */
function knownWords(
  typed: readonly string[][],
  vocabulary: ReadonlySet<string>,
  names: readonly string[],
): string[] | null {
  const words: string[] = [];
  for (const spellings of typed) {
    const word =
      spellings.find((each) => vocabulary.has(each)) ?? spellings.find((each) => names.includes(each));
    if (word === undefined) return null;
    words.push(word);
  }
  return words;
}

function addState(
  states: Map<string, State> | undefined,
  before: State,
  kind: SmallTalkKind | null,
  own: boolean,
): void {
  const kinds = kind === null ? before.kinds : new Set([...before.kinds, kind]);
  const state = { kinds, own: before.own || own, pieces: before.pieces + 1 };
  const key = `${[...kinds].sort().join()} ${state.own}`;
  if ((states?.get(key)?.pieces ?? Number.POSITIVE_INFINITY) > state.pieces) states?.set(key, state);
}

/** The simplest reading: of as few pieces as can be, and of as few kinds. */
function bestOf(states: readonly State[]): State | null {
  const ranked = states.toSorted(
    (left, right) =>
      left.pieces - right.pieces ||
      left.kinds.size - right.kinds.size ||
      likeliness(left) - likeliness(right) ||
      Number(right.own) - Number(left.own),
  );
  return ranked[0] ?? null;
}

function likeliness({ kinds }: State): number {
  return LIKELIEST_FIRST.indexOf(strongest(kinds));
}

function strongest(kinds: ReadonlySet<SmallTalkKind>): SmallTalkKind {
  return STRONGEST_FIRST.find((kind) => kinds.has(kind)) ?? "unclear";
}

/** A letter and nothing else, or a hand on the keyboard. What is in capitals may be an abbreviation. */
function isUnclear(text: string, words: readonly string[]): boolean {
  if (
    /^[\s.,;:!?'"…]*[\p{L}--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]][\s.,;:!?'"…]*$/v.test(
      text,
    )
  )
    return true;
  if (words.length > MOST_GIBBERISH_WORDS || isInCapitals(text)) return false;
  return words.every(isGibberish) || /^(.)\1{2,}$/u.test(words.join(""));
}

function isInCapitals(text: string): boolean {
  return text === text.toUpperCase() && text !== text.toLowerCase();
}
