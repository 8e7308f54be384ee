/** The tables as drizzle sees them. migrations/sqlite says what they are for; a test compares the two. */
import { sql } from "drizzle-orm";
import { integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ApiScope } from "../../domain/api-key.ts";
import type { ArgumentInWords, ConfirmationState } from "../../domain/confirmation.ts";
import type {
  Connection,
  ConnectionProblem,
  DatabaseKind,
  MaskedColumn,
  SchemaAccess,
  TlsMode,
} from "../../domain/connection.ts";
import type {
  Conversation,
  ConversationSource,
  MessageRole,
  MessageStatus,
  OfferedLookup,
  PageContext,
  PassageCitation,
  Rating,
  ToolCitation,
  TurnTrace,
  Visitor,
} from "../../domain/conversation.ts";
import type {
  ActiveRetrieval,
  EvaluationState,
  FoundSource,
  RetrievalMeasures,
  Verdict,
} from "../../domain/evaluation.ts";
import type {
  ApiKeyId,
  ChatSessionId,
  ChunkId,
  ConnectionId,
  ConversationId,
  CredentialId,
  DeletionId,
  DocumentId,
  EvaluationRunId,
  FileId,
  GoldenQuestionId,
  IdentitySecretId,
  JobId,
  LlmConfigId,
  McpServerId,
  MessageId,
  SourceId,
  SynonymId,
  TenantId,
  ToolCallId,
  ToolId,
  UserId,
} from "../../domain/ids.ts";
import type { JobKind, JobState } from "../../domain/job.ts";
import type {
  DocumentFormat,
  DocumentStatus,
  KnowledgeDocument,
  SourceKind,
} from "../../domain/knowledge.ts";
import type { LlmCapabilities, ProviderName } from "../../domain/llm.ts";
import type { McpServer } from "../../domain/mcp-server.ts";
import type { OwnReply, SmallTalkKind } from "../../domain/small-talk.ts";
import type { WidgetPosition, WidgetTheme } from "../../domain/tenant.ts";
import type { CatalogueTool, ToolArguments } from "../../domain/tool.ts";
import type { ToolUser } from "../../domain/tool-use.ts";
import type { Role } from "../../domain/user.ts";
import type { ErrorCode } from "../../errors.ts";

const tenantId = () => text("tenant_id").$type<TenantId>().notNull();
const flag = (name: string) => integer(name, { mode: "boolean" });
const json = (name: string) => text(name, { mode: "json" });

export const instance = sqliteTable("instance", {
  key: text("key").primaryKey(),
  value: text("value").notNull(),
});

export const tenants = sqliteTable("tenants", {
  number: integer("number").primaryKey({ autoIncrement: true }),
  id: text("id").$type<TenantId>().notNull(),
  name: text("name").notNull(),
  slug: text("slug").notNull(),
  embedKey: text("embed_key").notNull(),
  lastJobTurn: integer("last_job_turn").notNull().default(0),
  createdAt: integer("created_at").notNull(),
  knowledgeGeneration: integer("knowledge_generation").notNull().default(0),
});

export const users = sqliteTable("users", {
  id: text("id").$type<UserId>().primaryKey(),
  email: text("email").notNull(),
  name: text("name").notNull(),
  passwordHash: text("password_hash").notNull(),
  operator: flag("operator").notNull(),
  disabled: flag("disabled").notNull(),
  createdAt: integer("created_at").notNull(),
});

export const memberships = sqliteTable("memberships", {
  userId: text("user_id").$type<UserId>().notNull(),
  tenantId: tenantId(),
  role: text("role").$type<Role>().notNull(),
  createdAt: integer("created_at").notNull(),
});

export const sessions = sqliteTable("sessions", {
  idHash: text("id_hash").primaryKey(),
  userId: text("user_id").$type<UserId>().notNull(),
  createdAt: integer("created_at").notNull(),
  lastSeenAt: integer("last_seen_at").notNull(),
  expiresAt: integer("expires_at").notNull(),
});

export const throttles = sqliteTable("throttles", {
  key: text("key").primaryKey(),
  count: integer("count").notNull(),
  windowEndsAt: integer("window_ends_at").notNull(),
});

