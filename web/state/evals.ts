import { signal } from "@preact/signals";
import type {
  CreateGoldenQuestion,
  EvaluationRunView,
  GoldenQuestionPage,
  GoldenQuestionView,
} from "../../src/protocol/admin-api/evals.ts";
import { type ApiError, asApiError } from "../api/client.ts";
import {
  addGoldenQuestion,
  cancelRun,
  type GoldenFilter,
  listGoldenQuestions,
  listRuns,
  removeGoldenQuestion,
  restoreGoldenQuestion,
  startRun,
  updateGoldenQuestion,
} from "../api/evals.ts";
import { createList } from "./list.ts";
import { addressed } from "./list-address.ts";
import { liveEpoch, onFrame } from "./live.ts";
import { tenantId } from "./session.ts";
import { toast, toastError } from "./toasts.ts";

export const goldenQuestions = addressed(
  createList<GoldenQuestionView, GoldenFilter>({ q: "", state: null }, async (filter, cursor, abort) => {
    const page = await listGoldenQuestions(filter, cursor, abort);
    if (!abort.aborted) questionCounts.value = page.counts;
    return page;
  }),
  "quality",
  { state: ["failing", "attention"] },
);

/** How many there are, whatever the filter; null until the first answer. */
export const questionCounts = signal<GoldenQuestionPage["counts"] | null>(null);

/** All runs that are kept, newest first; null until the first answer. */
export const runs = signal<EvaluationRunView[] | null>(null);
export const runsError = signal<ApiError | null>(null);
let runsOf = "";

/** Reads the runs of the tenant; what is shown of it already stays meanwhile. */
export function openRuns(tenant: string): void {
  if (tenant !== runsOf) {
    runsOf = tenant;
    runs.value = null;
    runsError.value = null;
    questionCounts.value = null;
  }
  void refreshRuns();
}

export async function refreshRuns(): Promise<void> {
  const tenant = tenantId.peek();
  try {
    const { items } = await listRuns();
    if (tenant !== tenantId.peek()) return;
    runs.value = items;
    runsError.value = null;
  } catch (thrown) {
    if (tenant === tenantId.peek()) runsError.value = asApiError(thrown);
  }
}

/**
 * Follows the live socket: the bar of a run moves, what it measured is read when it is over, and a question whose
 * source is gone says so, also in a list that was asked for just before.
 */
export function startEvals(): void {
  onFrame((frame) => {
    const isWanted = goldenQuestions.items.peek() !== null || goldenQuestions.loading.peek();
    if (frame.type === "source" && frame.removed && isWanted) void goldenQuestions.refresh();
  });
  onFrame((frame) => {
    if (frame.type !== "job" || frame.job.kind !== "evaluate" || runs.peek() === null) return;
    const { subject, state, progress } = frame.job;
    const known = runs.peek()?.some((run) => run.id === subject);
    if (!known || (state !== "queued" && state !== "running")) return void refreshAll();
    runs.value =
      runs
        .peek()
        ?.map((run) =>
          run.id === subject ? { ...run, state: "running", asked: Math.round(progress * run.total) } : run,
        ) ?? null;
  });
  liveEpoch.subscribe((epoch) => {
    if (epoch > 0 && runs.peek()) void refreshAll();
  });
}

async function refreshAll(): Promise<void> {
  await Promise.all([refreshRuns(), goldenQuestions.refresh()]);
}

export async function runAll(): Promise<void> {
  try {
    await startRun();
  } catch (thrown) {
    toastError(thrown);
  }
  await refreshRuns();
}

export async function stopRun(id: string): Promise<void> {
  try {
    await cancelRun(id);
  } catch (thrown) {
    toastError(thrown);
  }
  await refreshRuns();
}

/** Adds or changes a question and shows it in the list. */
export async function saveQuestion(
  id: string | null,
  question: CreateGoldenQuestion,
): Promise<GoldenQuestionView> {
  const saved = await (id === null ? addGoldenQuestion(question) : updateGoldenQuestion(id, question));
  if (goldenQuestions.items.peek()) await goldenQuestions.refresh();
  changedQuestions.value++;
  return saved;
}

/** Rises with every question saved: the page of one reads it again. */
export const changedQuestions = signal(0);

/** Takes a question out of the list at once and offers Undo. */
export async function removeQuestion(question: GoldenQuestionView): Promise<void> {
  const shown = goldenQuestions.items.peek();
  goldenQuestions.items.value = shown?.filter((row) => row.id !== question.id) ?? null;
  const undo = async () => {
    await restoreGoldenQuestion(question.id);
    await goldenQuestions.refresh();
  };
  try {
    await removeGoldenQuestion(question.id);
    toast("Deleted the question", { label: "Undo", run: () => void undo().catch(toastError) });
  } catch (thrown) {
    toastError(thrown);
  }
  await goldenQuestions.refresh();
}
