/** Scores passages against a question with a cross-encoder, which reads both together. Runs as a Worker. */
import { AppError } from "../errors.ts";
import { answerRequests } from "./channel.ts";
import { type LoadedModel, loadModel } from "./model-loader.ts";
import { unusable } from "./model-manifest.ts";
import type { RerankRequests } from "./rerank.ts";

let loaded: LoadedModel | undefined;

answerRequests<RerankRequests>({
  async openModel(place) {
    loaded = await loadModel(place, "reranker");
    await scoreOne(loaded, "What is this?", "A passage to see what the model makes of it.");
    return { model: loaded.manifest.name };
  },

  async score({ question, passages }, signal) {
    if (loaded === undefined)
      throw new AppError("INTERNAL", "The rerank worker was asked before it had a model.");
    const asked = shortened(loaded, question);
    const scores = new Float32Array(passages.length);
    // One at a time, as texts are embedded, and so that the worker hears of a cancellation in between.
    for (const [index, passage] of passages.entries()) {
      signal.throwIfAborted();
      scores[index] = await scoreOne(loaded, asked, passage);
    }
    return scores;
  },
});

/** A question that fills what the model reads leaves no room for the passage: it gets half at most. */
function shortened({ tokenizer, manifest }: LoadedModel, question: string): string {
  const most = Math.floor(manifest.maxTokens / 2);
  const tokens = tokenizer.encode(question, { add_special_tokens: false }).length;
  if (tokens <= most) return question;
  return question.slice(0, Math.floor((question.length * most) / tokens)).toWellFormed();
}

async function scoreOne({ run }: LoadedModel, question: string, passage: string): Promise<number> {
  const { logits } = await run(question, passage);
  if (!logits) throw unusable("it gives no score for a passage");
  const [score] = logits.data as Float32Array;
  if (score === undefined || logits.data.length !== 1) {
    throw unusable(`it gives ${logits.data.length} numbers for a passage where a reranker gives one`);
  }
  if (!Number.isFinite(score)) throw unusable("it gives scores that are not numbers");
  return score;
}
