/** Golden questions: what a tenant knows the right answer of. Added, changed, removed. */
import type { Deps } from "../../deps.ts";
import {
  type ExpectedSource,
  type GoldenQuestion,
  type JudgedQuestion,
  PURGE_GOLDEN_QUESTION,
} from "../../domain/evaluation.ts";
import { type GoldenQuestionId, newId, type SourceId, type TenantId } from "../../domain/ids.ts";
import { type JobHandler, newJob, retryForEver, UNDO_MS } from "../../domain/job.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { GoldenQuestionCounts, GoldenQuestionFilter } from "../../store/store.ts";

export type GoldenQuestionDeps = Pick<Deps, "store" | "now"> & { wakeQueue: () => void };
export type WantedSource = { source: SourceId; passage: string | null };

/** A run over these takes minutes at most, and nobody keeps more of them right. */
export const MAX_QUESTIONS = 2_000;
export const MAX_QUESTION_CHARACTERS = 1_000;
export const MAX_PASSAGE_CHARACTERS = 300;
export const MAX_EXPECTED = 20;

/** @throws AppError CONFLICT when the tenant has this question already */
export async function addQuestion(
  deps: GoldenQuestionDeps,
  tenantId: TenantId,
  text: string,
  wanted: readonly WantedSource[],
): Promise<JudgedQuestion> {
  const now = deps.now();
  const question: GoldenQuestion = {
    ...{ id: newId("golden-question"), tenantId, text },
    expected: await toExpected(deps, tenantId, wanted, []),
    ...{ createdAt: now, updatedAt: now, deletedAt: null },
  };
  await deps.store.goldenQuestions.save(tenantId, [question], MAX_QUESTIONS);
  return deps.store.goldenQuestions.get(tenantId, question.id);
}

export async function getQuestion(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  questionId: GoldenQuestionId,
): Promise<JudgedQuestion> {
  return deps.store.goldenQuestions.get(tenantId, questionId);
}

export async function listQuestions(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  filter: GoldenQuestionFilter,
  page: PageRequest,
): Promise<Page<JudgedQuestion> & { counts: GoldenQuestionCounts }> {
  const [questions, counts] = await Promise.all([
    deps.store.goldenQuestions.list(tenantId, filter, page),
    deps.store.goldenQuestions.counts(tenantId),
  ]);
  return { ...questions, counts };
}

/** A source that is gone may stay among those that are expected, but no other may be added. */
export async function updateQuestion(
  deps: GoldenQuestionDeps,
  tenantId: TenantId,
  questionId: GoldenQuestionId,
  changes: { text?: string | undefined; expected?: readonly WantedSource[] | undefined },
): Promise<JudgedQuestion> {
  const {
    lacking: _lacking,
    outcome: _outcome,
    ...before
  } = await deps.store.goldenQuestions.get(tenantId, questionId);
  const text = changes.text ?? before.text;
  const expected = changes.expected
    ? await toExpected(deps, tenantId, changes.expected, before.expected)
    : before.expected;
  const question: GoldenQuestion = { ...before, text, expected, updatedAt: later(deps, before) };
  if (!isSame(before, question)) {
    await deps.store.goldenQuestions.save(tenantId, [question], MAX_QUESTIONS);
  }
  return deps.store.goldenQuestions.get(tenantId, questionId);
}

/** Hides the question at once; `restoreQuestion` brings it back for 30 s. */
export async function removeQuestion(
  deps: GoldenQuestionDeps,
  tenantId: TenantId,
  questionId: GoldenQuestionId,
): Promise<void> {
  const now = deps.now();
  const purge = {
    ...newJob(now, tenantId, PURGE_GOLDEN_QUESTION, questionId),
    runAt: now + UNDO_MS,
  };
  await deps.store.goldenQuestions.remove(tenantId, questionId, now, purge);
  deps.wakeQueue();
}

export async function restoreQuestion(
  deps: GoldenQuestionDeps,
  tenantId: TenantId,
  questionId: GoldenQuestionId,
): Promise<JudgedQuestion> {
  return deps.store.goldenQuestions.restore(tenantId, questionId, deps.now());
}

/** The job: deletes a removed question for good. */
export const goldenQuestionPurge: JobHandler<Pick<Deps, "store" | "now">> = {
  priority: 0,
  shown: false,
  lane: "background",
  retryAt: retryForEver,

  async atStart({ store, now }) {
    // A Parley before this one gave up after three attempts.
    await store.jobs.requeueFailed([PURGE_GOLDEN_QUESTION], now());
  },

  async run({ store }, { tenantId, subject }) {
    await store.goldenQuestions.purge(tenantId, subject as GoldenQuestionId);
    return "done";
  },
};

async function toExpected(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  wanted: readonly WantedSource[],
  known: readonly ExpectedSource[],
): Promise<ExpectedSource[]> {
  return Promise.all(
    wanted.map(async ({ source, passage }) => {
      const before = known.find((each) => each.source === source);
      const title = before?.title ?? (await titleOf(deps, tenantId, source));
      return { source, title, passage };
    }),
  );
}

async function titleOf(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  sourceId: SourceId,
): Promise<string> {
  try {
    return (await store.sources.get(tenantId, sourceId)).title;
  } catch (thrown) {
    if (toAppError(thrown).code !== "NOT_FOUND") throw thrown;
    throw new AppError("VALIDATION", "One of these sources does not exist any more. Choose another one.", {
      details: { fields: { expected: "One of these sources does not exist any more." } },
    });
  }
}

/** Whether two have the same text and expect the same, whatever the order: then outcomes hold for both. */
export function isSame(before: GoldenQuestion, after: GoldenQuestion): boolean {
  const expectation = ({ expected }: GoldenQuestion) =>
    JSON.stringify(expected.map(({ source, passage }) => [source, passage]).sort());
  return before.text === after.text && expectation(before) === expectation(after);
}

/** Now, and never the time of the former version: outcomes are told apart by it. */
export function later({ now }: Pick<Deps, "now">, before: GoldenQuestion | undefined): number {
  return Math.max(now(), (before?.updatedAt ?? 0) + 1);
}
