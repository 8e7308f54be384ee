/** Everything that services may touch outside themselves. Each service picks the few things it needs. */
import type { Databases } from "./connectors/connector.ts";
import type { ApiDescription } from "./domain/api-description.ts";
import type { ConversationEvent } from "./domain/conversation-event.ts";
import type { EmbeddingModel, EmbeddingServer, LocalModel } from "./domain/embedding.ts";
import type { IdentityClaims } from "./domain/identity.ts";
import type { FileId, McpServerId, TenantId, UnixMs } from "./domain/ids.ts";
import type { Job } from "./domain/job.ts";
import type { ChunkedDocument, DocumentFormat } from "./domain/knowledge.ts";
import type { LlmProvider } from "./domain/llm.ts";
import type { McpServer, RemoteTools } from "./domain/mcp-server.ts";
import type { CatalogueTool } from "./domain/tool.ts";
import type { EmbeddingProvider, ProviderFactory, RerankerFactory } from "./providers/provider.ts";
import type { Store } from "./store/store.ts";
import type { Tool, ToolContext, ToolRunner, Tools } from "./tools/tool.ts";

export type Deps = {
  store: Store;
  files: Files;
  parser: DocumentParser;
  chatProvider: ProviderFactory;
  embeddings: Embeddings;
  providerCatalog: ProviderCatalog;
  modelFolder: ModelFolder;
  reranker: RerankerFactory;
  tools: Tools;
  /** One of the catalogue as it would be offered, enabled or not; null where it is not this visitor's to use. */
  toolFor: (entry: CatalogueTool, context: ToolContext) => Tool | null;
  toolRunner: ToolRunner;
  databases: Databases;
  apiImport: ApiImport;
  mcpClient: McpClient;
  egressList: EgressList;
  outbound: OutboundAddresses;
  egressLedger: EgressLedger;
  tokens: Tokens;
  live: LiveEvents;
  outbox: Outbox;
  log: Log;
  now: () => number;
  settings: Settings;
};

/** What a program may call over the Model Context Protocol. */
export type McpTool = {
  name: string;
  title: string;
  description: string;
  /** JSON Schema of an object. */
  inputSchema: Record<string, unknown>;
  /** Resolves with what the program's model reads. @throws AppError that tells it what to do */
  run(given: Record<string, unknown>, signal: AbortSignal): Promise<string>;
};

/** Answers one HTTP request of the protocol with these tools. */
export type McpResponder = (request: Request, tools: readonly McpTool[]) => Promise<Response>;

/** What people can choose from, as they are told of it. */
export type ProviderCatalog = { llm: readonly LlmProvider[]; embeddings: readonly EmbeddingServer[] };

/** What services need to know of the configuration. */
export type Settings = {
  version: string;
  /** Null when not configured: the address is then taken from the request. */
  publicUrl: URL | null;
  offline: boolean;
  restrictEgress: boolean;
  /** `host:port` of the proxy that calls over HTTP go through; null for none. */
  egressProxy: string | null;
  tls: boolean;
  trustedProxies: string[];
  limits: {
    uploadBytes: number;
    sourcesPerTenant: number;
    answerBytes: number;
    /** Of what a language model is given to read, as estimated. */
    passageTokens: number;
    concurrentGenerations: number;
    concurrentGenerationsPerSession: number;
    socketsPerSession: number;
    sockets: number;
    messagesPerMinutePerSession: number;
    messagesPerMinutePerTenant: number;
    signInsPerAccount: number;
    signInsPerAddress: number;
    changesPerMinutePerSession: number;
    sessionsPerMinutePerTenant: number;
    sessionsPerMinutePerAddress: number;
  };
};

/** What an operator lets Parley call: the settings' entries, which a restart changes, and those kept beside them. */
export interface EgressList {
  readonly fromSettings: readonly string[];
  kept(): readonly string[];
  /** As they are to be kept: each once, and none of the settings'. @throws VALIDATION for a text that is no entry */
  parse(entries: readonly string[]): string[];
  /** Counts from the next call on. Takes what `parse` gave. */
  keep(entries: readonly string[]): void;
}

