/**
 * THE PORT to everything Parley remembers. One interface per noun; each promise below holds for every
 * engine and is proven by tests/helpers/store-contract.ts.
 *
 * For all of them: `find` may return null, `get` throws NOT_FOUND, `list` returns a Page. What belongs
 * to a tenant takes the tenant first, and another tenant's row is the same miss as an unknown id. Ids
 * and times come from the caller. A resolved write is on disk. A full disk throws STORAGE_FULL.
 *
 * Writes that others must hear of take `jobs`, which are queued in the same commit or not at all.
 */
import type { ApiKey } from "../domain/api-key.ts";
import type { AuditEntry } from "../domain/audit.ts";
import type { Confirmation, ConfirmationState } from "../domain/confirmation.ts";
import type { Connection, SchemaAccess } from "../domain/connection.ts";
import type {
  ChatSession,
  Conversation,
  ConversationMarks,
  ExportedMessage,
  Message,
  PageContext,
  Rating,
  TurnTrace,
  Visitor,
} from "../domain/conversation.ts";
import type { Credential } from "../domain/credential.ts";
import type { EgressUse } from "../domain/egress.ts";
import type { ActiveReranker, EmbeddingIndex, EmbeddingScale } from "../domain/embedding.ts";
import type {
  EvaluationRun,
  EvaluationState,
  GoldenQuestion,
  JudgedQuestion,
  QuestionOutcome,
} from "../domain/evaluation.ts";
import type { IdentitySecret } from "../domain/identity.ts";
import type {
  ApiKeyId,
  ChatSessionId,
  ChunkId,
  ConnectionId,
  ConversationId,
  CredentialId,
  DeletionId,
  DocumentId,
  EmbeddingIndexId,
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
  UnixMs,
  UserId,
} from "../domain/ids.ts";
import type { Job, JobKind } from "../domain/job.ts";
import type {
  Chunk,
  DocumentFormat,
  DocumentOutline,
  DocumentStatus,
  FoundChunk,
  IndexedChunk,
  KnowledgeDocument,
  KnowledgeSource,
  NewSource,
  VectorHit,
} from "../domain/knowledge.ts";
import type { LexicalMatches, LexicalQuery } from "../domain/lexical.ts";
import type { LlmCapabilities, LlmConfig } from "../domain/llm.ts";
import type { McpServer, RemoteTrouble } from "../domain/mcp-server.ts";
import type { Page, PageRequest } from "../domain/page.ts";
import type { Retention } from "../domain/retention.ts";
import type { Synonym } from "../domain/synonym.ts";
import type { Tenant, WidgetConfig } from "../domain/tenant.ts";
import type { CatalogueTool } from "../domain/tool.ts";
import type { ToolFigures, ToolUse } from "../domain/tool-use.ts";
import type { ModelUse, Period, UsageBy, UsageSum } from "../domain/usage.ts";
import type { AdminSession, Membership, Role, User } from "../domain/user.ts";

export interface Store {
  readonly instance: InstanceStore;
  readonly tenants: TenantStore;
  readonly users: UserStore;
  readonly adminSessions: AdminSessionStore;
  readonly throttles: ThrottleStore;
  readonly clock: ClockStore;
  readonly llmConfigs: LlmConfigStore;
  readonly usage: UsageStore;
  readonly widgets: WidgetStore;
  readonly sources: SourceStore;
  readonly documents: DocumentStore;
  readonly chunks: ChunkStore;
  readonly embeddingIndexes: EmbeddingIndexStore;
  readonly indexUpkeep: IndexUpkeepStore;
  readonly reranker: RerankerStore;
  readonly jobs: JobStore;
  readonly chatSessions: ChatSessionStore;
  readonly conversations: ConversationStore;
  readonly turns: TurnStore;
  readonly toolCalls: ToolCallStore;
  readonly toolUses: ToolUseStore;
  readonly goldenQuestions: GoldenQuestionStore;
  readonly evaluations: EvaluationStore;
  readonly connections: ConnectionStore;
  readonly mcpServers: McpServerStore;
  readonly tools: ToolStore;
  readonly synonyms: SynonymStore;
  readonly identitySecrets: IdentitySecretStore;
  readonly retention: RetentionStore;
  readonly apiKeys: ApiKeyStore;
  readonly egress: EgressStore;
  readonly credentials: CredentialStore;
  readonly audit: AuditStore;
  /** Resolves when searches are as fast as they get: what the engine keeps in memory for them is there. */
  warm(): Promise<void>;
  /** Writes a probe and reads it back. @throws when the database cannot do either, or not within a few seconds */
  check(): Promise<void>;
  /** Waits for the writes that were called, then releases everything; nothing may be called afterwards. */
  close(): Promise<void>;
}

export type FirstAdmin = {
  tenant: Tenant;
  user: User;
  passwordHash: string;
  widget: WidgetConfig;
  llm: LlmConfig;
};

/** What APIs want to see. Secrets are sealed before they are written. */
export interface CredentialStore {
  /** @throws CONFLICT when the tenant has one of this name · RESOURCE_LIMIT when there would be more than `limit` */
  create(credential: Credential, limit: number): Promise<void>;
  get(tenantId: TenantId, credentialId: CredentialId): Promise<Credential>;
  /** By name. */
  list(tenantId: TenantId, page: PageRequest): Promise<Page<Credential>>;
  /** Replaces the one with this id; without a secret, the stored one stays. @throws CONFLICT · NOT_FOUND */
  update(credential: Credential): Promise<void>;
  /** Hides it and queues `purge`, in one write. @throws NOT_FOUND · CONFLICT naming the tools that use it */
  remove(tenantId: TenantId, credentialId: CredentialId, now: UnixMs, purge: Job): Promise<void>;
  /** Undoes `remove` while the purge has not run, and cancels it. @throws NOT_FOUND once it is final · CONFLICT */
  restore(tenantId: TenantId, credentialId: CredentialId, now: UnixMs): Promise<Credential>;
  /** Deletes a removed credential. */
  purge(tenantId: TenantId, credentialId: CredentialId): Promise<void>;
}

/** What the whole instance may call. */
export interface EgressStore {
  /** Entries of the operator's list, in the order in which they were kept. */
  allowed(): Promise<string[]>;
  replaceAllowed(entries: readonly string[]): Promise<void>;
  /**
   * Adds to the ledger: calls and bytes to those of the same destination, purpose, tenant and outcome. All in one commit.
   * Of those refused, as many are kept as EGRESS_REFUSED_KEPT says, the latest.
   */
  record(uses: readonly EgressUse[]): Promise<void>;
  /** The ledger, latest first. @throws VALIDATION for a cursor that is none */
  uses(request: PageRequest): Promise<Page<EgressUse>>;
}

