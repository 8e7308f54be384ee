/** Descriptions of APIs: given, or fetched from where the operator lets Parley go. */
import type { ApiImport } from "../../deps.ts";
import type { Egress } from "../../egress/egress.ts";
import { parseOutboundUrl } from "../../egress/outbound-url.ts";
import { unreachable } from "../../egress/unreachable.ts";
import { AppError } from "../../errors.ts";
import { readOpenApi } from "./openapi.ts";

export function createApiImport(egress: Pick<Egress, "fetchFor">): ApiImport {
  return {
    read: async (document) => readOpenApi(document, null),
    async readFrom(tenantId, address, signal) {
      const baseUrl = parseOutboundUrl(address);
      const ask = egress.fetchFor({ purpose: "import", baseUrl, tenantId });
      const headers = { accept: "application/json, application/yaml;q=0.9, */*;q=0.1" };
      const response = await ask(baseUrl, { headers, signal }).catch((thrown: unknown) => {
        if (signal.aborted || thrown instanceof AppError) throw thrown;
        throw new AppError("TOOL_UNAVAILABLE", unreachable(baseUrl.host, thrown), { cause: thrown });
      });
      const text = await response.text();
      if (response.ok) return readOpenApi(text, baseUrl);
      throw new AppError("TOOL_FAILED", `${baseUrl.host} does not give the document (${response.status}).`);
    },
  };
}
