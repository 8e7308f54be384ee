/** The words of a question in the languages of the documents: everyday words of work, each in ten languages. */
import { EMPLOYMENT } from "./across/employment.ts";
import { OFFICE } from "./across/office.ts";
import { PLACES } from "./across/places.ts";
import { RECORDS } from "./across/records.ts";
import { TECHNOLOGY } from "./across/technology.ts";
import { type Analysis, keyOf, linesOf } from "./related.ts";

/** ISO 639-3 codes, in the order of the columns. */
const ACROSS_LANGUAGES = ["eng", "deu", "fra", "spa", "ita", "por", "nld", "rus", "arb", "cmn"];
/** Those that write a thing and what it is for as one word. */
const COMPOUNDING = new Set(["deu", "nld"]);
/** What stands between the parts of a compound and belongs to neither. */
const JOINTS = /(?:es|en|s|n|e)$/;
const LEAST_PART = 4;
/** How much of a word its translation is; of a compound what it is of, and what it is for. */
const FORM = { whole: 0.8, kind: 0.6, purpose: 0.7 };

/** One way of saying a part of a question in another language. */
export type Translation = { words: string[]; language: string; form: number };
/** A part of a question, told by its first word and how many it has, and what is said for it elsewhere. */
export type SaidElsewhere = { start: number; length: number; others: Translation[] };

/** A thing, by language. */
type Thing = ReadonlyMap<string, string[][]>;
type Entry = { keys: string[]; thing: Thing };

/** Every part of a question in `from`, told word by word (folded), that has a name in one of `to`. */
export function saidElsewhere(
  words: readonly string[],
  from: string,
  to: readonly string[],
  analysis: Analysis,
): SaidElsewhere[] {
  const entries = entriesOf(from, analysis);
  const keys = words.map((word) => keyOf(word, from, analysis));
  return keys.flatMap((key, start): SaidElsewhere[] => {
    const found = (entries.get(key) ?? []).filter((entry) =>
      entry.keys.every((each, place) => keys[start + place] === each),
    );
    if (found.length === 0) return compoundElsewhere(words[start] ?? "", start, from, to, analysis);
    return found.map((entry) => ({
      start,
      length: entry.keys.length,
      others: namesOf(entry.thing, to, FORM.whole),
    }));
  });
}

/** How many of the words (folded) are everyday words of `language`. */
export function everydayWords(words: readonly string[], language: string, analysis: Analysis): number {
  const entries = entriesOf(language, analysis);
  return words.filter((word) => entries.has(keyOf(word, language, analysis))).length;
}

/** The languages that Parley can tell the everyday words of. */
export function acrossLanguages(): readonly string[] {
  return ACROSS_LANGUAGES;
}

/** "Urlaubsstunden": the hours are what is asked for, but the leave says which. */
function compoundElsewhere(
  word: string,
  start: number,
  from: string,
  to: readonly string[],
  analysis: Analysis,
): SaidElsewhere[] {
  if (!COMPOUNDING.has(from)) return [];
  const entries = entriesOf(from, analysis);
  const thingsOf = (part: string) =>
    part.length < LEAST_PART
      ? []
      : (entries.get(keyOf(part, from, analysis)) ?? []).filter(({ keys }) => keys.length === 1);
  for (let cut = word.length - LEAST_PART; cut >= LEAST_PART; cut--) {
    const [first, kinds] = [word.slice(0, cut), thingsOf(word.slice(cut))];
    const whole = thingsOf(first);
    const purposes = whole.length > 0 ? whole : thingsOf(first.replace(JOINTS, ""));
    if (kinds.length === 0 || purposes.length === 0) continue;
    const others = [
      ...purposes.flatMap(({ thing }) => namesOf(thing, to, FORM.purpose)),
      ...kinds.flatMap(({ thing }) => namesOf(thing, to, FORM.kind)),
    ];
    return [{ start, length: 1, others }];
  }
  return [];
}

function namesOf(thing: Thing, languages: readonly string[], form: number): Translation[] {
  return languages.flatMap((language) =>
    (thing.get(language) ?? []).map((words) => ({ words, language, form })),
  );
}

let things: Thing[] | null = null;
const entriesByLanguage = new Map<string, ReadonlyMap<string, Entry[]>>();

/** By the key of the first word. */
function entriesOf(language: string, analysis: Analysis): ReadonlyMap<string, Entry[]> {
  const known = entriesByLanguage.get(language);
  if (known !== undefined) return known;
  things ??= [EMPLOYMENT, TECHNOLOGY, OFFICE, RECORDS, PLACES].flatMap((table) =>
    linesOf(table).map((line) => readThing(line, analysis)),
  );
  const entries = new Map<string, Entry[]>();
  for (const thing of things) {
    for (const words of thing.get(language) ?? []) {
      const keys = words.map((word) => keyOf(word, language, analysis));
      const first = keys[0] ?? "";
      entries.set(first, [...(entries.get(first) ?? []), { keys, thing }]);
    }
  }
  entriesByLanguage.set(language, entries);
  return entries;
}

function readThing(line: string, { split }: Analysis): Thing {
  const cells = line.split("|");
  return new Map(
    ACROSS_LANGUAGES.map((language, column) => [
      language,
      (cells[column] ?? "")
        .split(",")
        .map(split)
        .filter((words) => words.length > 0),
    ]),
  );
}