export interface InstanceStore {
  initialised(): Promise<boolean>;
  /** When this database was made. A copy that is put back is as old as the one that it was made of. */
  madeAt(): Promise<UnixMs>;
  /**
   * Makes the first tenant, its owner (who is operator) and its settings in one write.
   * @throws ALREADY_INITIALISED when any user exists, however many calls race
   */
  initialise(first: FirstAdmin): Promise<void>;
}

export interface TenantStore {
  /** With its widget and model settings, and `owner` as its owner, in one write. @throws CONFLICT when slug or embed key is taken */
  create(tenant: Tenant, owner: UserId, widget: WidgetConfig, llm: LlmConfig): Promise<void>;
  get(tenantId: TenantId): Promise<Tenant>;
  findByEmbedKey(embedKey: string): Promise<Tenant | null>;
  /** All tenants, oldest first. */
  list(): Promise<Tenant[]>;
  /** @throws NOT_FOUND */
  update(tenantId: TenantId, changes: Partial<Pick<Tenant, "name" | "embedKey">>): Promise<Tenant>;
}

export interface UserStore {
  find(userId: UserId): Promise<User | null>;
  /** With its password hash (argon2id, PHC string). `email` is compared lower-cased. */
  findByEmail(email: string): Promise<{ user: User; passwordHash: string } | null>;
  /** Ordered by when the membership was made. */
  memberships(userId: UserId): Promise<Membership[]>;
  findRole(userId: UserId, tenantId: TenantId): Promise<Role | null>;
  /** Replaces the password `formerHash`, and ends all sessions of the user, in one write. @throws CONFLICT when it is another one by now */
  replacePassword(userId: UserId, formerHash: string, passwordHash: string): Promise<void>;
}

export interface AdminSessionStore {
  create(session: AdminSession): Promise<void>;
  /** The session with its user; null when revoked or unknown. Says nothing of expiry. */
  find(idHash: string): Promise<{ session: AdminSession; user: User } | null>;
  touch(idHash: string, lastSeenAt: UnixMs): Promise<void>;
  /** Removing what is gone already is no error. */
  remove(idHash: string): Promise<void>;
  removeExpired(now: UnixMs): Promise<number>;
}

/** Counters that survive a restart: sign-in attempts. */
export interface ThrottleStore {
  /** Counts one event under `key` in a fixed window. Atomic. `count` includes this one. Clears away windows that are over. */
  hit(key: string, windowMs: number, now: UnixMs): Promise<{ count: number; windowEndsAt: UnixMs }>;
  /** The count of the running window, without counting. A window that ends more than `windowMs` ahead is none. */
  peek(key: string, windowMs: number, now: UnixMs): Promise<{ count: number; windowEndsAt: UnixMs }>;
  clear(key: string): Promise<void>;
}

/** What lasts until a time, when the machine's clock is set. */
export interface ClockStore {
  /** The clock was set while it showed `from`: what is running then has as long to go at `to`. */
  move(from: UnixMs, to: UnixMs): Promise<void>;
  /**
   * Brings sessions and queued jobs back to `now` that a clock wrote which was ahead: they are as used, and as far
   * from being due, as they were when they were written.
   */
  settle(now: UnixMs): Promise<void>;
}

export interface LlmConfigStore {
  /** The tenant's default model settings, secret opened or told as lost. */
  getDefault(tenantId: TenantId): Promise<LlmConfig>;
  /** Replaces the default settings; the key is sealed before it is written, and a lost one is gone then. */
  replaceDefault(tenantId: TenantId, settings: LlmConfig): Promise<void>;
  /** All of them: the default, then those that take over in their order, then the others by age. */
  all(tenantId: TenantId): Promise<LlmConfig[]>;
  /** Those that may be asked for an answer: the default, then those that take over in their order. */
  chain(tenantId: TenantId): Promise<LlmConfig[]>;
  get(tenantId: TenantId, configId: LlmConfigId): Promise<LlmConfig>;
  /**
   * Adds one that is not asked yet. Its system prompt is the tenant's, whatever it says.
   * @throws CONFLICT when the tenant has one of this name · RESOURCE_LIMIT when there would be more than `limit`
   */
  create(config: LlmConfig, limit: number): Promise<void>;
  /** Replaces the one with this id, default or not; only the default's system prompt counts. @throws CONFLICT · NOT_FOUND */
  update(config: LlmConfig): Promise<void>;
  /** Keeps what a test found out, unless the settings were changed since `updatedAt`. */
  recordTest(
    tenantId: TenantId,
    configId: LlmConfigId,
    updatedAt: UnixMs,
    capabilities: LlmCapabilities,
    testedAt: UnixMs,
  ): Promise<void>;
  /** Those behind the default, all of them and in this order. @throws NOT_FOUND · CONFLICT for the default */
  replaceChain(tenantId: TenantId, configIds: readonly LlmConfigId[]): Promise<void>;
  /** The former default waits for better days then. @throws NOT_FOUND */
  makeDefault(tenantId: TenantId, configId: LlmConfigId): Promise<void>;
  /** Hides it and queues `purge`, in one write. @throws NOT_FOUND · CONFLICT for the default */
  remove(tenantId: TenantId, configId: LlmConfigId, now: UnixMs, purge: Job): Promise<void>;
  /** Undoes `remove` while the purge has not run, and cancels it. @throws NOT_FOUND once it is final · CONFLICT */
  restore(tenantId: TenantId, configId: LlmConfigId, now: UnixMs): Promise<LlmConfig>;
  /** Deletes a removed one. */
  purge(tenantId: TenantId, configId: LlmConfigId): Promise<void>;
}

/** What answers took of models; written with each of them. */
export interface UsageStore {
  /** Together by day, oldest first, or by provider or model, the most used first. Groups without an answer are left out. */
  sums(tenantId: TenantId, by: UsageBy, period: Period): Promise<UsageSum[]>;
}

export interface WidgetStore {
  get(tenantId: TenantId): Promise<WidgetConfig>;
  replace(tenantId: TenantId, widget: WidgetConfig, now: UnixMs): Promise<void>;
  /** File ids of all tenants' logos. */
  logoFiles(): Promise<string[]>;
  /** Allowed domains of all tenants, each once: what preflights are answered from. */
  allAllowedDomains(): Promise<string[]>;
}

export type SourceFilter = { status?: DocumentStatus; titleContains?: string };
export type SourceSort = "newest" | "oldest" | "title" | "size";
export type SourceCounts = Record<"all" | DocumentStatus, number>;

