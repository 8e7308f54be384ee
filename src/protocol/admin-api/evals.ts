import { z } from "zod";
import { idPattern } from "../../domain/ids.ts";
import { linesText, looseText } from "../text.ts";
import { isoTime, pageOf, pageQuery } from "./common.ts";

export const verdictSchema = z.enum([
  "first",
  "lower",
  "missed",
  "refused",
  "rightly-refused",
  "wrongly-answered",
  "skipped",
]);

export const outcomeSchema = z.strictObject({
  run: z.string(),
  question: z.string(),
  /** The question as it was asked. */
  text: z.string(),
  verdict: verdictSchema,
  /** Place of the first right source among the first ten, from 1; null when none is there. */
  rank: z.number().nullable(),
  /** Whether a visitor would have been told that nothing was found. */
  refused: z.boolean(),
  /** Of the best passage, 0 to 1. */
  relevance: z.number(),
  /** The first sources that were found, at most three. */
  top: z.array(
    z.strictObject({ source: z.string(), title: z.string(), relevance: z.number(), right: z.boolean() }),
  ),
  /** What the search took. */
  ms: z.number(),
});

export const goldenQuestionSchema = z.strictObject({
  id: z.string(),
  text: z.string(),
  /** Sources that answer it; none when nothing may be found. */
  expected: z.array(
    z.strictObject({
      source: z.string(),
      title: z.string(),
      /** The passage must contain this; null when any passage of the source will do. */
      passage: z.string().nullable(),
      /** The source was deleted, so that the question needs attention. */
      gone: z.boolean(),
    }),
  ),
  /** Of the last finished run; null when the question was not asked since it was added or changed. */
  outcome: outcomeSchema.nullable(),
  createdAt: isoTime,
  updatedAt: isoTime,
});

export const goldenQuestionPageSchema = pageOf(goldenQuestionSchema).extend({
  /** How many there are, whatever the filter. */
  counts: z.strictObject({ all: z.number(), failing: z.number(), attention: z.number() }),
});

export const listGoldenQuestionsQuery = z.strictObject({
  ...pageQuery,
  q: looseText(200).optional(),
  state: z.enum(["failing", "attention"]).optional(),
});

const questionText = linesText(1000).trim().min(1, "Enter a question.");
const expectedSources = z
  .array(
    z.strictObject({
      source: z.string().regex(idPattern("source"), "This is no id of a source."),
      passage: linesText(300).trim().min(1, "Enter some of the passage.").nullable().default(null),
    }),
  )
  .max(20)
  .refine((expected) => new Set(expected.map(({ source }) => source)).size === expected.length, {
    message: "Name each source once.",
  });

/** An empty `expected` means that nothing may be found. */
export const createGoldenQuestionSchema = z.strictObject({ text: questionText, expected: expectedSources });
export const updateGoldenQuestionSchema = createGoldenQuestionSchema.partial();

export const exportGoldenQuestionsQuery = z.strictObject({ format: z.enum(["csv", "jsonl"]).default("csv") });
export const importAnswerSchema = z.strictObject({
  added: z.number(),
  /** Were there with other sources. */
  replaced: z.number(),
  unchanged: z.number(),
});

const share = z.number().nullable();
export const evaluationRunSchema = z.strictObject({
  id: z.string(),
  state: z.enum(["queued", "running", "done", "failed", "cancelled"]),
  /** Questions in all, those done with, and those among them whose sources are all gone. */
  total: z.number(),
  asked: z.number(),
  skipped: z.number(),
  /** What questions were searched with; null before the run began. */
  active: z
    .strictObject({
      version: z.string(),
      embedding: z.strictObject({ index: z.string(), model: z.string() }).nullable(),
      reranker: z.string().nullable(),
    })
    .nullable(),
  /** Null until the run is done. Shares are 0 to 1, and null when no question is of that kind. */
  measures: z
    .strictObject({
      questions: z.number(),
      answerable: z.number(),
      unanswerable: z.number(),
      recall1: share,
      recall5: share,
      recall10: share,
      mrr10: share,
      ndcg10: share,
      /** Of the answerable questions, those not refused. */
      answered: share,
      /** Of the refusals, those that were right; of the unanswerable questions, those refused. */
      abstentionPrecision: share,
      abstentionRecall: share,
      latencyP50Ms: z.number(),
      latencyP95Ms: z.number(),
    })
    .nullable(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  createdAt: isoTime,
  startedAt: isoTime.nullable(),
  finishedAt: isoTime.nullable(),
});
export const evaluationRunPageSchema = pageOf(evaluationRunSchema);
export const listEvaluationRunsQuery = z.strictObject(pageQuery);

export const outcomePageSchema = pageOf(outcomeSchema);
export const listOutcomesQuery = z.strictObject(pageQuery);

/** `with` is another run; left out, the finished one before. */
export const compareRunsQuery = z.strictObject({
  with: z.string().regex(idPattern("evaluation-run"), "This is no id of a run.").optional(),
});
const changes = z.strictObject({
  total: z.number(),
  /** The largest changes first, at most 100. */
  items: z.array(z.strictObject({ before: outcomeSchema, after: outcomeSchema })),
});
export const runComparisonSchema = z.strictObject({
  run: evaluationRunSchema,
  /** Null when there is no run before. */
  former: evaluationRunSchema.nullable(),
  better: changes,
  worse: changes,
});

export type VerdictView = z.infer<typeof verdictSchema>;
export type OutcomeView = z.infer<typeof outcomeSchema>;
export type GoldenQuestionView = z.infer<typeof goldenQuestionSchema>;
export type GoldenQuestionPage = z.infer<typeof goldenQuestionPageSchema>;
export type CreateGoldenQuestion = z.input<typeof createGoldenQuestionSchema>;
export type ImportAnswer = z.infer<typeof importAnswerSchema>;
export type EvaluationRunView = z.infer<typeof evaluationRunSchema>;
export type RunComparisonView = z.infer<typeof runComparisonSchema>;
