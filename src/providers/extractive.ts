import type { ChatProvider, Passage } from "./provider.ts";

/** The answer to `question` in the passages' own words, each quote ending in its `[n]`. */
export type Extract = (question: string, passages: Passage[]) => string;

/** Quotes instead of writing: answers with no model, no key and no network. */
export function extractiveProvider(extract: Extract): ChatProvider {
  return {
    name: "extractive",
    async *streamChat({ grounding }, signal) {
      for (const text of wordsOf(extract(grounding.question, grounding.passages))) {
        // Lets other work in between the words, so that a long quote does not stall other streams.
        await new Promise(setImmediate);
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
