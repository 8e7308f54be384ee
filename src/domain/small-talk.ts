/** What people type into a chat that is no question: each kind has a reply of its own. */
export const SMALL_TALK_KINDS = [
  "greeting",
  "how-are-you",
  "thanks",
  "goodbye",
  "yes",
  "no",
  "ok",
  "who-are-you",
  "are-you-human",
  "what-can-you-do",
  "help",
  "a-person",
  "upset",
  "unclear",
  "test",
] as const;

/** Both in what is typed and in a tenant's own words; ISO 639-3. */
export const SMALL_TALK_LANGUAGES = [
  ...(["eng", "deu", "fra", "spa", "ita", "por", "nld", "rus", "arb", "cmn", "jpn"] as const),
] as const;

export type SmallTalkLanguage = (typeof SMALL_TALK_LANGUAGES)[number];

/** What a tenant answers in its own words to one kind, to visitors of one language or to all of them (null). */
export type OwnReply = { kind: SmallTalkKind; language: SmallTalkLanguage | null; text: string };

export type SmallTalkKind = (typeof SMALL_TALK_KINDS)[number];
