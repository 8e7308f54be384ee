/**
 * Identifiers. Server ids are a prefix and a ULID, so they sort by creation; ids and times always come
 * from the caller of the store, so that no engine makes its own.
 */
import { decodeTime, monotonicFactory } from "ulid";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Branded<"tenant">;
export type UserId = Branded<"user">;
export type SourceId = Branded<"source">;
export type DocumentId = Branded<"document">;
export type ChunkId = Branded<"chunk">;
export type JobId = Branded<"job">;
export type LlmConfigId = Branded<"llm-config">;
export type ChatSessionId = Branded<"chat-session">;
export type ConversationId = Branded<"conversation">;
export type DeletionId = Branded<"deletion">;
export type MessageId = Branded<"message">;
export type FileId = Branded<"file">;
export type EmbeddingIndexId = Branded<"embedding-index">;
export type GoldenQuestionId = Branded<"golden-question">;
export type EvaluationRunId = Branded<"evaluation-run">;
export type SynonymId = Branded<"synonym">;
export type ConnectionId = Branded<"connection">;
export type ToolId = Branded<"tool">;
export type ToolCallId = Branded<"tool-call">;
export type CredentialId = Branded<"credential">;
export type McpServerId = Branded<"mcp-server">;
export type IdentitySecretId = Branded<"identity-secret">;
export type ApiKeyId = Branded<"api-key">;

/** Milliseconds since 1970, UTC. Times are this inside and ISO 8601 on the wire. */
export type UnixMs = number;

const PREFIX = {
  tenant: "ten",
  user: "usr",
  source: "src",
  document: "doc",
  chunk: "chk",
  job: "job",
  "llm-config": "llm",
  "chat-session": "ses",
  conversation: "cnv",
  deletion: "del",
  message: "msg",
  file: "fil",
  "embedding-index": "emb",
  "golden-question": "gld",
  "evaluation-run": "evr",
  synonym: "syn",
  connection: "dbc",
  tool: "tol",
  "tool-call": "tcl",
  credential: "crd",
  "mcp-server": "mcp",
  "identity-secret": "ids",
  "api-key": "key",
} as const;

export type IdKind = keyof typeof PREFIX;
export type IdOf<Kind extends IdKind> = Branded<Kind>;

const ULID_PATTERN = "[0-9A-HJKMNP-TV-Z]{26}";
const nextUlid = monotonicFactory();

/** A fresh id of `kind`, e.g. `msg_01J…`; ids made by one process ascend. */
export function newId<Kind extends IdKind>(kind: Kind): IdOf<Kind> {
  return `${PREFIX[kind]}_${nextUlid()}` as IdOf<Kind>;
}

/** Whether `text` has the form of an id of `kind`. Says nothing about whether the thing exists. */
export function isId<Kind extends IdKind>(kind: Kind, text: string): text is IdOf<Kind> {
  return new RegExp(`^${PREFIX[kind]}_${ULID_PATTERN}$`).test(text);
}

/** When an id was made, by the clock of the machine that made it. */
export function madeAt(id: IdOf<IdKind>): UnixMs {
  return decodeTime(id.slice(id.indexOf("_") + 1));
}

/** The pattern of ids of `kind`, for schemas. */
export function idPattern(kind: IdKind): RegExp {
  return new RegExp(`^${PREFIX[kind]}_${ULID_PATTERN}$`);
}

/** Ids that visitors' browsers make for their own messages, so that a resend is no duplicate. */
export const CLIENT_MESSAGE_ID = /^[A-Za-z0-9_-]{8,64}$/;