/** What admins add. What a source is and how it goes with it follows from its documents, in the same commit. */
export interface SourceStore {
  /** The source with its first documents and the jobs that will read them, in one write; a refused file has no job. */
  create(source: NewSource, documents: readonly KnowledgeDocument[], jobs: readonly Job[]): Promise<void>;
  /**
   * A source of one file, with the job that will read it. Nothing is written when a document that has not failed has
   * the same bytes, however many calls race: that one's source then, null when this one was made.
   */
  createUnlessKnown(source: NewSource, document: KnowledgeDocument, job: Job): Promise<SourceId | null>;
  /** @throws NOT_FOUND, also for a deleted one */
  get(tenantId: TenantId, sourceId: SourceId): Promise<KnowledgeSource>;
  /** Deleted ones are left out. */
  list(
    tenantId: TenantId,
    filter: SourceFilter,
    sort: SourceSort,
    page: PageRequest,
  ): Promise<Page<KnowledgeSource>>;
  counts(tenantId: TenantId): Promise<SourceCounts>;
  /**
   * A new title is its only document's as well. It is part of what is indexed: `reading`, which reads that document
   * again, is queued in the same write when the title is another one, unless such a job waits already. @throws NOT_FOUND
   */
  update(
    tenantId: TenantId,
    sourceId: SourceId,
    changes: Partial<Pick<NewSource, "title" | "tags" | "address" | "schedule" | "updatedAt">>,
    reading?: Job,
  ): Promise<KnowledgeSource>;
  /** Hides the source and its chunks from everything, and queues `purge`, in one write. @throws NOT_FOUND */
  remove(tenantId: TenantId, sourceId: SourceId, now: UnixMs, purge: Job): Promise<void>;
  /**
   * Undoes `remove` while the purge has not run, and cancels it.
   * @throws NOT_FOUND once it is final · CONFLICT for a file whose bytes were added again meanwhile
   */
  restore(tenantId: TenantId, sourceId: SourceId, now: UnixMs): Promise<KnowledgeSource>;
  /** Files that only documents of this source need, once it is removed; none when it is purged already. */
  filesToPurge(tenantId: TenantId, sourceId: SourceId): Promise<FileId[]>;
  /** Deletes a removed source with its documents, chunks, index rows and jobs. Nothing when there is nothing to purge. */
  purge(tenantId: TenantId, sourceId: SourceId): Promise<void>;
}

export type DocumentFilter = { status?: DocumentStatus };

/** The files and pages of sources. Those of a deleted source are as gone as the source is. */
export interface DocumentStore {
  /** Adds documents to a source, with the jobs that will read them, in one write. @throws NOT_FOUND for their source */
  create(
    tenantId: TenantId,
    sourceId: SourceId,
    documents: readonly KnowledgeDocument[],
    jobs: readonly Job[],
  ): Promise<void>;
  /** @throws NOT_FOUND */
  get(tenantId: TenantId, documentId: DocumentId): Promise<KnowledgeDocument>;
  /** One that has not failed, with the same bytes. */
  findByContentHash(tenantId: TenantId, contentHash: string): Promise<KnowledgeDocument | null>;
  /** Of one source, in the order in which they were added. @throws NOT_FOUND for the source */
  list(
    tenantId: TenantId,
    sourceId: SourceId,
    filter: DocumentFilter,
    page: PageRequest,
  ): Promise<Page<KnowledgeDocument>>;
  /** @throws NOT_FOUND */
  update(
    tenantId: TenantId,
    documentId: DocumentId,
    changes: Partial<
      Pick<
        KnowledgeDocument,
        | "title"
        | "status"
        | "progress"
        | "stage"
        | "errorCode"
        | "errorMessage"
        | "warnings"
        | "format"
        | "pageCount"
        | "updatedAt"
      > & { /** Which version of its format's parser read it. */ readBy: number }
    >,
  ): Promise<KnowledgeDocument>;
  /**
   * Queues the documents that `jobs` are about again, in one write; their chunks serve until the new version commits.
   * Those that wait or are being read are left to that. The jobs that were queued.
   * @throws NOT_FOUND, with nothing queued, when one of them is gone
   */
  requeue(tenantId: TenantId, jobs: readonly Job[]): Promise<Job[]>;
  /** Tenants with documents that `outdated` gives. */
  outdatedTenants(readings: ReadonlyMap<DocumentFormat, number>): Promise<TenantId[]>;
  /**
   * Documents that are ready or failed, have an original, and were last read by an older version of their format's
   * parser than `readings` names, in the order of their ids.
   */
  outdated(
    tenantId: TenantId,
    readings: ReadonlyMap<DocumentFormat, number>,
    limit: number,
  ): Promise<KnowledgeDocument[]>;
  outdatedCount(tenantId: TenantId, readings: ReadonlyMap<DocumentFormat, number>): Promise<number>;
  /** File ids that some document of any tenant still needs. */
  fileIds(): Promise<Set<string>>;
}

export interface ChunkStore {
  /**
   * Writes a new, invisible version of a document in batches, then makes it current with the rest of
   * `outcome` in one short commit that also removes the old version, finishes `jobId` and queues `jobs`. A
   * crash before that commit leaves the old version serving; leftovers of unfinished versions are swept by
   * `sweep`. Vectors of the old version go with its chunks.
   * @throws NOT_FOUND when its source was removed meanwhile
   */
  replaceForDocument(
    tenantId: TenantId,
    documentId: DocumentId,
    chunks: readonly IndexedChunk[],
    outcome: Pick<KnowledgeDocument, "format" | "pageCount" | "warnings"> & {
      /** Null where no job is over with it. */
      jobId: JobId | null;
      now: UnixMs;
      /** Which version of the analysis made the terms. */
      analysis: number;
      /** Which version of its format's parser read the document. */
      reading: number;
      /** What there is to do for the new version, as far as the same is not queued already. */
      jobs?: readonly Job[];
    },
  ): Promise<void>;
  /** Of a source, document by document, each in its own order; or of one of its documents. @throws NOT_FOUND */
  list(
    tenantId: TenantId,
    sourceId: SourceId,
    filter: { documentId?: DocumentId },
    page: PageRequest,
  ): Promise<Page<Chunk>>;
  /** Those that exist and are current, in the order asked for. */
  findMany(tenantId: TenantId, chunkIds: readonly ChunkId[]): Promise<FoundChunk[]>;
  /** Current chunks next to one in its document: ordinals in [from, to]. */
  neighbours(tenantId: TenantId, documentId: DocumentId, from: number, to: number): Promise<FoundChunk[]>;
  /**
   * BM25 over current chunks of the tenant, best first. A chunk matches when any term of any word is in
   * its title, headings or content; the terms of one word count as one. Runs off the main thread.
   */
  searchByTerms(tenantId: TenantId, query: LexicalQuery, limit: number): Promise<LexicalMatches>;
  /** Current chunks of the tenant by the rows that a search gave. Those that are gone by now are left out. */
  findByRows(tenantId: TenantId, rows: readonly number[]): Promise<Map<number, FoundChunk>>;
  /** Languages of the tenant's current chunks, most frequent first. */
  languages(tenantId: TenantId): Promise<string[]>;
  /** What the tenant's documents with most passages are about, at most `most` of them. */
  outline(tenantId: TenantId, most: number): Promise<DocumentOutline[]>;
  /** Removes chunks of versions that never became current. Called at start, before any job runs. */
  sweep(): Promise<number>;
}

