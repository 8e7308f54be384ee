import type { TenantId } from "../../domain/ids.ts";
import type { KnowledgeSource } from "../../domain/knowledge.ts";
import { suggestSampleQuestions } from "./sample-questions.ts";
import { acceptUploads, type SourceDeps, type Upload } from "./sources.ts";

/** Takes in the sample documents, and suggests questions about them where nobody has chosen any yet. */
export async function addSamples(
  deps: SourceDeps,
  tenantId: TenantId,
  samples: readonly Upload[],
): Promise<KnowledgeSource[]> {
  const sources = await acceptUploads(deps, tenantId, samples);
  await suggestSampleQuestions(deps, tenantId);
  return sources;
}
