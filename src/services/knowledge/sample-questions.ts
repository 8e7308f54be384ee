import type { Deps } from "../../deps.ts";
import type { TenantId } from "../../domain/ids.ts";

/** What the sample documents answer well, by file: one list, one row of a table, one paragraph. */
const BY_FILE: Readonly<Record<string, readonly string[]>> = {
  "Travel and expenses.md": ["How do I claim travel expenses?", "What may I spend on a hotel in Zurich?"],
  "Leave and absence.md": ["May I work from abroad?"],
};

/** As many as a widget shows. */
const MOST = 3;

type QuestionDeps = Pick<Deps, "store" | "now">;

/** Suggests questions about the sample documents where nobody has chosen any yet. */
export async function suggestSampleQuestions(deps: QuestionDeps, tenantId: TenantId): Promise<void> {
  await change(deps, tenantId, (chosen) => (chosen.length === 0 ? Object.values(BY_FILE).flat() : chosen));
}

/** A question goes with the only document that answers it. */
export async function forgetQuestionsOf(
  deps: QuestionDeps,
  tenantId: TenantId,
  filename: string,
): Promise<void> {
  const gone = BY_FILE[filename];
  if (gone) await change(deps, tenantId, (chosen) => chosen.filter((each) => !gone.includes(each)));
}

/** And comes back with it, as long as there is room. */
export async function recallQuestionsOf(
  deps: QuestionDeps,
  tenantId: TenantId,
  filename: string,
): Promise<void> {
  const back = BY_FILE[filename];
  if (back) await change(deps, tenantId, (chosen) => [...new Set([...chosen, ...back])].slice(0, MOST));
}

async function change(
  { store, now }: QuestionDeps,
  tenantId: TenantId,
  choose: (chosen: readonly string[]) => readonly string[],
): Promise<void> {
  const widget = await store.widgets.get(tenantId);
  const suggestedQuestions = [...choose(widget.suggestedQuestions)];
  if (suggestedQuestions.join("\n") === widget.suggestedQuestions.join("\n")) return;
  await store.widgets.replace(tenantId, { ...widget, suggestedQuestions }, now());
}
