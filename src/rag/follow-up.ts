/** Questions that lean on the one before them, made to stand alone. */
import { contentWords, foldWord } from "./text.ts";

export type HistoryMessage = { role: "user" | "assistant"; content: string };

/** A question with this many words about something says what it is about. */
const WORDS_OF_A_WHOLE_QUESTION = 3;
const LONGEST_JOINED = 600;
/** Openings that only continue, after folding. */
const CONTINUES =
  /^(and|und|et|y|e|en|o|и|а|و|ok|okay|what about|how about|was ist mit|und was|et pour|qu en est il|y para|y que|那|那么|還有|还有)(?=\s|$|[\p{Script=Han}])/u;
/** Words that stand for something named before. */
const STANDS_FOR = new Set(
  "it its that this those these they them their he she him her one ones there then same es sie er ihn ihm ihr dies dieser diese dieses das dort dafur davon damit dann daran il elle ils elles cela ca ceci y la-bas eso esto ese esa ella ello alli lo questo quello esso isso isto ele ela dit dat die er это он она оно они этого там тогда هذا هذه ذلك هو هي هناك".split(
    " ",
  ),
);

/**
 * `question` as it would be asked without the conversation: joined to the visitor's previous question when
 * it is short, continues, or points back; otherwise unchanged.
 */
export function joinFollowUp(history: readonly HistoryMessage[], question: string): string {
  const previous = history.findLast(({ role }) => role === "user")?.content.trim();
  if (!previous || !leansOnHistory(question)) return question;
  return `${previous} ${question.trim()}`.slice(-LONGEST_JOINED).toWellFormed();
}

/** "What is Kubernetes?" is short but whole (folded). */
const OPENS_A_QUESTION = new Set(
  "what who whom whose where when which how why is are was were do does did can could should may list define explain was wer wo wann wie warum welche welcher welches ist sind gibt kann que qui quoi ou quand comment pourquoi quel quelle est y quien donde cuando como cual es hay что кто где когда как почему ما من اين متى كيف هل".split(
    " ",
  ),
);

function leansOnHistory(question: string): boolean {
  const words = foldedWords(question);
  if (words.length === 0) return true;
  if (CONTINUES.test(words.join(" "))) return true;
  const topical = topicalCount(question, words);
  if (topical === 0) return true;
  if (words.some((word) => STANDS_FOR.has(word)) && topical < WORDS_OF_A_WHOLE_QUESTION) return true;
  // "In Zurich?" has no verb: a fragment goes on with what was asked.
  return words.length <= 3 && topical < 2 && !OPENS_A_QUESTION.has(words[0] ?? "");
}

function topicalCount(question: string, words: readonly string[]): number {
  const kept = new Set(contentWords(question).map(foldWord));
  // contentWords gives everything back when all of it only asks.
  const onlyAsks = words.every((word) => STANDS_FOR.has(word) || OPENS_A_QUESTION.has(word));
  return onlyAsks ? 0 : kept.size;
}

function foldedWords(question: string): string[] {
  return (question.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).map(foldWord).filter((word) => word !== "");
}
