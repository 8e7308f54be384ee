import type { TenantId } from "../../domain/ids.ts";
import type { KnowledgeSource } from "../../domain/knowledge.ts";
import { acceptUploads, type SourceDeps, type Upload } from "./sources.ts";

/** What the sample documents answer well: one list, one row of a table, one paragraph. */
export const SAMPLE_QUESTIONS: readonly string[] = [
  "How do I claim travel expenses?",
  "What may I spend on a hotel in Zurich?",
  "May I work from abroad?",
];

/** Takes in the sample documents, and suggests questions about them where nobody has chosen any yet. */
export async function addSamples(
  deps: SourceDeps,
  tenantId: TenantId,
  samples: readonly Upload[],
): Promise<KnowledgeSource[]> {
  const sources = await acceptUploads(deps, tenantId, samples);
  const widget = await deps.store.widgets.get(tenantId);
  if (widget.suggestedQuestions.length === 0) {
    await deps.store.widgets.replace(
      tenantId,
      { ...widget, suggestedQuestions: [...SAMPLE_QUESTIONS] },
      deps.now(),
    );
  }
  return sources;
}
