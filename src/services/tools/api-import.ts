/** Operations of an API that an admin can make tools of. Nothing is kept. */
import type { Deps } from "../../deps.ts";
import type { ApiDescription } from "../../domain/api-description.ts";
import type { TenantId } from "../../domain/ids.ts";

/** @throws AppError VALIDATION for what is no OpenAPI 3 document · UNSAFE_URL · EGRESS_DENIED · TOOL_UNAVAILABLE */
export async function describeApi(
  { apiImport }: Pick<Deps, "apiImport">,
  tenantId: TenantId,
  source: { url: string } | { document: string },
  signal: AbortSignal,
): Promise<ApiDescription> {
  return "url" in source ? apiImport.readFrom(tenantId, source.url, signal) : apiImport.read(source.document);
}
