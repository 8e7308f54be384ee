import { type LlmProvider, QUOTING } from "../domain/llm.ts";
import type { SynonymRule } from "../domain/synonym.ts";
import type { ChatProvider, Passage } from "./provider.ts";

export const EXTRACTIVE: LlmProvider = {
  name: QUOTING,
  label: "Built in",
  hint: "Quotes the best sentences word for word. Needs nothing.",
  hasModel: false,
  addressHelp: null,
  key: "never",
};

/** The answer to `question` in the passages' own words, each quote ending in its `[n]`. */
export type Extract = (
  question: string,
  passages: Passage[],
  synonyms: readonly SynonymRule[] | undefined,
) => string;

/** A quote that is there at once reads as a page that jumped; words at this pace can be followed. */
const WORD_MS = 8;
/** Nobody waits longer than this for text that is known already. */
const LONGEST_MS = 600;

/** Quotes instead of writing: answers with no model, no key and no network. */
export function extractiveProvider(extract: Extract): ChatProvider {
  return {
    name: QUOTING,
    async *streamChat({ grounding }, signal) {
      const words = wordsOf(extract(grounding.question, grounding.passages, grounding.synonyms));
      const pauseMs = Math.min(WORD_MS, LONGEST_MS / Math.max(1, words.length));
      for (const text of words) {
        await Bun.sleep(pauseMs);
        signal.throwIfAborted();
        yield { type: "text", text };
      }
      yield { type: "finish", reason: "stop", usage: { inputTokens: null, outputTokens: null } };
    },
    listModels: async () => [],
  };
}

/** Words with the spaces behind them: joined they are the text, byte for byte. */
function wordsOf(text: string): string[] {
  return text.match(/ *[^ ]+ *| +/g) ?? [];
}
