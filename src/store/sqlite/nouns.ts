/** All nouns of the store over one connection, wherever it is open. */
import { sqliteAdminSessionStore } from "./admin-sessions.ts";
import { sqliteApiKeyStore } from "./api-keys.ts";
import { sqliteAuditStore } from "./audit.ts";
import type { Nouns } from "./calls.ts";
import type { Changes } from "./changes.ts";
import { sqliteChatSessionStore } from "./chat-sessions.ts";
import { sqliteChunkStore } from "./chunks.ts";
import { sqliteClockStore } from "./clock.ts";
import { type SqliteClient, toDrizzle } from "./connection.ts";
import { sqliteConnectionStore } from "./connections.ts";
import { sqliteConversationStore } from "./conversations.ts";
import { sqliteCredentialStore } from "./credentials.ts";
import { sqliteDocumentStore } from "./documents.ts";
import { sqliteEgressStore } from "./egress.ts";
import { sqliteEmbeddingIndexStore } from "./embedding-indexes.ts";
import { sqliteEvaluationStore } from "./evaluations.ts";
import { registerFolded } from "./folded.ts";
import { sqliteGoldenQuestionStore } from "./golden-questions.ts";
import { sqliteIdentitySecretStore } from "./identity-secrets.ts";
import { sqliteIndexUpkeepStore } from "./index-upkeep.ts";
import { sqliteInstanceStore } from "./instance.ts";
import { sqliteJobStore } from "./jobs.ts";
import { sqliteLlmConfigStore } from "./llm-configs.ts";
import { sqliteMcpServerStore } from "./mcp-servers.ts";
import { sqliteRerankerStore } from "./reranker.ts";
import { sqliteRetentionStore } from "./retention.ts";
import { sqliteSourceStore } from "./sources.ts";
import { sqliteSynonymStore } from "./synonyms.ts";
import { sqliteTenantStore } from "./tenants.ts";
import { sqliteThrottleStore } from "./throttles.ts";
import { sqliteToolCallStore } from "./tool-calls.ts";
import { sqliteToolUseStore } from "./tool-uses.ts";
import { sqliteToolStore } from "./tools.ts";
import { sqliteTurnStore } from "./turns.ts";
import { sqliteUsageStore } from "./usage.ts";
import { sqliteUserStore } from "./users.ts";
import { sqliteWidgetStore } from "./widgets.ts";

/**
 * Statements are synchronous, so a method is done when it returns, but for those that CALLS calls long. Secrets come
 * and go sealed: see store/sealing.ts.
 */
export function sqliteNouns(client: SqliteClient, changes: Changes): Nouns {
  registerFolded(client);
  const db = toDrizzle(client);
  return {
    instance: sqliteInstanceStore(db),
    tenants: sqliteTenantStore(db),
    users: sqliteUserStore(db),
    adminSessions: sqliteAdminSessionStore(db),
    clock: sqliteClockStore(db),
    throttles: sqliteThrottleStore(db),
    llmConfigs: sqliteLlmConfigStore(db),
    usage: sqliteUsageStore(db),
    widgets: sqliteWidgetStore(db),
    sources: sqliteSourceStore(db, changes.vectors),
    documents: sqliteDocumentStore(db),
    chunks: sqliteChunkStore(db, changes),
    embeddingIndexes: sqliteEmbeddingIndexStore(db, changes.vectors),
    indexUpkeep: sqliteIndexUpkeepStore(db, changes.terms),
    reranker: sqliteRerankerStore(db),
    jobs: sqliteJobStore(db),
    chatSessions: sqliteChatSessionStore(db),
    conversations: sqliteConversationStore(db),
    turns: sqliteTurnStore(db),
    goldenQuestions: sqliteGoldenQuestionStore(db),
    evaluations: sqliteEvaluationStore(db),
    connections: sqliteConnectionStore(db),
    mcpServers: sqliteMcpServerStore(db),
    tools: sqliteToolStore(db),
    toolCalls: sqliteToolCallStore(db),
    toolUses: sqliteToolUseStore(db),
    apiKeys: sqliteApiKeyStore(db),
    identitySecrets: sqliteIdentitySecretStore(db),
    retention: sqliteRetentionStore(db),
    synonyms: sqliteSynonymStore(db),
    egress: sqliteEgressStore(db),
    credentials: sqliteCredentialStore(db),
    audit: sqliteAuditStore(db),
  };
}
