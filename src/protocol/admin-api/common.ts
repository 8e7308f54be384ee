import { z } from "zod";
import { looseText } from "../text.ts";

/** Query of every list: an opaque cursor and how many, 50 unless asked for fewer. */
export const pageQuery = {
  cursor: looseText(200).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(50),
};

export const isoTime = z.string().describe("ISO 8601, UTC");

/** `{items, nextCursor}` of `item`. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

const DATE = z.iso.date();
const DATE_TIME = z.iso.datetime({ offset: true });

/** A date, which begins at 00:00 UTC, or a date and time with `Z` or an offset; as milliseconds. */
export const moment = z
  .string()
  .max(40)
  // In a query a plus that is not encoded is a space.
  .transform((text) => text.replace(/ (?=\d\d:?\d\d$)/, "+"))
  .refine((text) => DATE.safeParse(text).success || DATE_TIME.safeParse(text).success, {
    message: "Enter a date such as 2026-11-27, or a date and time such as 2026-11-27T09:00:00Z.",
  })
  .transform((text) => Date.parse(text));

/** A language by its code of two or three letters, as the three of ISO 639-3. */
export const languageCode = z
  .string()
  .regex(/^[a-z]{2,3}$/i, "Enter the code of a language, such as deu or de.")
  .transform((code) => THREE_LETTERS[code.toLowerCase()] ?? code.toLowerCase());

/** Of the languages that are told apart, the codes of two letters. */
const THREE_LETTERS: Readonly<Record<string, string>> = {
  ...{
    ar: "arb",
    bg: "bul",
    ca: "cat",
    cs: "ces",
    da: "dan",
    de: "deu",
    el: "ell",
    en: "eng",
    es: "spa",
    fa: "pes",
  },
  ...{
    fi: "fin",
    fr: "fra",
    he: "heb",
    hi: "hin",
    hr: "hrv",
    hu: "hun",
    id: "ind",
    it: "ita",
    ja: "jpn",
    ko: "kor",
  },
  ...{
    nb: "nob",
    nl: "nld",
    no: "nob",
    pl: "pol",
    pt: "por",
    ro: "ron",
    ru: "rus",
    sl: "slv",
    sr: "srp",
    sv: "swe",
  },
  ...{ th: "tha", tr: "tur", uk: "ukr", ur: "urd", vi: "vie", zh: "cmn" },
};
