import type {
  EvaluationRun,
  JudgedQuestion,
  QuestionOutcome,
  RetrievalMeasures,
} from "../domain/evaluation.ts";
import type {
  EvaluationRunView,
  GoldenQuestionView,
  OutcomeView,
  RunComparisonView,
} from "../protocol/admin-api/evals.ts";
import type { QuestionChange, RunComparison } from "../services/insight/evaluation-runs.ts";
import { toIso } from "./views.ts";

/** More is nothing that anybody reads; the list of outcomes has them all. */
const CHANGES_SHOWN = 100;

export function goldenQuestionView(question: JudgedQuestion): GoldenQuestionView {
  const { id, text, expected, lacking, outcome, createdAt, updatedAt } = question;
  return {
    ...{ id, text },
    expected: expected.map((each) => ({ ...each, gone: lacking.includes(each.source) })),
    outcome: outcome && outcomeView(outcome),
    createdAt: toIso(createdAt),
    updatedAt: toIso(updatedAt),
  };
}

export function outcomeView(outcome: QuestionOutcome): OutcomeView {
  const { run, question, text, verdict, ranks, refused, relevance, top, ms } = outcome;
  return { run, question, text, verdict, rank: ranks[0] ?? null, refused, relevance, top, ms };
}

export function evaluationRunView(run: EvaluationRun): EvaluationRunView {
  const { id, state, total, asked, skipped, active, measures, errorCode, errorMessage } = run;
  return {
    ...{ id, state, total, asked, skipped, active },
    measures: measures && measuresView(measures),
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? "" },
    createdAt: toIso(run.createdAt),
    startedAt: run.startedAt === null ? null : toIso(run.startedAt),
    finishedAt: run.finishedAt === null ? null : toIso(run.finishedAt),
  };
}

export function runComparisonView({ run, former, better, worse }: RunComparison): RunComparisonView {
  return {
    run: evaluationRunView(run),
    former: former && evaluationRunView(former),
    better: changesView(better),
    worse: changesView(worse),
  };
}

function changesView(changes: QuestionChange[]) {
  const items = changes
    .slice(0, CHANGES_SHOWN)
    .map(({ before, after }) => ({ before: outcomeView(before), after: outcomeView(after) }));
  return { total: changes.length, items };
}

/** A mean over no question is no number. */
function measuresView(measures: RetrievalMeasures): NonNullable<EvaluationRunView["measures"]> {
  const { queries, recall1, recall5, recall10, mrr10, ndcg10, latencyP50Ms, latencyP95Ms } = measures;
  const { answerable, unanswerable, precision, recall, answered } = measures.abstention;
  const ofAnswerable = (share: number) => (answerable === 0 ? null : share);
  return {
    ...{ questions: queries, answerable, unanswerable },
    recall1: ofAnswerable(recall1),
    recall5: ofAnswerable(recall5),
    recall10: ofAnswerable(recall10),
    mrr10: ofAnswerable(mrr10),
    ndcg10: ofAnswerable(ndcg10),
    ...{ answered, abstentionPrecision: precision, abstentionRecall: recall },
    ...{ latencyP50Ms, latencyP95Ms },
  };
}