/** What is embedded of a chunk that an index has no vector of. */
export type UnembeddedChunk = {
  chunk: ChunkId;
  tenantId: TenantId;
  title: string;
  headingPath: string[];
  content: string;
};

/** What a calibration reads of a current chunk, whether or not an index has a vector of it. */
export type SampledChunk = Omit<UnembeddedChunk, "chunk"> & { document: DocumentId };

/** Indexes belong to the whole instance; what is in them is apart by tenant. */
export interface EmbeddingIndexStore {
  /** Oldest first, keys opened or told as lost. */
  list(): Promise<EmbeddingIndex[]>;
  /** @throws NOT_FOUND */
  get(indexId: EmbeddingIndexId): Promise<EmbeddingIndex>;
  findActive(): Promise<EmbeddingIndex | null>;
  /**
   * With its empty table, which takes vectors of its dimension only, and with the job that fills it. Nothing is written
   * when there is one of the same model, whatever its key, however many calls race: that one's id then, null when this
   * one was made.
   */
  create(index: EmbeddingIndex, filling?: Job): Promise<EmbeddingIndexId | null>;
  /** The key of its model's server; sealed before it is written. Local models have none. @throws NOT_FOUND */
  replaceKey(indexId: EmbeddingIndexId, apiKey: string | null): Promise<void>;
  /** How many chunks of all tenants are current, and about how many of them have a vector. */
  coverage(indexId: EmbeddingIndexId): Promise<{ chunks: number; embedded: number }>;
  /**
   * Some of the current chunks without a vector, newest first and behind `after` (null: from the newest); there may be
   * more unless `next` is null.
   */
  chunksWithoutVector(
    indexId: EmbeddingIndexId,
    after: string | null,
    limit: number,
  ): Promise<{ items: UnembeddedChunk[]; next: string | null }>;
  /** Current chunks of all tenants, `most` at most, from everywhere among them and always the same of the same ones. */
  sampleChunks(most: number): Promise<SampledChunk[]>;
  /** What its cosines mean, and how many chunks there were when that was measured. @throws NOT_FOUND */
  calibrate(indexId: EmbeddingIndexId, scale: EmbeddingScale, calibratedOn: number): Promise<void>;
  /**
   * Writes vectors, in place of those that are there, in batches. Chunks that are gone are left out. How many
   * were written. @throws VALIDATION for a vector of another dimension, before anything is written
   */
  write(
    indexId: EmbeddingIndexId,
    vectors: readonly { chunk: ChunkId; vector: Float32Array }[],
  ): Promise<number>;
  /** A building index becomes ready; any other stays what it is. */
  markReady(indexId: EmbeddingIndexId): Promise<void>;
  /**
   * Makes it the active one and retires the one that was, in one commit, with the job that adds what it lacks unless
   * that is queued already. @throws CONFLICT while it is building
   */
  activate(indexId: EmbeddingIndexId, now: UnixMs, filling?: Job): Promise<void>;
  /** The active index becomes retired, and none is active then. */
  retire(indexId: EmbeddingIndexId): Promise<void>;
  /** Hides it at once and deletes its vectors in batches. @throws CONFLICT when it is active */
  remove(indexId: EmbeddingIndexId): Promise<void>;
  /** Finishes removals that were interrupted. Called at start. */
  sweep(): Promise<void>;
  /**
   * Current chunks of the tenant by cosine with `vector`, nearest first. Every similarity is exact and no chunk is
   * there that is not current; an engine may miss one in a hundred of the nearest for being faster than looking at
   * all. Runs off the main thread.
   * @throws VALIDATION for another dimension; NOT_FOUND for a removed index
   */
  searchByVector(
    tenantId: TenantId,
    indexId: EmbeddingIndexId,
    vector: Float32Array,
    limit: number,
  ): Promise<VectorHit[]>;
}

/** A chunk whose terms are of another analysis, with what terms are made of. */
export type OutdatedChunk = {
  chunk: ChunkId;
  title: string;
  headingPath: string[];
  content: string;
  /** As it is stored. */
  language: string;
};
/** The same chunk with its new terms. */
export type ReanalysedChunk = { chunk: ChunkId } & Pick<
  IndexedChunk,
  "language" | "titleTerms" | "headingTerms" | "contentTerms"
>;

/**
 * Keeps the indexes what the chunks say, after an upgrade and by command. Terms are made anew in place: every
 * chunk can be found all the time, by its old terms or by its new ones, and keeps its vectors.
 */
export interface IndexUpkeepStore {
  /** Tenants with a current chunk whose terms are not of `analysis`. */
  outdatedTenants(analysis: number): Promise<TenantId[]>;
  /** How many chunks of the tenant are current, and how many of those have terms that are not of `analysis`. */
  outdatedCount(tenantId: TenantId, analysis: number): Promise<{ chunks: number; outdated: number }>;
  /** The next ones of them; none when all is done. Goes on behind what was replaced, also after a crash. */
  outdatedChunks(tenantId: TenantId, analysis: number, limit: number): Promise<OutdatedChunk[]>;
  /** Replaces the terms of chunks, in the order of `outdatedChunks`, in slices. Chunks that are gone are left out. */
  replaceTerms(tenantId: TenantId, analysis: number, chunks: readonly ReanalysedChunk[]): Promise<void>;
  /**
   * All terms of a tenant, or of everybody (null), are to be made anew; the lexical index of everybody is emptied.
   * Does nothing while some are left of an earlier call, which is gone on with.
   */
  outdate(tenantId: TenantId | null): Promise<void>;
  /** Deletes the vectors of a tenant, or of everybody (null), in all indexes. How many. */
  forgetVectors(tenantId: TenantId | null): Promise<number>;
  /** Removes rows of the lexical index and vectors that belong to no chunk. How many of each. Takes as long as it takes. */
  removeOrphans(): Promise<{ terms: number; vectors: number }>;
  /**
   * Takes what was deleted out of the lexical index, which otherwise keeps it until it happens to be merged, and out
   * of the log of writes. In steps; @throws the signal's reason, and nothing is lost then.
   */
  scrub(signal: AbortSignal): Promise<void>;
  /** @throws DB_CORRUPT when the lexical index is damaged or has other rows than there are chunks */
  checkLexical(): Promise<void>;
}

