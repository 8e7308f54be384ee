/** Days and stretches of days as people write them, in every language of the product. No date is guessed. */
import { foldWord } from "../text.ts";
import type { Span } from "./words.ts";

/** Both days included; one day is its own first and last. Days are ISO 8601. */
export type DateMention = Span & { from: string; to: string };

/** In the order of the product's languages; the calendar's words come from the runtime's own tables. */
const LOCALES = ["en", "de", "fr", "es", "it", "pt", "nl", "ru", "ar", "zh", "ja"];
/** Those that write the month first; the rest puts the day there. */
const MONTH_FIRST = "eng";
const DAY_MS = 86_400_000;

type Calendar = { months: ReadonlyMap<string, number>; phrases: { words: string; stretch: Stretch }[] };
type Stretch = { unit: "day" | "week" | "month" | "year"; offset: number };

/**
 * Every date that can be read in one way only.
 *
 * @param today ISO 8601, where the server is
 * @param language of the question, which says what 3/4/2026 is: unknown, such a date is left alone
 */
export function dateMentions(text: string, today: string, language: string | null): DateMention[] {
  const found = [
    ...isoDates(text),
    ...numericDates(text, language),
    ...namedDates(text),
    ...spoken(text, today),
  ];
  const longestFirst = found.toSorted((left, right) => right.end - right.start - (left.end - left.start));
  const kept: DateMention[] = [];
  for (const each of longestFirst)
    if (!kept.some((other) => each.start < other.end && other.start < each.end)) kept.push(each);
  return kept.toSorted((left, right) => left.start - right.start);
}

function isoDates(text: string): DateMention[] {
  return [...text.matchAll(/(?<![\p{N}-])(\d{4})-(\d{2})-(\d{2})(?![\p{N}-])/gu)].flatMap((found) =>
    oneDay(found, Number(found[1]), Number(found[2]), Number(found[3])),
  );
}

/** 31.12.2026 is the day first everywhere; with slashes it depends on who writes. */
function numericDates(text: string, language: string | null): DateMention[] {
  return [...text.matchAll(/(?<![\p{N}./])(\d{1,2})([./])(\d{1,2})\2(\d{4})(?!\p{N}|[./]\p{N})/gu)].flatMap(
    (found) => {
      const [first, second, year] = [Number(found[1]), Number(found[3]), Number(found[4])];
      if (found[2] === "." || first > 12) return oneDay(found, year, second, first);
      if (second > 12) return oneDay(found, year, first, second);
      if (first !== second && (language === null || language === MONTH_FIRST)) return [];
      return oneDay(found, year, second, first);
    },
  );
}

const DAY = String.raw`(\d{1,2})(?:st|nd|rd|th|er|\.|º)?`;
const NAME = String.raw`([\p{L}\p{M}]{3,})\.?`;
const OF = String.raw`(?:\s+(?:of|de|of the))?\s+`;
const YEAR = String.raw`(?:,)?(?:\s+(?:of|de|del|do))?\s+(\d{4})`;

/** With a day, or a whole month; always with its year, since 3 March is one in each. */
function namedDates(text: string): DateMention[] {
  const at = (pattern: string) => [
    ...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, "gu")),
  ];
  return [
    ...at(`${DAY}${OF}${NAME}${YEAR}`).flatMap((found) => named(found, found[2], found[3], found[1])),
    ...at(`${NAME}\\s+${DAY}${YEAR}`).flatMap((found) => named(found, found[1], found[3], found[2])),
    ...at(`(?<!\\d\\S{0,2}\\s+(?:of\\s+|de\\s+)?)${NAME}${YEAR}`).flatMap((found) =>
      named(found, found[1], found[2]),
    ),
    ...[...text.matchAll(/(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?/gu)].flatMap((found) =>
      found[3] === undefined
        ? wholeMonth(found, Number(found[1]), Number(found[2]))
        : oneDay(found, Number(found[1]), Number(found[2]), Number(found[3])),
    ),
  ];
}

function named(found: RegExpExecArray, name = "", year = "", day?: string): DateMention[] {
  const month = calendar().months.get(foldWord(name));
  if (month === undefined) return [];
  return day === undefined
    ? wholeMonth(found, Number(year), month)
    : oneDay(found, Number(year), month, Number(day));
}

