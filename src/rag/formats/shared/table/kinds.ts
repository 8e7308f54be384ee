/** What kind of thing a cell says: it tells the names of columns from what stands under them. */

export type Kind = "none" | "number" | "date" | "time" | "address" | "code" | "text";

const NONE = /^[\s.–—-]*$|^n\/?a\.?$/i;
const TIME =
  /^\d{1,2}[:.h]\d{2}(?:\s?(?:am|pm|uhr|h))?(?:\s?[–-]\s?\d{1,2}[:.h]\d{2}(?:\s?(?:am|pm|uhr|h))?)?$/i;
const DATE =
  /^(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|\d{1,2}\.?(?:\s|-)\p{L}{3,10}\.?(?:(?:\s|-)\d{2,4})?|\p{L}{3,10}\.?\s\d{1,2},?(?:\s\d{4})?|\d{4}年?\d{0,2}月?\d{0,2}日?)$/u;
const ADDRESS = /^(?:https?:\/\/\S+|www\.\S+|[^\s@]+@[^\s@]+\.[^\s@]+)$/i;
/** A number, its sign and currency before it, and a unit of at most two words behind it. */
const NUMBER = /^[(+−–-]?\s?(?:[€$£¥]|[A-Z]{3}\s)?\s?\d[\d.,'’ \u202f]*(?:\s?[\p{L}%‰°€$£¥/²³.]+){0,2}\)?$/u;

/** A longer text is none of the short kinds, and patterns that look for those take long over it. */
const LONGEST_VALUE = 100;

export function kindOf(text: string): Kind {
  if (text.length > LONGEST_VALUE) return "text";
  if (NONE.test(text)) return "none";
  if (TIME.test(text)) return "time";
  if (!hasDigit(text)) return ADDRESS.test(text) ? "address" : "text";
  if (ADDRESS.test(text)) return "address";
  if (/^\d{4}$/.test(text)) return "number";
  if (DATE.test(text)) return "date";
  if (NUMBER.test(text)) return "number";
  return text.split(/\s/).length <= 3 ? "code" : "text";
}

export function hasDigit(text: string): boolean {
  return /\p{N}/u.test(text);
}

/** Years, quarters, weeks, months or days in a row: names of columns though they may be numbers. */
export function isSequence(texts: readonly string[]): boolean {
  if (texts.length < 2) return false;
  return isYears(texts) || isNumbered(texts) || areOf(MONTHS, texts) || areOf(DAYS, texts);
}

/** Each a day or a month of its own, as the rows of a plan are called. */
export function isCalendar(texts: readonly string[]): boolean {
  return texts.length >= 2 && (areOf(DAYS, texts) || areOf(MONTHS, texts));
}

function isYears(texts: readonly string[]): boolean {
  const years = texts.map((text) =>
    Number(/^(?:FY\s?|AY\s?)?((?:19|20)\d{2})(?:\s?[/–-]\s?\d{2,4})?\*?$/i.exec(text)?.[1]),
  );
  return years.every((year) => !Number.isNaN(year)) && hasEvenSteps(years);
}

/** "Q1", "1. Quartal", "Week 31", "KW 31", "T1 2024": one word and numbers, which rise. */
function isNumbered(texts: readonly string[]): boolean {
  const parts = texts.map((text) =>
    /^(?:(\p{L}{1,8})\.?\s?(\d{1,2})|(\d{1,2})\.?\s(\p{L}{2,10}))(?:[\s/'’-]+(\d{2,4}))?$/u.exec(text),
  );
  const [first] = parts;
  if (!first) return false;
  const wordOf = (part: RegExpExecArray | null) => (part?.[1] ?? part?.[4])?.toLowerCase();
  const numbers = parts.map((part) => Number(part?.[2] ?? part?.[3]));
  const years = parts.map((part) => Number(part?.[5] ?? 0));
  return (
    parts.every((part) => part !== null && wordOf(part) === wordOf(first)) &&
    (isRising(numbers) || isRising(years.map((year, place) => year * 100 + (numbers[place] ?? 0))))
  );
}

/** By the same step up or down, as a row of years is. */
function hasEvenSteps(numbers: readonly number[]): boolean {
  const steps = numbers.slice(1).map((number, place) => number - (numbers[place] ?? 0));
  return steps.every((step) => step !== 0 && step === steps[0]);
}

function isRising(numbers: readonly number[]): boolean {
  return numbers.slice(1).every((number, place) => number > (numbers[place] ?? 0));
}

/** All of them, none twice. */
function areOf(names: ReadonlySet<string>, texts: readonly string[]): boolean {
  const plain = texts.map((text) => text.toLowerCase().replace(/[.,]|\s?(?:19|20)\d{2}$/g, ""));
  return plain.every((text) => names.has(text)) && new Set(texts).size === texts.length;
}

const LANGUAGES = "en de fr es it pt nl pl ru ar zh ja".split(" ");
const MONTHS = namesOf("month", 12);
const DAYS = namesOf("weekday", 7);

/** As the platform knows them, long and short, in the languages that Parley knows words of. */
function namesOf(part: "month" | "weekday", count: number): ReadonlySet<string> {
  const names = new Set<string>();
  for (const language of LANGUAGES) {
    for (const length of ["long", "short"] as const) {
      const format = new Intl.DateTimeFormat(language, { [part]: length, timeZone: "UTC" });
      for (let place = 0; place < count; place++) {
        const date =
          part === "month" ? new Date(Date.UTC(2024, place, 15)) : new Date(Date.UTC(2024, 0, 1 + place));
        const name = format.format(date).toLowerCase().replace(/\.$/, "");
        names.add(name);
        // People cut days to three letters where the platform has two, and the other way round.
        if (length === "long" && /^\p{Script=Latin}+$/u.test(name)) names.add(name.slice(0, 3));
      }
    }
  }
  return names;
}