export const llmConfigs = sqliteTable("llm_configs", {
  tenantId: tenantId(),
  id: text("id").$type<LlmConfigId>().notNull(),
  provider: text("provider").$type<ProviderName>().notNull(),
  baseUrl: text("base_url"),
  /** Sealed. */
  apiKey: text("api_key"),
  model: text("model").notNull(),
  temperature: real("temperature").notNull(),
  maxTokens: integer("max_tokens").notNull(),
  systemPrompt: text("system_prompt").notNull(),
  isDefault: flag("is_default").notNull(),
  updatedAt: integer("updated_at").notNull(),
  savedByOperator: flag("saved_by_operator").notNull(),
  name: text("name").notNull(),
  contextTokens: integer("context_tokens"),
  inputPrice: real("input_price"),
  outputPrice: real("output_price"),
  ca: text("ca"),
  proxy: text("proxy"),
  /** The values are sealed. */
  headers: json("headers").$type<Record<string, string>>().notNull(),
  capabilities: json("capabilities").$type<LlmCapabilities>(),
  testedAt: integer("tested_at"),
  chainPlace: integer("chain_place"),
  deletedAt: integer("deleted_at"),
});

export const widgetConfigs = sqliteTable("widget_configs", {
  tenantId: text("tenant_id").$type<TenantId>().primaryKey(),
  displayName: text("display_name").notNull(),
  subtitle: text("subtitle").notNull(),
  greeting: text("greeting").notNull(),
  primaryColor: text("primary_color").notNull(),
  theme: text("theme").$type<WidgetTheme>().notNull(),
  position: text("position").$type<WidgetPosition>().notNull(),
  logoFile: text("logo_file"),
  allowedDomains: json("allowed_domains").$type<string[]>().notNull(),
  suggestedQuestions: json("suggested_questions").$type<string[]>().notNull(),
  updatedAt: integer("updated_at").notNull(),
  contact: text("contact").notNull().default(""),
  ownReplies: json("own_replies").$type<OwnReply[]>().notNull().default([]),
});

export const knowledgeSources = sqliteTable("knowledge_sources", {
  tenantId: tenantId(),
  id: text("id").$type<SourceId>().notNull(),
  kind: text("kind").$type<SourceKind>().notNull(),
  address: text("address"),
  schedule: text("schedule"),
  title: text("title").notNull(),
  tags: json("tags").$type<string[]>().notNull(),
  documentCount: integer("document_count").notNull().default(0),
  queuedCount: integer("queued_count").notNull().default(0),
  processingCount: integer("processing_count").notNull().default(0),
  failedCount: integer("failed_count").notNull().default(0),
  chunkCount: integer("chunk_count").notNull().default(0),
  termCount: integer("term_count").notNull().default(0),
  byteSize: integer("byte_size").notNull().default(0),
  /** Made by SQLite of the counts: migrations/sqlite/0009_documents.sql has the rule. */
  status: text("status").$type<DocumentStatus>().notNull().generatedAlwaysAs(sql``, { mode: "virtual" }),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  deletedAt: integer("deleted_at"),
  /** The title as it is compared. */
  foldedTitle: text("folded_title").notNull(),
});

export const documents = sqliteTable("documents", {
  tenantId: tenantId(),
  id: text("id").$type<DocumentId>().notNull(),
  sourceId: text("source_id").$type<SourceId>().notNull(),
  title: text("title").notNull(),
  filename: text("filename").notNull(),
  format: text("format").$type<DocumentFormat>(),
  status: text("status").$type<DocumentStatus>().notNull(),
  progress: real("progress"),
  stage: text("stage"),
  errorCode: text("error_code").$type<NonNullable<KnowledgeDocument["errorCode"]>>(),
  errorMessage: text("error_message"),
  warnings: json("warnings").$type<string[]>().notNull(),
  chunkCount: integer("chunk_count").notNull(),
  termCount: integer("term_count").notNull().default(0),
  languages: json("languages").$type<Record<string, number>>().notNull().default({}),
  pageCount: integer("page_count"),
  byteSize: integer("byte_size").notNull(),
  contentHash: text("content_hash"),
  fileId: text("file_id").$type<FileId>(),
  currentVersion: integer("current_version"),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  readBy: integer("read_by").notNull().default(0),
});

export const chunkVersions = sqliteTable("chunk_versions", {
  version: integer("version").primaryKey({ autoIncrement: true }),
  tenantId: tenantId(),
  sourceId: text("source_id").$type<SourceId>().notNull(),
  analysis: integer("analysis").notNull().default(0),
  reanalysedBy: integer("reanalysed_by"),
  reanalysedChunks: integer("reanalysed_chunks").notNull().default(0),
  documentId: text("document_id").$type<DocumentId>(),
});

