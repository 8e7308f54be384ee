import type { SmallTalkKind, SmallTalkLanguage } from "../../domain/small-talk.ts";
import type { Slots, Template } from "./phrases.ts";

/** How people who write one language greet, thank and so on, and what they are answered. */
export type TalkLanguage = {
  code: SmallTalkLanguage;
  /** The same in ISO 639-1, as browsers name it. */
  short: string;
  slots: Slots;
  /** What may stand beside a phrase and says nothing by itself. */
  beside: readonly Template[];
  phrases: Readonly<Record<Exclude<SmallTalkKind, "unclear">, readonly Template[]>>;
  /** Of other languages, used in this one as well; they don't tell that it is this one. */
  borrowed: Readonly<Partial<Record<SmallTalkKind, readonly Template[]>>>;
  replies: TalkReplies;
};

/** `{assistant}`, `{organisation}`, `{topics}` and `{contact}` are filled in. */
export type TalkReplies = Readonly<Record<SmallTalkKind, string>> & {
  /** Goes on after "what can you do". */
  topics: string;
  /** Goes on after `topics`, where questions to begin with follow. */
  begin: string;
  /** Such a question, about a `{topic}` that a heading names; of words that only ask, so that the topic is searched. */
  aboutTopic: string;
  /** Instead of all that, while there are no documents. */
  nothingYet: string;
  /** Instead of `a-person` where no contact is set. */
  noContact: string;
  /** Goes on after a reply that may not be enough, where a contact is set. */
  orAPerson: string;
};