/** Addresses that Parley is to call later. */
export interface OutboundAddresses {
  /** @throws UNSAFE_URL for one that is never called, whatever an operator lists; others are told of when they are called */
  requireSafe(address: string): void;
}

/** Descriptions of APIs in OpenAPI 3. */
export interface ApiImport {
  /** JSON or YAML. @throws VALIDATION */
  read(document: string): Promise<ApiDescription>;
  /** @throws VALIDATION · UNSAFE_URL · EGRESS_DENIED · RESPONSE_TOO_LARGE · TOOL_UNAVAILABLE · TOOL_FAILED · TOOL_TIMEOUT */
  readFrom(tenantId: TenantId, address: string, signal: AbortSignal): Promise<ApiDescription>;
}

/** Servers of the Model Context Protocol, over egress. */
export interface McpClient {
  /** Whether it may be called, as far as that is known without calling it. @throws UNSAFE_URL · EGRESS_DENIED · VALIDATION · NOT_FOUND for its credential */
  requireCallable(server: McpServer): Promise<void>;
  /**
   * What the server tells of itself and its tools now.
   *
   * @throws AppError TOOL_UNAVAILABLE · TOOL_TIMEOUT · TOOL_FORBIDDEN · TOOL_FAILED · RESPONSE_TOO_LARGE · those of
   *   `requireCallable` · CREDENTIAL_UNDECRYPTABLE; the reason of `signal`
   */
  tools(server: McpServer, signal: AbortSignal): Promise<RemoteTools>;
  /** Ends the sessions with it. */
  release(serverId: McpServerId): Promise<void>;
  close(): Promise<void>;
}

/** What was called, as far as it is not in the store yet. */
export interface EgressLedger {
  /** Resolves when everything until now is in the store, or could not be written. */
  flush(): Promise<void>;
}

/** Uploaded originals and logos on disk, by server-made name. All throw STORAGE_UNAVAILABLE. */
export interface Files {
  /** Writes, syncs and renames; the file exists whole or not at all. @throws STORAGE_FULL */
  write(fileId: FileId, bytes: Uint8Array): Promise<void>;
  path(fileId: FileId): string;
  read(fileId: FileId): Promise<Uint8Array | null>;
  remove(fileId: FileId): Promise<void>;
  /** Resolves while the folder may be read and written. */
  check(): Promise<void>;
  /**
   * For the start, while nothing else uses the folder. Files that are needed and were set aside come back; files that
   * nobody needs are set aside, and deleted a week later. What Parley did not name itself is left alone.
   */
  sweep(sweep: FileSweep): Promise<SweptFiles>;
}

export type FileSweep = {
  needed: ReadonlySet<string>;
  /** Only a file made since can be a left-over. Null: none can, so nothing is set aside or deleted. */
  leftOverSince: UnixMs | null;
  now: UnixMs;
};

/** `kept` is how many nobody needs that were not taken for left-overs. */
export type SweptFiles = Record<"broughtBack" | "setAside" | "deleted" | "kept", number>;

/** Parses documents and cuts them into chunks, in a child process without secrets, killed at its limits. */
export interface DocumentParser {
  /**
   * @throws AppError with a DocumentErrorCode. PARSER_CRASHED when the child died by itself.
   */
  parse(
    path: string,
    filename: string,
    format: DocumentFormat,
    onProgress: (progress: { done: number; total: number; unit: "page" | "part" }) => void,
    signal: AbortSignal,
  ): Promise<ChunkedDocument>;
  close(): Promise<void>;
}

/** Embedding models by what they are. Nothing runs until it is asked for. */
export interface Embeddings {
  /**
   * The provider of a model, opened at the first call and kept. `dimension` is what an index expects; null
   * asks the model.
   * @throws MODEL_NOT_AVAILABLE, also for another dimension; the errors of a provider
   */
  open(model: EmbeddingModel, dimension: number | null): Promise<EmbeddingProvider>;
  /** Those in the data directory, by name, the packed one included. */
  localModels(): Promise<LocalModel[]>;
  /** Ends what runs for the model. It starts again when it is asked for. */
  release(model: EmbeddingModel): void;
  close(): void;
}