/** Of the whole installation. */
export interface RerankerStore {
  /** Null while passages stay in the order in which they were found. */
  findActive(): Promise<ActiveReranker | null>;
  /** In place of the one before; null switches reranking off. */
  replace(reranker: ActiveReranker | null): Promise<void>;
}

export type JobChanges = Partial<
  Pick<
    Job,
    "state" | "attempts" | "progress" | "stage" | "errorCode" | "errorMessage" | "runAt" | "updatedAt"
  >
> & { leaseUntil?: UnixMs };

/** Knows no kind of job: which kinds a lane works on, and which are listed, is said with each call. */
export interface JobStore {
  create(job: Job): Promise<void>;
  /** Unless a job of its kind about its subject is queued already. Atomic. Whether it was created. */
  createUnlessQueued(job: Job): Promise<boolean>;
  /**
   * The next due job of the kinds in `priorities` that is queued or whose lease ran out, marked running with one more
   * attempt and a lease: by priority, smallest first; then fair over tenants (the tenant with the fewest running jobs
   * of these kinds, then the one whose turn was longest ago); then what is due longest. Atomic; null when none is due.
   */
  claim(now: UnixMs, leaseMs: number, priorities: Readonly<Record<JobKind, number>>): Promise<Job | null>;
  /** @throws NOT_FOUND */
  update(jobId: JobId, changes: JobChanges): Promise<Job>;
  /** Changes a job only while it is running: not when it was finished, cancelled or removed meanwhile. Whether it was. */
  updateRunning(jobId: JobId, changes: JobChanges): Promise<boolean>;
  /** Makes every running job queued again: at start nobody can be working on one. */
  releaseAll(now: UnixMs): Promise<number>;
  /** Queues failed jobs of these kinds again; they keep their attempts. How many. */
  requeueFailed(kinds: readonly JobKind[], now: UnixMs): Promise<number>;
  /** Queued and running jobs of the tenant and these kinds, oldest first, with the name of what they work on. */
  listActive(tenantId: TenantId, kinds: readonly JobKind[]): Promise<(Job & { title: string })[]>;
  find(jobId: JobId): Promise<(Job & { title: string }) | null>;
  /** The running job of a kind about something, else the latest one; null when there was none. */
  findLatest(kind: JobKind, subject: string): Promise<Job | null>;
  /** Whether a queued job of one of these kinds is due. */
  isDue(kinds: readonly JobKind[], now: UnixMs): Promise<boolean>;
  /** When the next queued job of these kinds is due; null when none waits. */
  nextDueAt(kinds: readonly JobKind[]): Promise<UnixMs | null>;
  /** The kinds of all queued jobs, by name. */
  waitingKinds(): Promise<JobKind[]>;
}

export interface ChatSessionStore {
  /** With its first conversation, in one write. `tokenHash` is SHA-256, hex. */
  create(
    session: ChatSession,
    tokenHash: string,
    conversation: Conversation,
    jobs: readonly Job[],
  ): Promise<void>;
  findByTokenHash(tokenHash: string): Promise<ChatSession | null>;
  update(
    sessionId: ChatSessionId,
    changes: { expiresAt?: UnixMs; origin?: string | null; tokenHash?: string; visitor?: Visitor | null },
  ): Promise<void>;
  /**
   * Makes a new conversation current. Nothing is written while nobody has asked anything in the current one, however
   * many calls race: that one's id then, null when this one was begun. @throws NOT_FOUND when the session is gone
   */
  startConversation(
    session: ChatSession,
    conversation: Conversation,
    jobs: readonly Job[],
  ): Promise<ConversationId | null>;
  /**
   * Reserves the next `count` sequence numbers of the session and returns the first. Reserved numbers are
   * never handed out again, also after a restart. Atomic.
   */
  reserveSequence(sessionId: ChatSessionId, count: number): Promise<number>;
  /** Origins the tenant's widget was opened on, newest first, each once. */
  recentOrigins(tenantId: TenantId, limit: number): Promise<string[]>;
  /**
   * Deletes some of the tenant's sessions without a message in them: those that were over by `endedBy`, but for the
   * latest of an origin that was opened after `originsSince`, because it says where the widget is. How many.
   */
  removeEmpty(tenantId: TenantId, endedBy: UnixMs, originsSince: UnixMs, limit: number): Promise<number>;
  /**
   * The same of those that were opened before `openedBefore`, over or not, as far as there are more than `kept` younger
   * ones without a message.
   */
  removeSurplus(tenantId: TenantId, kept: number, openedBefore: UnixMs, limit: number): Promise<number>;
}

export type ConversationFilter = {
  textContains?: string | undefined;
  ids?: readonly ConversationId[] | undefined;
  lastOutcome?: NonNullable<Conversation["lastOutcome"]> | undefined;
  /** Of the latest activity, from this moment on. */
  from?: UnixMs | undefined;
  /** Of the latest activity, before this moment. */
  to?: UnixMs | undefined;
  flagged?: boolean | undefined;
  starred?: boolean | undefined;
  legalHold?: boolean | undefined;
  /** Of any of its answers. */
  rating?: Rating | undefined;
  /** Whether any of its answers found nothing. */
  abstained?: boolean | undefined;
  /** Whether a tool was called for any of its answers. */
  tools?: boolean | undefined;
  /** One of those that its visitor wrote in. */
  language?: string | undefined;
  /** One of those that answered. */
  provider?: string | undefined;
};

/** Where the messages of several conversations go on: in the one at this place, behind the message of this number. */
export type TranscriptPlace = { at: number; behind: number };