export const documentChunks = sqliteTable("document_chunks", {
  number: integer("number").primaryKey(),
  id: text("id").$type<ChunkId>().notNull(),
  tenantId: tenantId(),
  sourceId: text("source_id").$type<SourceId>().notNull(),
  version: integer("version").notNull(),
  ordinal: integer("ordinal").notNull(),
  content: text("content").notNull(),
  headingPath: json("heading_path").$type<string[]>().notNull(),
  page: integer("page"),
  language: text("language").notNull(),
  tokenCount: integer("token_count").notNull(),
  titleTerms: text("title_terms").notNull(),
  headingTerms: text("heading_terms").notNull(),
  contentTerms: text("content_terms").notNull(),
});

export const chatSessions = sqliteTable("chat_sessions", {
  tenantId: tenantId(),
  id: text("id").$type<ChatSessionId>().notNull(),
  conversationId: text("conversation_id").$type<ConversationId>().notNull(),
  visitor: json("visitor").$type<Visitor>(),
  origin: text("origin"),
  tokenHash: text("token_hash").notNull(),
  lastSequence: integer("last_sequence").notNull().default(0),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at").notNull(),
  empty: integer("empty").notNull().default(1),
});

/** Small talk leaves none: what a conversation has of it stands in its messages. */
export type StoredOutcome = Exclude<NonNullable<Conversation["lastOutcome"]>, "small-talk">;

