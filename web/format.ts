/** Everything the backoffice prints that is not a sentence: numbers, sizes, times. */

const LOCALE = "en";
const whole = new Intl.NumberFormat(LOCALE);
const exact = new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "medium" });
const minute = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
const dayOfYear = new Intl.DateTimeFormat(LOCALE, { month: "short", day: "numeric" });
const dayOfPast = new Intl.DateTimeFormat(LOCALE, { month: "short", day: "numeric", year: "numeric" });
const clock = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const number = (value: number) => whole.format(value);

/** "1 file", "12,480 files". */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** Decimal units, as file managers show them: 212 kB, 1.8 MB. */
export function bytes(size: number): string {
  if (size < 1000) return count(size, "byte");
  const units = ["kB", "MB", "GB", "TB"];
  let value = size / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** 6 ms, 310 ms, 1.02 s, 12.4 s, 2 min 5 s. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < MINUTE) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / MINUTE)} min ${Math.round((ms % MINUTE) / 1000)} s`;
}

/** What is only estimated: "under a minute", "about 4 min", "about 2 h". */
export function aboutMinutes(ms: number): string {
  if (ms < MINUTE) return "under a minute";
  return ms < 100 * MINUTE ? `about ${Math.round(ms / MINUTE)} min` : `about ${Math.round(ms / HOUR)} h`;
}

const languages = new Intl.DisplayNames(LOCALE, { type: "language" });

/** "German" for `deu`; the code itself where the browser knows no name. */
export function languageName(code: string): string {
  return languages.of(code) ?? code;
}

/** A share of a whole, 0 to 1: "91.4 %", "–" when there is no whole. */
export function share(part: number, of: number): string {
  if (of === 0) return "–";
  const percent = (part / of) * 100;
  return `${percent === 100 || percent === 0 ? percent : percent.toFixed(1)} %`;
}

/** How long ago, short enough for a table. `now` is Unix ms. */
export function ago(iso: string, now: number): string {
  const at = Date.parse(iso);
  const passed = now - at;
  if (passed < MINUTE) return "now";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  if (passed < DAY && sameDay(at, now)) return `${Math.floor(passed / HOUR)} h ago`;
  if (sameDay(at, now - DAY)) return "yesterday";
  if (passed < 7 * DAY) return `${Math.max(2, Math.round(passed / DAY))} days ago`;
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayOfYear : dayOfPast).format(at);
}

export const exactTime = (iso: string) => exact.format(Date.parse(iso));
/** To the minute: "Nov 25, 2026, 14:03". */
export const moment = (iso: string) => minute.format(Date.parse(iso));
export const clockTime = (iso: string) => clock.format(Date.parse(iso));

/** First letters for an avatar: "Fiona Marsh" is FM. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toUpperCase();
}

/** The part of an address people recognise: "intranet.acme/travel". */
export function shortUrl(url: string): string {
  return url
    .replace(/^https?:\/\//, "")
    .replace(/[?#].*$/, "")
    .replace(/\/$/, "");
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