export interface ConversationStore {
  get(tenantId: TenantId, conversationId: ConversationId): Promise<Conversation>;
  /** Those with a message, latest activity first; `textContains` looks into messages too. */
  list(tenantId: TenantId, filter: ConversationFilter, page: PageRequest): Promise<Page<Conversation>>;
  /** The ids of `list`, in its order. */
  listIds(tenantId: TenantId, filter: ConversationFilter, page: PageRequest): Promise<Page<ConversationId>>;
  /** What there is to choose from among filters, sorted. */
  filterValues(tenantId: TenantId): Promise<{ languages: string[]; providers: string[] }>;
  /** Sets what is given, and leaves the conversation where it is in the list. @throws NOT_FOUND */
  mark(
    tenantId: TenantId,
    conversationId: ConversationId,
    marks: Partial<ConversationMarks>,
  ): Promise<Conversation>;
  /**
   * Messages of these conversations, in the order of the ids and the oldest first in each, as many as are about 256,000
   * characters, at most 200. `from` is a former `next`, null at the beginning. Conversations that are gone are left out.
   */
  transcripts(
    tenantId: TenantId,
    conversationIds: readonly ConversationId[],
    from: TranscriptPlace | null,
  ): Promise<{ messages: ExportedMessage[]; next: TranscriptPlace | null }>;
  /** Oldest first, all of them. */
  messages(tenantId: TenantId, conversationId: ConversationId): Promise<Message[]>;
  findMessage(tenantId: TenantId, messageId: MessageId): Promise<Message | null>;
  findTrace(tenantId: TenantId, messageId: MessageId): Promise<TurnTrace | null>;
  /** A rating again replaces the former one. @throws NOT_FOUND when the message is no finished answer of that session */
  rate(
    sessionId: ChatSessionId,
    messageId: MessageId,
    rating: Rating,
    comment: string | null,
    now: UnixMs,
    jobs: readonly Job[],
  ): Promise<void>;
  /** Hides it and queues `jobs`, of which one is its purge. @throws NOT_FOUND · CONFLICT when it is held */
  remove(
    tenantId: TenantId,
    conversationId: ConversationId,
    now: UnixMs,
    jobs: readonly Job[],
  ): Promise<void>;
  /** Undoes `remove` while the purge has not run, and cancels it. @throws NOT_FOUND once it is final */
  restore(
    tenantId: TenantId,
    conversationId: ConversationId,
    now: UnixMs,
    jobs: readonly Job[],
  ): Promise<Conversation>;
  /** Deletes a removed conversation. Jobs that tell others of it stay. */
  purge(tenantId: TenantId, conversationId: ConversationId): Promise<void>;
  /**
   * Hides those of these conversations that are there and not held, as part of `deletion`, and queues `jobs`. `purge` is
   * queued as well; where the deletion has one that waits, that one is put off to the same time. How many.
   */
  removeMany(
    tenantId: TenantId,
    conversationIds: readonly ConversationId[],
    deletion: DeletionId,
    purge: Job,
    jobs: readonly Job[],
  ): Promise<number>;
  /** Some of what a deletion has hidden. */
  idsOfDeletion(tenantId: TenantId, deletion: DeletionId, limit: number): Promise<ConversationId[]>;
  /**
   * Brings back these of a deletion while its purge has not begun, and cancels that with the last of them. What is left
   * of one that the end of the process cut off can be brought back for a day. @throws NOT_FOUND once it is final
   */
  restoreMany(
    tenantId: TenantId,
    deletion: DeletionId,
    conversationIds: readonly ConversationId[],
    now: UnixMs,
    jobs: readonly Job[],
  ): Promise<void>;
  /** Deletes some of the conversations of a deletion. Whether there may be more. */
  purgeMany(tenantId: TenantId, deletion: DeletionId): Promise<boolean>;
  /** Deletes how answers came about that were finished before, but for conversations under legal hold. How many. */
  removeTraces(tenantId: TenantId, before: UnixMs, limit: number): Promise<number>;
  statistics(tenantId: TenantId, since: UnixMs): Promise<ConversationStatistics>;
  /** The latest questions that found nothing, the last one first. */
  unanswered(tenantId: TenantId, limit: number): Promise<UnansweredQuestion[]>;
}

export type ConversationStatistics = {
  conversations: number;
  questions: number;
  answered: number;
  abstained: number;
  failed: number;
  firstTokenMsP50: number | null;
  /** When each question was asked, ascending, for counts by day. */
  questionTimes: UnixMs[];
  /** Questions answered with a source, since ever. */
  everAnswered: number;
  /** Latest questions that found nothing. */
  unanswered: UnansweredQuestion[];
};

export type UnansweredQuestion = {
  conversationId: ConversationId;
  question: string;
  nearestTitle: string | null;
};

export type BeginTurn = {
  tenantId: TenantId;
  sessionId: ChatSessionId;
  conversationId: ConversationId;
  /** The visitor's message; `clientId` is set. */
  question: Message;
  page: PageContext | null;
  jobs: readonly Job[];
};

/** What an answer goes on with. */
export type PartialText = { tenantId: TenantId; answerId: MessageId; text: string };

export interface TurnStore {
  /**
   * Stores the visitor's message, once per session and client id, and updates the conversation (title from the first
   * question, page, counts). `duplicate` holds what was stored the first time; nothing is written then, no job either.
   */
  acceptQuestion(
    turn: BeginTurn,
  ): Promise<{ duplicate: { question: Message; answer: Message | null } | null }>;
  /** Makes the answer's row, status `streaming`. One may run per conversation. @throws TURN_RUNNING */
  beginAnswer(tenantId: TenantId, questionId: MessageId, answer: Message): Promise<void>;
  /** Appends to answers that are being written, in one write, for the case that the process dies. Others are left alone. */
  appendPartials(pieces: readonly PartialText[]): Promise<void>;
  /**
   * Everything about the finished answer in one write: text, citations, status, what it took of models, trace, conversation outcome, and
   * what the tools that it called did.
   */
  finishAnswer(
    tenantId: TenantId,
    answer: Message,
    trace: TurnTrace,
    uses: readonly ModelUse[],
    finishedAt: UnixMs,
    jobs: readonly Job[],
  ): Promise<void>;
  /** Answers of all tenants that are `streaming`. */
  unfinished(): Promise<{ tenantId: TenantId; conversationId: ConversationId; messageId: MessageId }[]>;
  /** At start: every `streaming` answer becomes `interrupted` with its partial text. How many. */
  interruptUnfinished(now: UnixMs, jobs: readonly Job[]): Promise<number>;
  /** Finished messages before the question, oldest first, at most `limit`. */
  recent(
    tenantId: TenantId,
    conversationId: ConversationId,
    before: MessageId,
    limit: number,
  ): Promise<Message[]>;
}

/** How a call that waited for its visitor's word ended, and the message and trace that say so. */
export type EndedCall = {
  from: ConfirmationState;
  to: ConfirmationState;
  message: Message;
  trace: TurnTrace;
};

export interface ToolCallStore {
  /** Keeps a call that waits. Its answer must have begun. */
  propose(confirmation: Confirmation): Promise<void>;
  /** Null for one of another session's, too. */
  find(tenantId: TenantId, sessionId: ChatSessionId, callId: ToolCallId): Promise<Confirmation | null>;
  /** From then on it counts as sent. @throws CONFLICT for one that does not wait, or not any more: of many, one gets through */
  start(tenantId: TenantId, callId: ToolCallId, now: UnixMs): Promise<void>;
  /** Its end, the message that tells of it and what the tool did, in one commit. @throws CONFLICT when it is not `from` · NOT_FOUND */
  end(
    tenantId: TenantId,
    callId: ToolCallId,
    ended: EndedCall,
    now: UnixMs,
    jobs: readonly Job[],
  ): Promise<void>;
  /** Of all tenants, those whose end nobody knows. */
  started(): Promise<Confirmation[]>;
}

/** One of the latest uses, with who it was, as far as they are still there. */
export type RecentToolUse = Omit<ToolUse, "tenantId" | "toolId"> & {
  /** Of the person, the key or the verified visitor. */
  name: string | null;
};

