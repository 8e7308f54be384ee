/** What may be looked up beside the documents, and the ways to it. */
import { createConnectorFactory, createDatabases } from "../connectors/catalog.ts";
import type { Deps } from "../deps.ts";
import type { Egress } from "../egress/egress.ts";
import { noteFound } from "../services/tools/mcp-check.ts";
import { openConnections, selectFrom } from "../services/tools/schema-access.ts";
import { usableTools } from "../services/tools/tools.ts";
import { usableConnector } from "../services/tools/usable-connector.ts";
import { createTools } from "../tools/catalog.ts";
import { catalogueTools, toolFor } from "../tools/catalogue.ts";
import { databaseQueries } from "../tools/database-query.ts";
import { createMcpConnections } from "../tools/mcp/client.ts";
import { mcpCalls } from "../tools/mcp/mcp.ts";
import { createApiImport } from "../tools/rest/api-import.ts";
import { restCalls } from "../tools/rest/rest.ts";
import { toolRunners } from "../tools/runners.ts";
import { schemaAccessTools } from "../tools/schema-access.ts";

type ToolsOptions = Pick<Deps, "store" | "now" | "live"> & {
  egress: Egress;
  monotonicNow: () => number;
  /** Of this Parley. */
  version: string;
};

export function openTools({
  store,
  now,
  live,
  egress,
  monotonicNow,
  version,
}: ToolsOptions): Pick<Deps, "tools" | "toolFor" | "toolRunner" | "databases" | "apiImport" | "mcpClient"> {
  const databases = createDatabases(createConnectorFactory(egress), monotonicNow);
  const credentialOf = (...key: Parameters<typeof store.credentials.get>) => store.credentials.get(...key);
  const mcpClient = createMcpConnections({ egress, credentialOf, now, monotonicNow, version });
  const toolRunner = toolRunners({
    rest_api: restCalls({ egress, now, monotonicNow, credentialOf }),
    mcp: mcpCalls({
      connections: mcpClient,
      serverOf: (...key) => store.mcpServers.get(...key),
      noteFound: (...found) => noteFound({ store, now, live }, ...found),
    }),
    db_query: databaseQueries((tenantId, connectionId) =>
      usableConnector({ store, databases }, tenantId, connectionId),
    ),
  });
  const ofTenant = catalogueTools((tenantId) => usableTools({ store }, tenantId), toolRunner);
  const inWordsOfModels = schemaAccessTools(
    (tenantId) => openConnections({ store }, tenantId),
    (...asked) => selectFrom({ store, databases, now }, ...asked),
  );
  const tools = createTools([ofTenant, inWordsOfModels]);
  return {
    ...{ apiImport: createApiImport(egress), databases, mcpClient, toolRunner, tools },
    toolFor: (entry, context) => toolFor(toolRunner, entry, context),
  };
}
