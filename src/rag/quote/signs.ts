/** What a sentence holds of the kinds of things that questions ask for. */
import type { Kind } from "./asked-words.ts";
import { foldText, Phrases } from "./phrases.ts";
import * as words from "./sign-words.ts";

const PHRASES = {
  number: new Phrases(words.NUMBER_WORDS),
  timeUnit: new Phrases(words.TIME_UNITS),
  lengthUnit: new Phrases(words.LENGTH_UNITS),
  calendar: new Phrases(words.CALENDAR),
  frequency: new Phrases(words.FREQUENCIES),
  money: new Phrases(words.MONEY_WORDS),
  place: new Phrases(words.PLACES),
  role: new Phrases(words.ROLES),
  modal: new Phrases(words.MODALS),
  yesOrNo: new Phrases(words.YES_OR_NO),
  reason: new Phrases(words.REASONS),
  action: new Phrases(words.ACTIONS),
  defines: new Phrases(words.DEFINES),
  includes: new Phrases(words.INCLUDES),
};

const CURRENCY = /\p{Sc}|\b(?:EUR|USD|GBP|CHF|JPY|CNY|RUB|AED|SAR|BRL|MXN)\b/u;
const CLOCK = /\b\d{1,2}[:h.]\d{2}\b|\b\d{1,2}\s?(?:am|pm|h|uhr)\b/i;
const YEAR = /\b(?:1[89]|20)\d{2}\b/;
const DATE = /\b\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?\b/;
const MAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/u;
const PHONE = /(?:\+|\b0)\d[\d\s()/.-]{5,}\d|\b\d{3}[ -]\d{3,4}[ -]?\d*\b/;
/** Within a house a few digits are enough. */
const EXTENSION = /\b\d{3,}\b|\b\d{1,4}-\d{1,4}\b/;
const LINK = /https?:\/\/|\bwww\.|\b[\w-]+\.(?:org|com|net|gov|eu|io|fr|de|uk|es|it|pt|nl|ru|cn|jp)\b/i;
const CHANNEL = /(?:^|[\s(“"«])[#@][\p{L}\p{N}_-]{2,}/u;
/** Two names side by side that do not begin the sentence. */
const NAME = /[\p{Ll}\p{N},;:)]\s+(?:\p{Lu}\p{Ll}+\s+){1,3}\p{Lu}\p{Ll}+|\s\p{Lu}{2,}\b/u;
const NAME_INSIDE = /(?<=\S\s)\p{Lu}\p{Ll}+/u;
const PATH = /\S\s*(?:>|→|»|›)\s*\S/;

type Sign = keyof typeof PHRASES;

/** A sentence that is looked at once for each sign, when that is asked for. */
export class Signs {
  readonly #folded: string;
  readonly #seen = new Map<Sign, boolean>();

  constructor(
    readonly text: string,
    readonly languages: readonly string[],
  ) {
    this.#folded = foldText(text);
  }

  has(sign: Sign): boolean {
    let seen = this.#seen.get(sign);
    if (seen === undefined) {
      seen = PHRASES[sign].in(this.#folded, this.languages);
      this.#seen.set(sign, seen);
    }
    return seen;
  }

  beginsWithYesOrNo(): boolean {
    return PHRASES.yesOrNo.in(this.#folded.split(" ").slice(0, 2).join(" "), this.languages);
  }

  hasNumber(): boolean {
    return /\p{N}/u.test(this.text) || this.has("number");
  }

  hasContact(): boolean {
    return MAIL.test(this.text) || PHONE.test(this.text) || CHANNEL.test(this.text);
  }
}

/** How surely a sentence holds what a kind of question asks for, 0 to 1. Some kinds show in no single sentence. */
export const HOLDS: Partial<Record<Kind, (signs: Signs) => number>> = {
  quantity: (signs) => (signs.hasNumber() ? 1 : 0),
  money: (signs) => {
    if (CURRENCY.test(signs.text) || signs.has("money")) return 1;
    return /\p{N}/u.test(signs.text) ? 0.5 : 0;
  },
  duration: (signs) => {
    if (signs.hasNumber()) return signs.has("timeUnit") || signs.has("lengthUnit") ? 1 : 0.4;
    return signs.has("timeUnit") ? 0.5 : signs.has("calendar") ? 0.3 : 0;
  },
  time: (signs) => {
    if (CLOCK.test(signs.text) || DATE.test(signs.text)) return 1;
    if (signs.has("timeUnit") && signs.hasNumber()) return 1;
    if (signs.has("calendar")) return /\p{N}/u.test(signs.text) ? 1 : 0.8;
    return YEAR.test(signs.text) ? 1 : signs.hasNumber() ? 0.3 : 0;
  },
  frequency: (signs) => (signs.has("frequency") ? (signs.has("timeUnit") ? 1 : 0.6) : 0),
  place: (signs) => {
    if (LINK.test(signs.text) || PATH.test(signs.text) || MAIL.test(signs.text)) return 1;
    if (signs.has("place")) return 0.9;
    return NAME_INSIDE.test(signs.text) ? 0.5 : 0;
  },
  person: (signs) => {
    if (signs.has("role")) return 1;
    return NAME.test(signs.text) || signs.hasContact() ? 0.8 : NAME_INSIDE.test(signs.text) ? 0.4 : 0;
  },
  contact: (signs) => (signs.hasContact() ? 1 : LINK.test(signs.text) ? 0.7 : signs.has("role") ? 0.6 : 0),
  phone: (signs) => (PHONE.test(signs.text) || EXTENSION.test(signs.text) ? 1 : 0),
  permission: (signs) => (signs.beginsWithYesOrNo() ? 1 : signs.has("modal") ? 0.8 : 0),
  reason: (signs) => (signs.has("reason") ? 1 : 0),
  steps: (signs) => (signs.has("action") ? 1 : LINK.test(signs.text) || signs.hasContact() ? 0.6 : 0),
  contents: (signs) => (signs.has("includes") ? 1 : 0),
  definition: (signs) => (signs.has("defines") ? 1 : 0),
};
