/** The reranker in use: chosen by an operator, and left out whenever it does not answer in time. */
import type { Deps } from "../../deps.ts";
import type { ActiveReranker, SimilarityScale } from "../../domain/embedding.ts";
import type { TenantId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import type { Reranker } from "../../providers/provider.ts";
import { KNOWN_PAIRS, scoreScale, tellsApart } from "../../rag/similarity.ts";
import { createProblemReport, type ModelProblem } from "./model-problem.ts";

export type RerankScores = { scores: Float32Array; scale: SimilarityScale };

export type Reranking = {
  /** Starts the model in use, so that the first question need not wait for it. Never throws. */
  prepare(): Promise<void>;
  /** Whether passages are to be reranked, so that their texts are needed. */
  isChosen(): Promise<boolean>;
  /** A score per passage, in order. Null while no reranker is chosen or it does not answer. @throws only the signal's reason */
  score(
    tenantId: TenantId,
    question: string,
    passages: readonly string[],
    signal: AbortSignal,
  ): Promise<RerankScores | null>;
  /**
   * Uses this model from now on, after it has shown that it works and what its scores mean; until then, and when it
   * does not, everything stays as it is. Null switches reranking off.
   * @throws AppError what the model could not do
   */
  choose(model: string | null): Promise<void>;
  /** Why the last question was answered without it; null while all is well. */
  problem(): ModelProblem | null;
  close(): void;
};

/** For what has no reranker: passages stay in the order in which they were found. */
export const NO_RERANKING: Reranking = {
  prepare: async () => {},
  isChosen: async () => false,
  score: async () => null,
  choose: async () => {},
  problem: () => null,
  close() {},
};

export function createReranking(deps: Pick<Deps, "store" | "reranker" | "live" | "log" | "now">): Reranking {
  const problem = createProblemReport(deps, "reranking-failed", "Passages are not reranked for now");
  let held: Reranker | null = null;

  /** What runs is what the setting says, whoever changed it. */
  function use(reranker: Reranker | null): void {
    if (held === reranker) return;
    held?.close();
    held = reranker;
    problem.solved();
  }

  function inUse({ model }: ActiveReranker): Reranker {
    const reranker = held?.model === model ? held : deps.reranker(model);
    use(reranker);
    return reranker;
  }

  return {
    async prepare() {
      try {
        const active = await deps.store.reranker.findActive();
        if (active !== null) await inUse(active).start();
      } catch (thrown) {
        problem.failed(null, thrown);
      }
    },
    isChosen: async () => (await deps.store.reranker.findActive()) !== null,
    async score(tenantId, question, passages, signal) {
      if (passages.length === 0 || question.trim() === "") return null;
      try {
        const active = await deps.store.reranker.findActive();
        if (active === null) return null;
        const scores = await inUse(active).score(question, passages, signal);
        problem.solved();
        return { scores, scale: active.scale };
      } catch (thrown) {
        // Nobody waits any more, which is no problem of the model's.
        signal.throwIfAborted();
        problem.failed(tenantId, thrown);
        return null;
      }
    },
    async choose(model) {
      const chosen = model === null ? null : deps.reranker(model);
      try {
        const active = chosen && { model: chosen.model, scale: await scaleOf(chosen), chosenAt: deps.now() };
        await deps.store.reranker.replace(active);
      } catch (thrown) {
        chosen?.close();
        throw thrown;
      }
      use(chosen);
    },
    problem: problem.current,
    close: () => held?.close(),
  };
}

/** What the model says of questions whose answers are known. @throws MODEL_NOT_AVAILABLE when it tells nothing apart */
async function scaleOf(reranker: Reranker): Promise<SimilarityScale> {
  await reranker.start();
  const answers = KNOWN_PAIRS.map(([, answer]) => answer);
  const scores: Float32Array[] = [];
  for (const [question] of KNOWN_PAIRS) {
    scores.push(await reranker.score(question, answers, new AbortController().signal));
  }
  const scale = scoreScale(scores);
  if (tellsApart(scale)) return scale;
  throw new AppError(
    "MODEL_NOT_AVAILABLE",
    `${reranker.model} scores wrong answers as high as right ones, so it would only mix the passages up. Choose another reranker.`,
  );
}
