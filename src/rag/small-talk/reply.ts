/** What small talk is answered, and in which language. */
import type { OwnReply, SmallTalkKind } from "../../domain/small-talk.ts";
import type { TalkLanguage } from "./language.ts";
import { TALK_LANGUAGES } from "./languages.ts";
import type { Reading, SmallTalk } from "./recognise.ts";

/** Languages that may be the visitor's (ISO 639-3), the likeliest first. */
export type LanguageHints = {
  /** What was written before, and what the widget speaks. */
  visitor: readonly string[];
  /** What the documents are written in: for a visitor of whom nothing is known. */
  documents: readonly string[];
};

/** What a reply is filled in with. */
export type ReplyFacts = {
  assistant: string;
  organisation: string;
  /** As Markdown; empty when none is set. */
  contact: string;
  topics: readonly string[];
  hasQuestions: boolean;
};

/** The reading in the visitor's language: what is known of the visitor counts, then the words themselves. */
export function chooseReading({ readings, tellsLanguage }: SmallTalk, hints: LanguageHints): Reading {
  const readingIn = (languages: readonly string[], list: readonly Reading[]) =>
    languages.flatMap((code) => list.find(({ language }) => language === code) ?? [])[0];
  const own = tellsLanguage ? readings.filter((reading) => reading.own) : [];
  const chosen = readingIn(hints.visitor, readings) ?? readingIn(hints.documents, own) ?? own[0];
  return chosen ?? readingIn(hints.documents, readings) ?? (readings[0] as Reading);
}

/** ISO 639-3 of a language tag such as "de-CH", null for one that there are no words in. */
export function talkLanguageOf(tag: string): string | null {
  const code = tag.slice(0, 2).toLowerCase();
  return TALK_LANGUAGES.find(({ short }) => short === code)?.code ?? null;
}

export function talkLanguage(code: string): TalkLanguage {
  return TALK_LANGUAGES.find((language) => language.code === code) ?? (TALK_LANGUAGES[0] as TalkLanguage);
}

/** In the tenant's own words where there are such for the kind and the language, or for the kind. */
export function smallTalkReply(
  { kind, language }: Reading,
  facts: ReplyFacts,
  ownReplies: readonly OwnReply[],
): string {
  const own =
    ownReplies.find((each) => each.kind === kind && each.language === language) ??
    ownReplies.find((each) => each.kind === kind && each.language === null);
  return fill(own?.text ?? usualReply(kind, talkLanguage(language), facts), language, facts);
}

function usualReply(kind: SmallTalkKind, { replies }: TalkLanguage, facts: ReplyFacts): string {
  const knowsNothing = facts.topics.length === 0 && !facts.hasQuestions;
  switch (kind) {
    case "what-can-you-do":
    case "help": {
      if (knowsNothing) return replies.nothingYet;
      const topics = kind === "what-can-you-do" && facts.topics.length > 0 ? [replies.topics] : [];
      return [replies[kind], ...topics, ...(facts.hasQuestions ? [replies.begin] : [])].join(" ");
    }
    case "a-person":
      return facts.contact === "" ? replies.noContact : replies["a-person"];
    case "are-you-human":
    case "upset":
      return facts.contact === "" ? replies[kind] : `${replies[kind]} ${replies.orAPerson}`;
    default:
      return replies[kind];
  }
}

function fill(
  text: string,
  language: string,
  { assistant, organisation, contact, topics }: ReplyFacts,
): string {
  const { short } = talkLanguage(language);
  const values: Record<string, string> = {
    assistant: plain(assistant),
    organisation: plain(organisation),
    contact,
    topics: new Intl.ListFormat(short, { type: "conjunction" }).format(topics.map(plain)),
  };
  return text.replace(
    /\{(assistant|organisation|contact|topics)\}/g,
    (_, name: string) => values[name] ?? "",
  );
}

/** A name is no Markdown. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~]/g, "\\$&");
}

/** Brackets would end a link in Markdown. */
function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Where a person is reached, as Markdown: an address and a link can be touched, a line of text stands as it is. */
export function contactAsMarkdown(contact: string): string {
  const text = contact.trim();
  const link = /^(mailto:|tel:)?(\S+)$/i.exec(text);
  if (link === null) return plain(text);
  const [, scheme, shown = text] = link;
  const isLink = scheme !== undefined || /^https?:\/\//i.test(text);
  if (!isLink && !shown.includes("@")) return plain(text);
  const target = isLink ? text : `mailto:${text}`;
  return `[${plain(shown)}](${target.replace(/[()<>\\]/g, percentEncoded)})`;
}