/** The models in the data directory, as far as they come and go. */
export interface ModelFolder {
  /**
   * Takes in a ZIP of a model once it has shown that it works; until then, and when it fails, nothing of it is
   * there. The same model again repairs what is there.
   * @throws MODEL_INVALID · UNSAFE_ARCHIVE · RESOURCE_LIMIT for what is in the ZIP; CONFLICT for another model of its
   *   name, or while another import is at work; MODEL_NOT_AVAILABLE where no model can run; STORAGE_FULL; and what
   *   `zip` throws
   */
  import(zip: AsyncIterable<Uint8Array>): Promise<LocalModel>;
  /** Deletes its files, whatever still uses them. @throws NOT_FOUND; CONFLICT for the packed one */
  remove(name: string): Promise<void>;
}

/** Random secrets, their hashes, signed cookies and passwords. */
export interface Tokens {
  /** 256 random bits, base64url, behind `prefix`. */
  random(prefix: string): string;
  /** SHA-256, hex. */
  hash(token: string): string;
  /** Whether two secrets are equal, in time that does not depend on where they differ. */
  equal(left: string, right: string): boolean;
  hashPassword(password: string): Promise<string>;
  verifyPassword(password: string, hash: string): Promise<boolean>;
  /** As costly as `verifyPassword`, always false: for unknown e-mail addresses. */
  verifyDummy(password: string): Promise<false>;
  /** The admin cookie's token: a JWT with `aud`, `iat`, `exp` and this `jti`. */
  signAdmin(jti: string, issuedAt: number, lifetimeMs: number): Promise<string>;
  /** The `jti` and whether the short lifetime is over; null for anything but our own unaltered token. */
  verifyAdmin(
    token: string,
    now: number,
  ): Promise<{ jti: string; issuedAt: number; expired: boolean } | null>;
  /**
   * The claims of a visitor's identity, HS256 with the UTF-8 bytes of `secret`; null for another signature or algorithm,
   * without `sub` or `exp`, and for one that is over or not valid yet, with a minute's leeway.
   */
  verifyIdentity(token: string, secret: string, now: number): Promise<IdentityClaims | null>;
  /** Whether this is the signature by HS256, whatever the token says; a text is its UTF-8 bytes. */
  isSignedWith(token: string, key: string | Uint8Array): Promise<boolean>;
  /** A keyed hash of both, 43 characters: proof that this Parley has seen them together. */
  proveDevice(device: string, account: string): string;
  /** The token of a link that sets a new password. */
  signReset(reset: PasswordReset, issuedAt: number, lifetimeMs: number): Promise<string>;
  /** Null for anything but our own unaltered token that is not expired. */
  verifyReset(token: string, now: number): Promise<PasswordReset | null>;
}

/**
 * Commits what happened together with the jobs that tell others, such as a webhook: both are there or neither is, so
 * that nothing is told that did not happen and nothing that happened is forgotten.
 */
export interface Outbox {
  /** Calls `write` with the jobs that `events` make; it commits them with what they tell of. Its result or throw. */
  announce<Written>(
    events: readonly ConversationEvent[],
    write: (jobs: readonly Job[]) => Promise<Written>,
  ): Promise<Written>;
}

/** Who may set a new password, once: `fingerprint` is of the password that it replaces. */
export type PasswordReset = { email: string; fingerprint: string };

/** What happened, for whoever listens on this node. Publishing never fails and never waits. */
export interface LiveEvents {
  publish(event: LiveEvent): void;
  subscribe(tenantId: string, listener: (event: LiveEvent) => void): () => void;
}

export type LiveEvent =
  | { type: "job"; tenantId: string; jobId: string }
  | { type: "source"; tenantId: string; sourceId: string; removed: boolean }
  | { type: "conversation"; tenantId: string; conversationId: string; removed: boolean }
  /** Too many to be told of one by one. */
  | { type: "conversations"; tenantId: string }
  | { type: "notice"; tenantId: string; level: "info" | "warn" | "bad"; code: string; text: string };

export interface Log {
  debug(event: string, fields?: Record<string, unknown>): void;
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}