/** What tools did. Turns write it with their answers; the rest is told with `record`. */
export interface ToolUseStore {
  /** In one write. Those of tools that are gone are left out. */
  record(uses: readonly ToolUse[]): Promise<void>;
  /** Of each tool asked for, over the days since `since`; no more than TOOL_FIGURES_DAYS are kept. */
  figures(tenantId: TenantId, toolIds: readonly ToolId[], since: UnixMs): Promise<Map<ToolId, ToolFigures>>;
  /**
   * Latest first. TOOL_USES_KEPT are kept of each kind of user. The conversation is null when it was deleted.
   */
  latest(tenantId: TenantId, toolId: ToolId, limit: number): Promise<RecentToolUse[]>;
}

export type GoldenQuestionFilter = { textContains?: string; state?: "failing" | "attention" };
export type GoldenQuestionCounts = Record<"all" | "failing" | "attention", number>;

/** Removed ones are left out everywhere. */
export interface GoldenQuestionStore {
  /**
   * Adds questions, or replaces those with the same id, all in one write. One that was removed stays removed.
   * @throws RESOURCE_LIMIT, with nothing written, when there would be more than `limit`; CONFLICT, with nothing written,
   *   when two would be the same question
   */
  save(tenantId: TenantId, questions: readonly GoldenQuestion[], limit: number): Promise<void>;
  get(tenantId: TenantId, questionId: GoldenQuestionId): Promise<JudgedQuestion>;
  /** Newest first. */
  list(tenantId: TenantId, filter: GoldenQuestionFilter, page: PageRequest): Promise<Page<JudgedQuestion>>;
  counts(tenantId: TenantId): Promise<GoldenQuestionCounts>;
  /** All of them, oldest first. */
  all(tenantId: TenantId): Promise<GoldenQuestion[]>;
  /** Hides the question and queues `purge`, in one write. @throws NOT_FOUND */
  remove(tenantId: TenantId, questionId: GoldenQuestionId, now: UnixMs, purge: Job): Promise<void>;
  /**
   * Undoes `remove` while the purge has not run, and cancels it.
   * @throws NOT_FOUND once it is final · CONFLICT when the same question was added meanwhile
   */
  restore(tenantId: TenantId, questionId: GoldenQuestionId, now: UnixMs): Promise<JudgedQuestion>;
  /** Deletes a removed question with all that runs say of it. */
  purge(tenantId: TenantId, questionId: GoldenQuestionId): Promise<void>;
}

/** Keys of programs, by the SHA-256 (hex) of each. */
export interface ApiKeyStore {
  /** @throws RESOURCE_LIMIT, with nothing written, when the tenant has `limit` already */
  create(key: ApiKey, keyHash: string, limit: number): Promise<void>;
  /** All of a tenant, newest first. */
  list(tenantId: TenantId): Promise<ApiKey[]>;
  findByHash(keyHash: string): Promise<ApiKey | null>;
  touch(keyId: ApiKeyId, now: UnixMs): Promise<void>;
  /** At once and for good. @throws NOT_FOUND */
  remove(tenantId: TenantId, keyId: ApiKeyId): Promise<void>;
}

/** How long tenants keep what was said. */
export interface RetentionStore {
  /** KEEP_EVERYTHING where nothing was set. */
  get(tenantId: TenantId): Promise<Retention>;
  replace(tenantId: TenantId, retention: Retention, now: UnixMs): Promise<void>;
}

/** What a tenant's pages sign visitors' identities with. */
export interface IdentitySecretStore {
  /** Newest first, with those that are not valid any more as long as they are there. */
  list(tenantId: TenantId): Promise<IdentitySecret[]>;
  /** A token was believed for it. */
  touch(tenantId: TenantId, secretId: IdentitySecretId, now: UnixMs): Promise<void>;
  /**
   * Puts `next` in the place of the present one, or takes that away for null. The present one is valid until
   * `previousUntil` then; for null it is deleted at once, and whatever was before it. Those that were over by `now` go.
   */
  replace(
    tenantId: TenantId,
    next: IdentitySecret | null,
    now: UnixMs,
    previousUntil: UnixMs | null,
  ): Promise<void>;
}

/** Removed ones are left out everywhere. */
export interface SynonymStore {
  /**
   * Adds synonyms, or replaces those with the same id, all in one write. One that was removed stays removed.
   * @throws RESOURCE_LIMIT, with nothing written, when there would be more than `limit`; CONFLICT, with nothing written,
   *   when two would say the same
   */
  save(tenantId: TenantId, synonyms: readonly Synonym[], limit: number): Promise<void>;
  get(tenantId: TenantId, synonymId: SynonymId): Promise<Synonym>;
  /** Newest first. */
  list(tenantId: TenantId, filter: { wordContains?: string }, page: PageRequest): Promise<Page<Synonym>>;
  count(tenantId: TenantId): Promise<number>;
  /** All of them, oldest first. */
  all(tenantId: TenantId): Promise<Synonym[]>;
  /** Hides the synonym and queues `purge`, in one write. @throws NOT_FOUND */
  remove(tenantId: TenantId, synonymId: SynonymId, now: UnixMs, purge: Job): Promise<void>;
  /**
   * Undoes `remove` while the purge has not run, and cancels it.
   * @throws NOT_FOUND once it is final · CONFLICT when the same was added meanwhile
   */
  restore(tenantId: TenantId, synonymId: SynonymId, now: UnixMs): Promise<Synonym>;
  /** Deletes a removed synonym for good. */
  purge(tenantId: TenantId, synonymId: SynonymId): Promise<void>;
}

export interface EvaluationStore {
  /**
   * A run and the job that does it, in one write, which also removes the oldest runs so that no more than `kept`
   * are left. @throws CONFLICT while another run of the tenant waits or works
   */
  createRun(run: EvaluationRun, job: Job, kept: number): Promise<void>;
  getRun(tenantId: TenantId, runId: EvaluationRunId): Promise<EvaluationRun>;
  /** Newest first. */
  listRuns(tenantId: TenantId, page: PageRequest): Promise<Page<EvaluationRun>>;
  /** The last finished run before that one; null when there is none. */
  findRunBefore(tenantId: TenantId, runId: EvaluationRunId): Promise<EvaluationRun | null>;
  /** Changes the run if it is in one of these states; null when it is not, as when it was cancelled meanwhile. */
  changeRun(
    tenantId: TenantId,
    runId: EvaluationRunId,
    from: readonly EvaluationState[],
    changes: Partial<
      Pick<
        EvaluationRun,
        "state" | "total" | "active" | "measures" | "errorCode" | "errorMessage" | "startedAt" | "finishedAt"
      >
    >,
  ): Promise<EvaluationRun | null>;
  /** Questions that the run has no outcome of, oldest first. */
  unasked(tenantId: TenantId, runId: EvaluationRunId, limit: number): Promise<JudgedQuestion[]>;
  /** Those of questions or runs that are gone are left out. */
  saveOutcomes(tenantId: TenantId, outcomes: readonly QuestionOutcome[]): Promise<void>;
  /** By question, oldest first. */
  outcomes(tenantId: TenantId, runId: EvaluationRunId, page: PageRequest): Promise<Page<QuestionOutcome>>;
  allOutcomes(tenantId: TenantId, runId: EvaluationRunId): Promise<QuestionOutcome[]>;
}