/** "yesterday", "letzten Monat": the runtime's own words for the days and stretches around today. */
function spoken(text: string, today: string): DateMention[] {
  const lower = text.toLowerCase().replaceAll("’", "'");
  if (lower.length !== text.length) return [];
  return calendar().phrases.flatMap(({ words, stretch }) =>
    [
      ...lower.matchAll(
        new RegExp(`${edge(words, "before")}${RegExp.escape(words)}${edge(words, "after")}`, "gu"),
      ),
    ].map(({ index }) => ({ ...stretchOf(today, stretch), start: index, end: index + words.length })),
  );
}

/** Words end where letters end, but for scripts that set none apart. */
function edge(words: string, side: "before" | "after"): string {
  if (/[\p{Script=Han}\p{Script=Hiragana}]/u.test(words)) return "";
  return side === "before" ? "(?<![\\p{L}\\p{N}])" : "(?![\\p{L}\\p{N}])";
}

function stretchOf(today: string, { unit, offset }: Stretch): { from: string; to: string } {
  const now = new Date(`${today}T00:00:00Z`);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  if (unit === "day") return between(now.getTime() + offset * DAY_MS, now.getTime() + offset * DAY_MS);
  if (unit === "year") return between(Date.UTC(year + offset, 0, 1), Date.UTC(year + offset, 11, 31));
  if (unit === "month")
    return between(Date.UTC(year, month + offset, 1), Date.UTC(year, month + offset + 1, 0));
  const monday = now.getTime() - ((now.getUTCDay() + 6) % 7) * DAY_MS + offset * 7 * DAY_MS;
  return between(monday, monday + 6 * DAY_MS);
}

let known: Calendar | null = null;

function calendar(): Calendar {
  known ??= { months: new Map(LOCALES.flatMap(monthsIn)), phrases: LOCALES.flatMap(phrasesIn) };
  return known;
}

function monthsIn(locale: string): [string, number][] {
  return Array.from({ length: 12 }, (_, place) => new Date(Date.UTC(2026, place, 15))).flatMap((day, place) =>
    (["long", "short"] as const).flatMap((style): [string, number][] => {
      // Beside a day some languages have another form of the name.
      const alone = new Intl.DateTimeFormat(locale, { month: style, timeZone: "UTC" }).format(day);
      const parts = new Intl.DateTimeFormat(locale, { month: style, day: "numeric", timeZone: "UTC" });
      const beside = parts.formatToParts(day).find(({ type }) => type === "month")?.value ?? alone;
      return [alone, beside].map((name) => [foldWord(name), place + 1]);
    }),
  );
}

function phrasesIn(locale: string): Calendar["phrases"] {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const days = [-2, -1, 0, 1, 2].map((offset): Stretch => ({ unit: "day", offset }));
  const stretches = (["week", "month", "year"] as const).flatMap((unit) =>
    [-1, 0].map((offset): Stretch => ({ unit, offset })),
  );
  return [...days, ...stretches]
    .map((stretch) => ({
      words: words.format(stretch.offset, stretch.unit).toLowerCase().replaceAll("’", "'"),
      stretch,
    }))
    .filter(({ words: phrase }) => !/\d/.test(phrase));
}

function oneDay(found: RegExpExecArray, year: number, month: number, day: number): DateMention[] {
  const at = Date.UTC(year, month - 1, day);
  const date = new Date(at);
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1900 && year < 2200;
  return isReal ? [{ ...between(at, at), start: found.index, end: found.index + found[0].length }] : [];
}

function wholeMonth(found: RegExpExecArray, year: number, month: number): DateMention[] {
  if (year < 1900 || year >= 2200 || month < 1 || month > 12) return [];
  const stretch = between(Date.UTC(year, month - 1, 1), Date.UTC(year, month, 0));
  return [{ ...stretch, start: found.index, end: found.index + found[0].length }];
}

function between(from: number, to: number): { from: string; to: string } {
  return { from: isoDay(from), to: isoDay(to) };
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
