/** Domain objects for tests: valid as they are, each with its own ids, any field overridable. */
import type { Connection } from "../../src/domain/connection.ts";
import {
  type ChatSession,
  type Conversation,
  type Message,
  type ToolCitation,
  type TurnTrace,
  UNMARKED,
} from "../../src/domain/conversation.ts";
import type { Credential } from "../../src/domain/credential.ts";
import type { EmbeddingIndex } from "../../src/domain/embedding.ts";
import type { EvaluationRun, GoldenQuestion, QuestionOutcome } from "../../src/domain/evaluation.ts";
import { type DocumentId, newId, type SourceId } from "../../src/domain/ids.ts";
import type { Job } from "../../src/domain/job.ts";
import type { IndexedChunk, KnowledgeDocument, NewSource } from "../../src/domain/knowledge.ts";
import { type LlmConfig, UNSAID } from "../../src/domain/llm.ts";
import type { McpServer, RemoteDefinition } from "../../src/domain/mcp-server.ts";
import { NO_SCHEMA_ACCESS } from "../../src/domain/schema-access.ts";
import type { Tenant, WidgetConfig } from "../../src/domain/tenant.ts";
import type { CatalogueTool, ToolParameter } from "../../src/domain/tool.ts";
import type { AdminSession, User } from "../../src/domain/user.ts";
import type { FirstAdmin } from "../../src/store/store.ts";

/** Some moment in 2026. */
export const NOW = Date.UTC(2026, 2, 2, 9, 0, 0);

let count = 0;
const unique = () => ++count;

export function aTenant(changes: Partial<Tenant> = {}): Tenant {
  const n = unique();
  return {
    id: newId("tenant"),
    name: `Organisation ${n}`,
    slug: `organisation-${n}`,
    embedKey: `pk_${n}`,
    createdAt: NOW,
    ...changes,
  };
}

export function aUser(changes: Partial<User> = {}): User {
  return {
    id: newId("user"),
    email: `ada${unique()}@example.org`,
    name: "Ada",
    operator: true,
    disabled: false,
    createdAt: NOW,
    ...changes,
  };
}

export function anAdminSession(changes: Partial<AdminSession> & Pick<AdminSession, "userId">): AdminSession {
  return { idHash: `hash-${unique()}`, createdAt: NOW, lastSeenAt: NOW, expiresAt: NOW + 60_000, ...changes };
}

export function aWidget(changes: Partial<WidgetConfig> = {}): WidgetConfig {
  return {
    displayName: "Assistant",
    subtitle: "",
    greeting: "Hello.",
    primaryColor: "#1f6f5c",
    theme: "auto",
    position: "bottom-right",
    logoFile: null,
    allowedDomains: [],
    suggestedQuestions: [],
    contact: "",
    ownReplies: [],
    ...changes,
  };
}

export function anLlmConfig(changes: Partial<LlmConfig> & Pick<LlmConfig, "tenantId">): LlmConfig {
  return {
    id: newId("llm-config"),
    name: "Default",
    provider: "extractive",
    baseUrl: null,
    apiKey: null,
    savedByOperator: false,
    model: "extractive",
    temperature: 0.2,
    maxTokens: 1_000,
    systemPrompt: "",
    ...UNSAID,
    updatedAt: NOW,
    ...changes,
  };
}

export function aFirstAdmin(changes: Partial<FirstAdmin> = {}): FirstAdmin {
  const tenant = changes.tenant ?? aTenant();
  return {
    tenant,
    user: aUser(),
    passwordHash: "$argon2id$test",
    widget: aWidget(),
    llm: anLlmConfig({ tenantId: tenant.id }),
    ...changes,
  };
}

/** A source without documents. */
export function aSource(changes: Partial<NewSource> & Pick<NewSource, "tenantId">): NewSource {
  const n = unique();
  return {
    id: newId("source"),
    kind: "file",
    address: `handbook-${n}.pdf`,
    schedule: null,
    title: `Handbook ${n}`,
    tags: [],
    createdAt: NOW,
    updatedAt: NOW,
    deletedAt: null,
    ...changes,
  };
}

/** A document that waits to be read, of a source whose first one it is unless it has an id of its own. */
export function aDocument(source: NewSource, changes: Partial<KnowledgeDocument> = {}): KnowledgeDocument {
  const n = unique();
  return {
    id: firstDocument(source.id),
    tenantId: source.tenantId,
    sourceId: source.id,
    title: source.title,
    filename: source.address ?? `page-${n}.pdf`,
    format: null,
    status: "queued",
    progress: null,
    stage: null,
    errorCode: null,
    errorMessage: null,
    warnings: [],
    chunkCount: 0,
    pageCount: null,
    byteSize: 1_000,
    contentHash: `sha-${n}`,
    fileId: newId("file"),
    createdAt: source.createdAt,
    updatedAt: source.createdAt,
    ...changes,
  };
}