/** Passwords come and go in the clear, and are sealed in between. */
export interface ConnectionStore {
  /** @throws CONFLICT when the tenant has one of this name · RESOURCE_LIMIT when there would be more than `limit` */
  create(connection: Connection, limit: number): Promise<void>;
  get(tenantId: TenantId, connectionId: ConnectionId): Promise<Connection>;
  /** By name. */
  list(tenantId: TenantId, page: PageRequest): Promise<Page<Connection>>;
  /** Of every tenant. */
  all(): Promise<Connection[]>;
  /** Replaces the one with this id. @throws NOT_FOUND · CONFLICT when the tenant has another one of this name */
  update(connection: Connection): Promise<void>;
  /** Keeps what a check found, unless the connection was changed or removed since it had this `updatedAt`. */
  recordCheck(
    connection: Pick<Connection, "tenantId" | "id" | "updatedAt">,
    found: Pick<Connection, "state" | "problem" | "serverVersion" | "checkedAt">,
  ): Promise<void>;
  /** Keeps what its database tells of the tables that may be asked, unless that was changed or removed since. */
  replaceOutlines(
    connection: Pick<Connection, "tenantId" | "id" | "schemaAccess">,
    tables: SchemaAccess["tables"],
  ): Promise<void>;
  /** Hides it and queues `purge`, in one write. @throws NOT_FOUND · CONFLICT while tools use it, whose labels it names */
  remove(tenantId: TenantId, connectionId: ConnectionId, now: UnixMs, purge: Job): Promise<void>;
  /**
   * Undoes `remove` while the purge has not run, and cancels it.
   * @throws NOT_FOUND once it is final · CONFLICT when another one has its name meanwhile
   */
  restore(tenantId: TenantId, connectionId: ConnectionId, now: UnixMs): Promise<Connection>;
  /** Deletes a removed connection with its password, and tools of it that were removed. */
  purge(tenantId: TenantId, connectionId: ConnectionId): Promise<void>;
}

/** Servers of the Model Context Protocol. They hold no secrets: what they are shown is a credential. */
export interface McpServerStore {
  /** @throws CONFLICT when the tenant has one of this name · RESOURCE_LIMIT when there would be more than `limit` */
  create(server: McpServer, limit: number): Promise<void>;
  get(tenantId: TenantId, serverId: McpServerId): Promise<McpServer>;
  /** By name. */
  list(tenantId: TenantId, page: PageRequest): Promise<Page<McpServer>>;
  /** Of every tenant. */
  all(): Promise<McpServer[]>;
  /** Replaces the one with this id. @throws NOT_FOUND · CONFLICT when the tenant has another one of this name */
  update(server: McpServer): Promise<void>;
  /** Keeps what a look found, unless the server was changed or removed since it had this `updatedAt`. */
  recordCheck(
    server: Pick<McpServer, "tenantId" | "id" | "updatedAt">,
    found: Pick<McpServer, "state" | "problem" | "serverVersion" | "checkedAt">,
  ): Promise<void>;
  /** Hides it and queues `purge`, in one write. @throws NOT_FOUND · CONFLICT while tools use it, whose labels it names */
  remove(tenantId: TenantId, serverId: McpServerId, now: UnixMs, purge: Job): Promise<void>;
  /**
   * Undoes `remove` while the purge has not run, and cancels it.
   * @throws NOT_FOUND once it is final · CONFLICT when another one has its name meanwhile
   */
  restore(tenantId: TenantId, serverId: McpServerId, now: UnixMs): Promise<McpServer>;
  /** Deletes a removed server, and tools of it that were removed. */
  purge(tenantId: TenantId, serverId: McpServerId): Promise<void>;
}

export interface ToolStore {
  /**
   * @throws CONFLICT when the tenant has one of this name · RESOURCE_LIMIT when there would be more than `limit` ·
   *   NOT_FOUND for a connection or an MCP server that is not the tenant's, or was removed
   */
  create(tool: CatalogueTool, limit: number): Promise<void>;
  get(tenantId: TenantId, toolId: ToolId): Promise<CatalogueTool>;
  /** By name. */
  list(tenantId: TenantId, page: PageRequest): Promise<Page<CatalogueTool>>;
  /** Those that are enabled, by name. */
  enabled(tenantId: TenantId): Promise<CatalogueTool[]>;
  /** Of every tenant, removed ones left out. */
  all(): Promise<CatalogueTool[]>;
  /** Replaces the one with this id. @throws as `create` · NOT_FOUND */
  update(tool: CatalogueTool): Promise<void>;
  /** Keeps the values that a database gave for enums, unless the tool was changed or removed since it had this `updatedAt`. */
  replaceParameters(
    tool: Pick<CatalogueTool, "tenantId" | "id" | "updatedAt">,
    parameters: CatalogueTool["parameters"],
  ): Promise<void>;
  /** Those of an MCP server, enabled or not, by name. */
  ofServer(tenantId: TenantId, serverId: McpServerId): Promise<CatalogueTool[]>;
  /**
   * Keeps that an MCP server tells a tool otherwise than it was allowed, or that it tells it as before (null), unless the
   * tool was changed or removed since it had this `updatedAt`. One that changed is disabled. Whether it was kept.
   */
  recordTrouble(
    tool: Pick<CatalogueTool, "tenantId" | "id" | "updatedAt">,
    trouble: RemoteTrouble | null,
  ): Promise<boolean>;
  /** Hides it and queues `purge`, in one write. @throws NOT_FOUND */
  remove(tenantId: TenantId, toolId: ToolId, now: UnixMs, purge: Job): Promise<void>;
  /**
   * Undoes `remove` while the purge has not run, and cancels it.
   * @throws NOT_FOUND once it is final · CONFLICT when another one has its name meanwhile, or its connection or server was removed
   */
  restore(tenantId: TenantId, toolId: ToolId, now: UnixMs): Promise<CatalogueTool>;
  /** Deletes a removed tool. */
  purge(tenantId: TenantId, toolId: ToolId): Promise<void>;
}

export interface AuditStore {
  append(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(tenantId: TenantId | null, page: PageRequest): Promise<Page<AuditEntry & { id: number }>>;
}
