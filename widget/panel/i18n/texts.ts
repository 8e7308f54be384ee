import { en, type Texts } from "./en.ts";

/** Each language but English is a chunk of its own, so that nobody loads five. */
const LANGUAGES: Record<string, () => Promise<Texts>> = {
  en: async () => en,
  de: async () => (await import("./de.ts")).de,
  fr: async () => (await import("./fr.ts")).fr,
  es: async () => (await import("./es.ts")).es,
  ar: async () => (await import("./ar.ts")).ar,
};
const RIGHT_TO_LEFT = new Set(["ar"]);

export type Language = { code: string; direction: "ltr" | "rtl"; texts: Texts };

/** The first of `wanted` (such as "de-CH") that Parley speaks; English when there is none or it cannot be had. */
export async function loadLanguage(wanted: readonly string[]): Promise<Language> {
  const codes = wanted.map((locale) => locale.slice(0, 2).toLowerCase());
  const code = codes.find((one) => Object.hasOwn(LANGUAGES, one)) ?? "en";
  try {
    const texts = (await LANGUAGES[code]?.()) ?? en;
    return { code, direction: RIGHT_TO_LEFT.has(code) ? "rtl" : "ltr", texts };
  } catch {
    return { code: "en", direction: "ltr", texts: en };
  }
}

/** `fill("p. {page}", { page: 6 })` → `p. 6` */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));
}