/** The id that builders give the first document of a source. */
export function firstDocument(sourceId: SourceId): DocumentId {
  return sourceId.replace("src_", "doc_") as DocumentId;
}

/** A source of one file, as an upload makes it, and the job that reads it. */
export function aFile(
  source: Partial<NewSource> & Pick<NewSource, "tenantId">,
  changes: Partial<KnowledgeDocument> = {},
): { source: NewSource; document: KnowledgeDocument; job: Job } {
  const made = aSource(source);
  const document = aDocument(made, changes);
  return { source: made, document, job: aJob({ tenantId: made.tenantId, subject: document.id }) };
}

export function aJob(changes: Partial<Job> & Pick<Job, "tenantId">): Job {
  return {
    id: newId("job"),
    kind: "ingest",
    subject: newId("document"),
    state: "queued",
    attempts: 0,
    progress: 0,
    stage: null,
    errorCode: null,
    errorMessage: null,
    runAt: NOW,
    createdAt: NOW,
    updatedAt: NOW,
    ...changes,
  };
}

/** A chunk whose terms are the words of its content, as they are. */
export function aChunk(changes: Partial<IndexedChunk> & Pick<IndexedChunk, "sourceId">): IndexedChunk {
  const content = changes.content ?? "Parental leave is 26 weeks.";
  return {
    id: newId("chunk"),
    documentId: firstDocument(changes.sourceId),
    ordinal: 0,
    content,
    headingPath: [],
    page: null,
    language: "eng",
    tokenCount: 8,
    titleTerms: "",
    headingTerms: "",
    contentTerms:
      content
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu)
        ?.join(" ") ?? "",
    ...changes,
  };
}

export function anEmbeddingIndex(changes: Partial<EmbeddingIndex> = {}): EmbeddingIndex {
  return {
    id: newId("embedding-index"),
    model: { source: "local", name: "tiny-words" },
    dimension: 3,
    state: "building",
    scale: { related: 0.7, unrelated: 0.2, background: 0.1, deviation: 0.1 },
    calibratedOn: 100,
    createdAt: NOW,
    activatedAt: null,
    ...changes,
  };
}

export function aGoldenQuestion(
  changes: Partial<GoldenQuestion> & Pick<GoldenQuestion, "tenantId">,
): GoldenQuestion {
  return {
    id: newId("golden-question"),
    text: `How long is leave number ${unique()}?`,
    expected: [],
    createdAt: NOW,
    updatedAt: NOW,
    deletedAt: null,
    ...changes,
  };
}

export function anEvaluationRun(
  changes: Partial<EvaluationRun> & Pick<EvaluationRun, "tenantId">,
): EvaluationRun {
  return {
    ...{ id: newId("evaluation-run"), state: "queued", total: 0, asked: 0, skipped: 0 },
    ...{ active: null, measures: null, errorCode: null, errorMessage: null },
    ...{ createdAt: NOW, startedAt: null, finishedAt: null },
    ...changes,
  };
}

export function anOutcome(
  run: Pick<EvaluationRun, "id">,
  question: GoldenQuestion,
  changes: Partial<QuestionOutcome> = {},
): QuestionOutcome {
  return {
    ...{ run: run.id, question: question.id, text: question.text, revision: question.updatedAt },
    ...{ verdict: "first", expected: 1, ranks: [1], refused: false, relevance: 0.9, top: [], ms: 2 },
    ...changes,
  };
}

export function aChatSession(changes: Partial<ChatSession> & Pick<ChatSession, "tenantId">): ChatSession {
  return {
    id: newId("chat-session"),
    conversationId: newId("conversation"),
    visitor: null,
    origin: "https://intranet.example.org",
    createdAt: NOW,
    expiresAt: NOW + 86_400_000,
    ...changes,
  };
}

/** The current conversation of `session`. */
export function aConversation(session: ChatSession, changes: Partial<Conversation> = {}): Conversation {
  return {
    id: session.conversationId,
    tenantId: session.tenantId,
    sessionId: session.id,
    title: null,
    source: "widget",
    visitor: session.visitor,
    page: null,
    messageCount: 0,
    lastOutcome: null,
    ...UNMARKED,
    createdAt: NOW,
    updatedAt: NOW,
    deletedAt: null,
    ...changes,
  };
}

