/** Golden questions, whose right answer is known, and what a run over them found. */
import type {
  EmbeddingIndexId,
  EvaluationRunId,
  GoldenQuestionId,
  SourceId,
  TenantId,
  UnixMs,
} from "./ids.ts";

/** The job that does a run. */
export const EVALUATE = "evaluate";
/** The job that deletes a removed golden question for good. */
export const PURGE_GOLDEN_QUESTION = "purge-golden-question";

/** A source that answers a question. */
export type ExpectedSource = {
  source: SourceId;
  /** As it was called when the question was saved. */
  title: string;
  /** The passage must contain this text; null when any passage of the source will do. */
  passage: string | null;
};

export type GoldenQuestion = {
  id: GoldenQuestionId;
  tenantId: TenantId;
  text: string;
  /** Each source once; empty when nothing may be found. */
  expected: ExpectedSource[];
  createdAt: UnixMs;
  /** Outcomes belong to the question as it was at this time. */
  updatedAt: UnixMs;
  /** Hidden since then; final when the purge job runs. */
  deletedAt: UnixMs | null;
};

/** A golden question with what became of it. */
export type JudgedQuestion = GoldenQuestion & {
  /** Expected sources that are gone: the question needs attention. */
  lacking: SourceId[];
  /** Of the last finished run that asked it as it is now; null when none did. */
  outcome: QuestionOutcome | null;
};

/**
 * `first` and `lower` found a right source, `missed` found none among the first ten, `refused` would have found
 * nothing good enough, `skipped` had no source left to find.
 */
export type Verdict =
  | "first"
  | "lower"
  | "missed"
  | "refused"
  | "rightly-refused"
  | "wrongly-answered"
  | "skipped";

/** Verdicts that mean that a visitor would not have got the right answer. */
export const FAILING: readonly Verdict[] = ["missed", "refused", "wrongly-answered"];

/** How many sources count as found. */
export const EVALUATION_DEPTH = 10;

/** One of the first sources that were found. */
export type FoundSource = { source: SourceId; title: string; relevance: number; right: boolean };

/** What asking one question gave. */
export type QuestionOutcome = {
  run: EvaluationRunId;
  question: GoldenQuestionId;
  text: string;
  /** The question's `updatedAt`. */
  revision: UnixMs;
  verdict: Verdict;
  /** How many right sources there are, and the places, from 1, of those among the first ten. */
  expected: number;
  ranks: number[];
  refused: boolean;
  /** Of the best passage, 0 to 1. */
  relevance: number;
  /** At most three, best first. */
  top: FoundSource[];
  /** For the search alone. */
  ms: number;
};

/** How good retrieval was over many questions. Shares are 0 to 1. */
export type RetrievalMeasures = {
  queries: number;
  recall1: number;
  recall5: number;
  recall10: number;
  mrr10: number;
  ndcg10: number;
  latencyP50Ms: number;
  latencyP95Ms: number;
  abstention: {
    answerable: number;
    unanswerable: number;
    /** Of the questions that were refused, the share that cannot be answered; null when none was refused. */
    precision: number | null;
    /** Of the questions that cannot be answered, the share that was refused; null when there are none. */
    recall: number | null;
    /** Of the questions that can be answered, the share that was not refused. */
    answered: number | null;
  };
};

/** What questions were searched with. Numbers of two runs differ by these, or by the sources. */
export type ActiveRetrieval = {
  /** Of Parley. */
  version: string;
  /** Null while passages are found by words alone. */
  embedding: { index: EmbeddingIndexId; model: string } | null;
  /** The model that ordered the candidates anew; null for none. */
  reranker: string | null;
};

export type EvaluationState = "queued" | "running" | "done" | "failed" | "cancelled";

/** States of a run that is not over. */
export const GOING_ON = ["queued", "running"] as const satisfies readonly EvaluationState[];

/** One measurement of all golden questions of a tenant. */
export type EvaluationRun = {
  id: EvaluationRunId;
  tenantId: TenantId;
  state: EvaluationState;
  total: number;
  /** Questions done with so far, those skipped among them. */
  asked: number;
  skipped: number;
  active: ActiveRetrieval | null;
  measures: RetrievalMeasures | null;
  errorCode: string | null;
  errorMessage: string | null;
  createdAt: UnixMs;
  startedAt: UnixMs | null;
  finishedAt: UnixMs | null;
};

/** What is known once a question has been asked. */
type Asked = Pick<QuestionOutcome, "ranks" | "refused"> & {
  /** Whether anything may be found, and whether something that may be found is left. */
  answerable: boolean;
  left: boolean;
};

export function verdictOf({ answerable, left, refused, ranks }: Asked): Verdict {
  if (!answerable) return refused ? "rightly-refused" : "wrongly-answered";
  if (!left) return "skipped";
  if (ranks[0] === undefined) return "missed";
  if (refused) return "refused";
  return ranks[0] === 1 ? "first" : "lower";
}

/**
 * Which way a question went from one run to another: positive for better, 0 for no difference, and for another
 * question under the same id.
 */
export function progressOf(before: QuestionOutcome, after: QuestionOutcome): number {
  if (before.revision !== after.revision) return 0;
  if (before.verdict === "skipped" || after.verdict === "skipped") return 0;
  return placeOf(before) - placeOf(after);
}

/** Where the right answer stood, 1 for the best; behind all places when the visitor would not have got it. */
function placeOf({ verdict, ranks }: QuestionOutcome): number {
  if (FAILING.includes(verdict)) return EVALUATION_DEPTH + 1;
  return ranks[0] ?? 1;
}

/** Whether `passage` contains `wanted`, whatever the line breaks, spaces and capitals. */
export function containsText(passage: string, wanted: string): boolean {
  return plainText(passage).includes(plainText(wanted));
}

/** What two texts have in common that only differ in line breaks, spaces and capitals. */
export function plainText(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim();
}