export const conversations = sqliteTable("conversations", {
  tenantId: tenantId(),
  id: text("id").$type<ConversationId>().notNull(),
  sessionId: text("session_id").$type<ChatSessionId>().notNull(),
  title: text("title"),
  visitor: json("visitor").$type<Visitor>(),
  page: json("page").$type<PageContext>(),
  messageCount: integer("message_count").notNull(),
  lastOutcome: text("last_outcome").$type<StoredOutcome>(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  deletedAt: integer("deleted_at"),
  flagged: flag("flagged").notNull().default(false),
  flagReason: text("flag_reason"),
  note: text("note"),
  starred: flag("starred").notNull().default(false),
  legalHold: flag("legal_hold").notNull().default(false),
  helpful: flag("helpful").notNull().default(false),
  unhelpful: flag("unhelpful").notNull().default(false),
  abstained: flag("abstained").notNull().default(false),
  tools: flag("tools").notNull().default(false),
  languages: json("languages").$type<string[]>().notNull().default([]),
  providers: json("providers").$type<string[]>().notNull().default([]),
  deletion: text("deletion").$type<DeletionId>(),
  source: text("source").$type<ConversationSource>().notNull().default("widget"),
});

/** Passages had no kind before rows could be cited. */
export type StoredPassage = Omit<PassageCitation, "kind"> & Partial<Pick<PassageCitation, "kind">>;
export type StoredCitation = StoredPassage | ToolCitation;

export const messages = sqliteTable("messages", {
  number: integer("number").primaryKey({ autoIncrement: true }),
  tenantId: tenantId(),
  id: text("id").$type<MessageId>().notNull(),
  conversationId: text("conversation_id").$type<ConversationId>().notNull(),
  sessionId: text("session_id").$type<ChatSessionId>().notNull(),
  role: text("role").$type<MessageRole>().notNull(),
  content: text("content").notNull(),
  citations: json("citations").$type<StoredCitation[]>().notNull(),
  status: text("status").$type<MessageStatus>().notNull(),
  abstained: flag("abstained").notNull(),
  nearest: json("nearest").$type<StoredPassage[]>().notNull(),
  errorCode: text("error_code").$type<ErrorCode>(),
  rating: text("rating").$type<Rating>(),
  ratingComment: text("rating_comment"),
  ratedAt: integer("rated_at"),
  clientId: text("client_id"),
  questionId: text("question_id").$type<MessageId>(),
  createdAt: integer("created_at").notNull(),
  smallTalk: text("small_talk").$type<SmallTalkKind>(),
  followUps: json("follow_ups").$type<string[]>().notNull().default([]),
  lookup: json("lookup").$type<OfferedLookup>(),
  language: text("language"),
});

export const turnTraces = sqliteTable("turn_traces", {
  tenantId: tenantId(),
  messageId: text("message_id").$type<MessageId>().notNull(),
  trace: json("trace").$type<TurnTrace>().notNull(),
  firstTokenMs: real("first_token_ms"),
  createdAt: integer("created_at").notNull(),
});

export const usage = sqliteTable("usage", {
  tenantId: tenantId(),
  messageId: text("message_id").$type<MessageId>().notNull(),
  llmConfigId: text("llm_config_id").$type<LlmConfigId | "">().notNull(),
  provider: text("provider").notNull(),
  model: text("model").notNull(),
  inputTokens: integer("input_tokens"),
  outputTokens: integer("output_tokens"),
  costMicros: integer("cost_micros"),
  estimated: flag("estimated").notNull(),
  createdAt: integer("created_at").notNull(),
});

export const jobs = sqliteTable("jobs", {
  number: integer("number").primaryKey({ autoIncrement: true }),
  id: text("id").$type<JobId>().notNull(),
  tenantId: tenantId(),
  kind: text("kind").$type<JobKind>().notNull(),
  subject: text("subject").notNull(),
  state: text("state").$type<JobState>().notNull(),
  attempts: integer("attempts").notNull(),
  progress: real("progress").notNull(),
  stage: text("stage"),
  errorCode: text("error_code"),
  errorMessage: text("error_message"),
  runAt: integer("run_at").notNull(),
  leaseUntil: integer("lease_until"),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

export const dbConnections = sqliteTable("db_connections", {
  tenantId: tenantId(),
  id: text("id").$type<ConnectionId>().notNull(),
  name: text("name").notNull(),
  type: text("kind").$type<DatabaseKind>().notNull(),
  host: text("host").notNull(),
  port: integer("port").notNull(),
  database: text("database_name").notNull(),
  username: text("username").notNull(),
  /** Sealed. */
  password: text("password"),
  tls: text("tls").$type<TlsMode>().notNull(),
  ca: text("ca"),
  masks: json("masks").$type<MaskedColumn[]>().notNull(),
  state: text("state").$type<Connection["state"]>().notNull(),
  problem: json("problem").$type<ConnectionProblem>(),
  serverVersion: text("server_version"),
  checkedAt: integer("checked_at"),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  deletedAt: integer("deleted_at"),
  schemaAccess: json("schema_access").$type<SchemaAccess>().notNull(),
});

/** What of a tool no query asks for. */
export type ToolDefinitionColumn = Omit<
  CatalogueTool,
  "id" | "tenantId" | "name" | "enabled" | "createdAt" | "updatedAt" | "deletedAt"
>;

export const tools = sqliteTable("tools", {
  tenantId: tenantId(),
  id: text("id").$type<ToolId>().notNull(),
  name: text("name").notNull(),
  kind: text("kind").$type<CatalogueTool["action"]["type"]>().notNull(),
  definition: json("definition").$type<ToolDefinitionColumn>().notNull(),
  connectionId: text("connection_id").$type<ConnectionId>(),
  enabled: flag("enabled").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  deletedAt: integer("deleted_at"),
  mcpServerId: text("mcp_server_id").$type<McpServerId>(),
});

export const mcpServers = sqliteTable("mcp_servers", {
  tenantId: tenantId(),
  id: text("id").$type<McpServerId>().notNull(),
  name: text("name").notNull(),
  url: text("url").notNull(),
  credential: text("credential_id").$type<CredentialId>(),
  state: text("state").$type<McpServer["state"]>().notNull(),
  problem: json("problem").$type<NonNullable<McpServer["problem"]>>(),
  serverVersion: text("server_version"),
  checkedAt: integer("checked_at"),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  deletedAt: integer("deleted_at"),
});

export const goldenQuestions = sqliteTable("golden_questions", {
  tenantId: tenantId(),
  id: text("id").$type<GoldenQuestionId>().notNull(),
  text: text("text").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  deletedAt: integer("deleted_at"),
});

export const goldenQuestionSources = sqliteTable("golden_question_sources", {
  tenantId: tenantId(),
  questionId: text("question_id").$type<GoldenQuestionId>().notNull(),
  sourceId: text("source_id").$type<SourceId>().notNull(),
  title: text("title").notNull(),
  passage: text("passage"),
});

export const apiKeys = sqliteTable("api_keys", {
  tenantId: tenantId(),
  id: text("id").$type<ApiKeyId>().notNull(),
  name: text("name").notNull(),
  scopes: json("scopes").$type<ApiScope[]>().notNull(),
  keyHash: text("key_hash").notNull(),
  last4: text("last4").notNull(),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at"),
  lastUsedAt: integer("last_used_at"),
});

export const retention = sqliteTable("retention", {
  tenantId: text("tenant_id").$type<TenantId>().primaryKey(),
  conversationDays: integer("conversation_days"),
  traceDays: integer("trace_days"),
  updatedAt: integer("updated_at").notNull(),
});

export const identitySecrets = sqliteTable("identity_secrets", {
  tenantId: tenantId(),
  id: text("id").$type<IdentitySecretId>().notNull(),
  secret: text("secret").notNull(),
  createdAt: integer("created_at").notNull(),
  validUntil: integer("valid_until"),
  lastUsedAt: integer("last_used_at"),
});

export const synonyms = sqliteTable("synonyms", {
  tenantId: tenantId(),
  id: text("id").$type<SynonymId>().notNull(),
  asked: json("asked").$type<string[]>().notNull(),
  written: json("written").$type<string[]>().notNull(),
  bothWays: flag("both_ways").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  deletedAt: integer("deleted_at"),
});

export const evaluationRuns = sqliteTable("evaluation_runs", {
  number: integer("number").primaryKey({ autoIncrement: true }),
  tenantId: tenantId(),
  id: text("id").$type<EvaluationRunId>().notNull(),
  state: text("state").$type<EvaluationState>().notNull(),
  total: integer("total").notNull(),
  asked: integer("asked").notNull(),
  skipped: integer("skipped").notNull(),
  active: json("active").$type<ActiveRetrieval>(),
  measures: json("measures").$type<RetrievalMeasures>(),
  errorCode: text("error_code"),
  errorMessage: text("error_message"),
  createdAt: integer("created_at").notNull(),
  startedAt: integer("started_at"),
  finishedAt: integer("finished_at"),
});

export const evaluationOutcomes = sqliteTable("evaluation_outcomes", {
  tenantId: tenantId(),
  run: text("run_id").$type<EvaluationRunId>().notNull(),
  question: text("question_id").$type<GoldenQuestionId>().notNull(),
  text: text("text").notNull(),
  revision: integer("revision").notNull(),
  verdict: text("verdict").$type<Verdict>().notNull(),
  expected: integer("expected").notNull(),
  ranks: json("ranks").$type<number[]>().notNull(),
  refused: flag("refused").notNull(),
  relevance: real("relevance").notNull(),
  top: json("top").$type<FoundSource[]>().notNull(),
  ms: real("ms").notNull(),
});

export const toolCalls = sqliteTable("tool_calls", {
  tenantId: tenantId(),
  id: text("id").$type<ToolCallId>().notNull(),
  sessionId: text("session_id").$type<ChatSessionId>().notNull(),
  conversationId: text("conversation_id").$type<ConversationId>().notNull(),
  messageId: text("message_id").$type<MessageId>().notNull(),
  toolId: text("tool_id").$type<ToolId>().notNull(),
  name: text("name").notNull(),
  label: text("label").notNull(),
  arguments: json("arguments").$type<ToolArguments>().notNull(),
  words: json("words").$type<ArgumentInWords[]>().notNull(),
  language: text("language").notNull(),
  state: text("state").$type<ConfirmationState>().notNull(),
  outcomeId: text("outcome_id").$type<MessageId>(),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at").notNull(),
  startedAt: integer("started_at"),
  endedAt: integer("ended_at"),
});

export const toolFigures = sqliteTable("tool_figures", {
  tenantId: tenantId(),
  toolId: text("tool_id").$type<ToolId>().notNull(),
  day: integer("day").notNull(),
  usedBy: text("used_by").$type<ToolUser>().notNull(),
  ms: integer("ms").notNull(),
  calls: integer("calls").notNull(),
  failures: integer("failures").notNull(),
});

export const toolUses = sqliteTable("tool_uses", {
  number: integer("number").primaryKey(),
  tenantId: tenantId(),
  toolId: text("tool_id").$type<ToolId>().notNull(),
  usedBy: text("used_by").$type<ToolUser>().notNull(),
  at: integer("at").notNull(),
  ms: integer("ms").notNull(),
  error: text("error").$type<ErrorCode>(),
  actor: text("actor").$type<UserId | ApiKeyId>(),
  conversationId: text("conversation_id").$type<ConversationId>(),
  messageId: text("message_id").$type<MessageId>(),
});

export const auditLog = sqliteTable("audit_log", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  at: integer("at").notNull(),
  tenantId: text("tenant_id").$type<TenantId>(),
  actor: text("actor").notNull(),
  address: text("address"),
  requestId: text("request_id"),
  action: text("action").notNull(),
  target: text("target"),
  changes: json("changes").$type<Record<string, unknown>>(),
  hash: text("hash").notNull(),
});
