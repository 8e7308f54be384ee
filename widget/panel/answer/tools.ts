/** The chunk that is loaded with the first answer: everything that only answers need. */
import { parseMarkdown } from "./markdown/parse.ts";
import type { Block } from "./markdown/tree.ts";
import { tidyUnfinished } from "./markdown/unfinished.ts";

export { style } from "../style/answer-style.ts";
export { answerText } from "./answer-text.ts";
export { copyText } from "./clipboard.ts";
export { directionOf } from "./direction.ts";
export { spokenText } from "./spoken.ts";

/** @param isUnfinished more of the text is coming */
export function parseAnswer(text: string, isUnfinished: boolean): Block[] {
  return parseMarkdown(isUnfinished ? tidyUnfinished(text) : text);
}