export function aMessage(changes: Partial<Message> & Pick<Message, "conversationId">): Message {
  return {
    id: newId("message"),
    role: "user",
    content: "How long is parental leave?",
    citations: [],
    status: "complete",
    abstained: false,
    nearest: [],
    smallTalk: null,
    followUps: [],
    lookup: null,
    confirmations: [],
    errorCode: null,
    rating: null,
    clientId: null,
    language: null,
    createdAt: NOW,
    ...changes,
  };
}

export function aQuestion(changes: Partial<Message> & Pick<Message, "conversationId">): Message {
  return aMessage({ clientId: `client-${unique()}`, ...changes });
}

export function anAnswer(changes: Partial<Message> & Pick<Message, "conversationId">): Message {
  return aMessage({ role: "assistant", content: "", status: "streaming", ...changes });
}

export function aTrace(changes: Partial<TurnTrace> = {}): TurnTrace {
  return {
    question: "How long is parental leave?",
    rewrittenQuery: "How long is parental leave?",
    candidates: [],
    provider: "extractive",
    model: "extractive",
    prompt: [],
    toolCalls: [],
    usage: { inputTokens: null, outputTokens: null },
    timings: { rewriteMs: 0, retrieveMs: 1, firstTokenMs: 2, generateMs: 3, totalMs: 4 },
    outcome: { status: "complete", code: null, reason: null },
    ...changes,
  };
}

/** A text that must be given. */
export function aParameter(changes: Partial<ToolParameter> = {}): ToolParameter {
  return {
    name: "value",
    type: "text",
    description: "What it is.",
    required: true,
    default: null,
    values: [],
    valuesQuery: null,
    min: null,
    max: null,
    pattern: null,
    example: null,
    boundTo: null,
    in: null,
    ...changes,
  };
}

/** Of a tenant, over a connection. */
export function aConnection(changes: Partial<Connection> & Pick<Connection, "tenantId">): Connection {
  return {
    id: newId("connection"),
    name: `Connection ${unique()}`,
    ...{ type: "postgres", host: "db.example", port: 5432, database: "company", username: "reader" },
    ...{ password: "secret", tls: "off", ca: null, masks: [], state: "ready", problem: null },
    schemaAccess: NO_SCHEMA_ACCESS,
    ...{ serverVersion: "PostgreSQL 15", checkedAt: NOW, createdAt: NOW, updatedAt: NOW, deletedAt: null },
    ...changes,
  };
}

/** Of a tenant, and never called. */
export function aMcpServer(changes: Partial<McpServer> & Pick<McpServer, "tenantId">): McpServer {
  return {
    ...{
      id: newId("mcp-server"),
      name: `Server ${unique()}`,
      url: "https://tools.corp/mcp",
      credential: null,
    },
    ...{ state: "unchecked", problem: null, serverVersion: null, checkedAt: null },
    ...{ createdAt: NOW, updatedAt: NOW, deletedAt: null },
    ...changes,
  };
}

/** A token that an API wants to see. */
export function aCredential(changes: Partial<Credential> & Pick<Credential, "tenantId">): Credential {
  return {
    id: newId("credential"),
    name: `Credential ${unique()}`,
    ...{ details: { kind: "bearer" }, hosts: [], secret: "secret" },
    ...{ createdAt: NOW, updatedAt: NOW, deletedAt: null },
    ...changes,
  };
}

/** What an MCP server says of a tool without arguments. */
export function aRemoteDefinition(changes: Partial<RemoteDefinition> = {}): RemoteDefinition {
  return {
    ...{ title: null, description: "How many pieces there are.", inputSchema: { type: "object" } },
    ...{ readOnly: true, destructive: null, fingerprint: "f".repeat(64) },
    ...changes,
  };
}

/** A query without parameters that everybody may use. */
export function aTool(changes: Partial<CatalogueTool> & Pick<CatalogueTool, "action">): CatalogueTool {
  return {
    id: newId("tool"),
    tenantId: newId("tenant"),
    name: `tool_${unique()}`,
    label: "Stock",
    description: "How many pieces there are.",
    ...{ parameters: [], columns: [], rowLimit: 50, answerTemplate: null, emptyTemplate: null },
    ...{ exampleQuestions: [], audience: "everyone", effect: "read", sharedOverMcp: false, enabled: true },
    ...{ createdAt: NOW, updatedAt: NOW, deletedAt: null },
    ...changes,
  };
}

/** One row of nothing in particular. */
export function aToolCitation(changes: Partial<ToolCitation> = {}): ToolCitation {
  return {
    kind: "tool",
    n: 1,
    tool: "stock_by_city",
    label: "Stock by city",
    columns: [{ name: "stock", label: "In stock", type: "integer", unit: null }],
    rows: [[12]],
    truncated: false,
    at: NOW,
    ...changes,
  };
}
