import type { ErrorCode } from "../errors.ts";
import type { Confirmation } from "./confirmation.ts";
import type {
  ChatSessionId,
  ChunkId,
  ConversationId,
  LlmConfigId,
  MessageId,
  SourceId,
  TenantId,
  ToolId,
  UnixMs,
} from "./ids.ts";
import type { SmallTalkKind } from "./small-talk.ts";
import type { CellValue, ResultColumn, ToolParameter } from "./tool.ts";

/** The job that deletes a removed conversation for good. */
export const PURGE_CONVERSATION = "purge-conversation";
/** The same for those of a deletion. */
export const PURGE_CONVERSATIONS = "purge-conversations";

/** One visitor's browser under one embed key. Has many conversations; shows the current one. */
export type ChatSession = {
  id: ChatSessionId;
  tenantId: TenantId;
  conversationId: ConversationId;
  /** From the host application's signed identity; null for an anonymous visitor. */
  visitor: Visitor | null;
  /** Origin of the page that opened the session, null when it sent none. */
  origin: string | null;
  createdAt: UnixMs;
  expiresAt: UnixMs;
};

/** As the host application vouches for them. `groups` decide which tools, and later which passages, are theirs. */
export type Visitor = { id: string; name: string | null; email: string | null; groups: string[] };

/** Where the visitor is, as far as the page shares it. */
export type PageContext = { url: string | null; title: string | null };

/** Through what its questions come: the chat on a page, or a program's calls. */
export const CONVERSATION_SOURCES = ["widget", "api"] as const;
export type ConversationSource = (typeof CONVERSATION_SOURCES)[number];

export type Conversation = {
  id: ConversationId;
  tenantId: TenantId;
  sessionId: ChatSessionId;
  /** The first question, cut to a line; null until there is one. */
  title: string | null;
  source: ConversationSource;
  visitor: Visitor | null;
  page: PageContext | null;
  messageCount: number;
  /** How the latest question ended, for lists; `small-talk` while there was nothing but that. */
  lastOutcome: "answered" | "abstained" | "failed" | "interrupted" | "small-talk" | null;
  /** Somebody should look at it; why stands in `flagReason`, which is null for one that is not flagged. */
  flagged: boolean;
  flagReason: string | null;
  note: string | null;
  starred: boolean;
  /** Must not be deleted, by a person or for its age. */
  legalHold: boolean;
  /** Of what its visitor wrote, as ISO 639-3, each once, as far as they could be told. */
  languages: string[];
  /** Of its answers, each once. */
  providers: string[];
  createdAt: UnixMs;
  updatedAt: UnixMs;
  deletedAt: UnixMs | null;
};

/** What people set on a conversation. */
export type ConversationMarks = Pick<
  Conversation,
  "flagged" | "flagReason" | "note" | "starred" | "legalHold"
>;

/** Of a conversation that nobody has looked at, and in which nothing was said. */
export const UNMARKED = {
  ...{ flagged: false, flagReason: null, note: null, starred: false, legalHold: false },
  ...{ languages: [], providers: [] },
};

/** A message as it leaves Parley in an export. */
export type ExportedMessage = {
  conversationId: ConversationId;
  messageId: MessageId;
  role: MessageRole;
  content: string;
  status: MessageStatus;
  language: string | null;
  rating: Rating | null;
  /** Null for what no provider answered. */
  provider: string | null;
  model: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  /** Titles of what it cites, each once. */
  sources: string[];
  /** Address of the page that the conversation was last on. */
  page: string | null;
  /** By the host application's id. */
  visitor: string | null;
  createdAt: UnixMs;
};

export type MessageRole = "user" | "assistant" | "agent" | "system" | "tool";
/** `streaming` exists only while a turn runs; a restart makes it `interrupted`. */
export type MessageStatus = "streaming" | "complete" | "interrupted" | "failed";
export type Rating = "helpful" | "unhelpful";

/** What the answer points at. Numbers are given once in a turn, to passages and rows alike. */
export type Citation = PassageCitation | ToolCitation;

/** `text` is the passage as shown, from the stored chunk. */
export type PassageCitation = {
  kind: "passage";
  n: number;
  chunk: ChunkId;
  source: SourceId;
  title: string;
  page?: number;
  headingPath?: string[];
  text: string;
  url?: string;
};

/** Rows that a look-up gave, as they were then. */
export type ToolCitation = {
  kind: "tool";
  n: number;
  /** Name of the tool. */
  tool: string;
  /** What people call it. */
  label: string;
  /** What a model wrote and the database answered; absent where an admin wrote the query. */
  statement?: string;
  columns: ResultColumn[];
  /** The first of them, `CITED_ROWS` at most. */
  rows: CellValue[][];
  /** There were more. */
  truncated: boolean;
  at: UnixMs;
};

/** Enough to see that the answer is right; whoever needs all of them has the database. */
export const CITED_ROWS = 20;

export type Message = {
  id: MessageId;
  conversationId: ConversationId;
  role: MessageRole;
  content: string;
  citations: Citation[];
  status: MessageStatus;
  /** True when Parley said that it found nothing. */
  abstained: boolean;
  /** Nearest sources of an abstention. */
  nearest: PassageCitation[];
  /** What kind of small talk it is, or answers; null for questions and their answers. */
  smallTalk: SmallTalkKind | null;
  /** Questions that an answer offers to go on with. */
  followUps: string[];
  /** Of an answer, the look-up that it offers; of a visitor's message, the one that was filled in. */
  lookup: OfferedLookup | null;
  /** What an answer asked its visitor to confirm, and what became of that. */
  confirmations: Confirmation[];
  errorCode: ErrorCode | null;
  rating: Rating | null;
  /** The visitor's own id of a user message. */
  clientId: string | null;
  /** ISO 639-3; null where it could not be told. */
  language: string | null;
  createdAt: UnixMs;
};

/** A look-up of the catalogue that lacks values which only the visitor knows. */
export type OfferedLookup = {
  /** Name of the tool. */
  tool: string;
  /** What people call it. */
  label: string;
  parameters: LookupParameter[];
  /** What is known already, or was filled in. */
  values: Readonly<Record<string, string | number | boolean>>;
};

/** What a form needs to ask for a value. */
export type LookupParameter = Pick<
  ToolParameter,
  "name" | "type" | "description" | "required" | "values" | "labels" | "min" | "max" | "pattern" | "example"
>;

/** As billed by the provider; null when it did not say. */
export type Usage = { inputTokens: number | null; outputTokens: number | null };

export type CandidateOutcome = {
  chunk: ChunkId;
  source: SourceId;
  title: string;
  headingPath: string[];
  page: number | null;
  /** The beginning of the passage, for the inspector. */
  excerpt: string;
  lexical: number | null;
  dense: number | null;
  fused: number;
  rerank: number | null;
  /** 0 to 1: how likely the passage is to bear on the question. */
  relevance: number;
  kept: boolean;
  /** Why it was kept or dropped, in words. */
  reason: string;
};

/** What stands behind a sentence of an answer that a model wrote. */
export type SentenceSupport = {
  text: string;
  /** The passage that supports it best, by its number; null when none does. */
  n: number | null;
  /** Share of its words that one passage holds, 0 when that lacks a number of the sentence. */
  words: number;
  /** 0 to 1: how likely the nearest passage means the same; null where no model compared them. */
  meaning: number | null;
  /** `uncited`: it says that it is from the documents and names none. `unclear`: another language, and no model. */
  verdict: "supported" | "unsupported" | "uncited" | "unclear";
};

/** How an answer came about; the admin's answer inspector reads it. */
export type TurnTrace = {
  question: string;
  /** Absent for questions, and in traces from before small talk was known. */
  smallTalk?: SmallTalkKind;
  rewrittenQuery: string;
  /** What was searched for besides: the question as the model would find it. Absent where no model was asked for it. */
  wordings?: string[];
  /** The tenant's synonyms that it met, as lines; absent where it met none. */
  synonyms?: string[];
  candidates: CandidateOutcome[];
  provider: string;
  model: string;
  /** Where the model was asked for the answer; absent where none was, and in traces from before it was kept. */
  host?: string;
  /** Models that were asked before and failed, in their order; absent where none did, and in older traces. */
  passedOver?: {
    id: LlmConfigId;
    name: string;
    model: string;
    code: ErrorCode;
    message: string;
    ms: number;
  }[];
  /**
   * What the model thought before it wrote, cut where it is very long, and about how many tokens all of it is, which are
   * among those of the usage; absent where it shows none, and in older traces.
   */
  reasoning?: { text: string; tokens: number };
  /** What the model was told, empty for `extractive`. */
  prompt: { role: string; content: string }[];
  /** Names of the tools that the model could call; absent where there were none, and in older traces. */
  tools?: string[];
  /** In the order in which the model asked. */
  toolCalls: {
    name: string;
    /** JSON text as the model wrote it. */
    arguments: string;
    /** What people call the tool; absent where there is none, and in older traces. */
    label?: string;
    /** Which tool of the catalogue ran, or refused what it was given. */
    tool?: ToolId;
    /** By which number the answer cites what it gave. */
    n?: number;
    /** Of one that was not run but put before the visitor. */
    state?: "pending_confirmation";
    /** What the model was answered, also where the call failed. */
    result: string;
    ms: number;
    /** Why it failed; absent when it did not, and in traces from before calls could fail. */
    error?: ErrorCode;
  }[];
  /** Of a model's answer, sentence by sentence; absent where none wrote one, and in older traces. */
  support?: SentenceSupport[];
  /** Why the answer was cut; absent where it was not, and in older traces. */
  endedEarly?: "length" | "content-filter";
  usage: Usage;
  timings: {
    /** Until there was a place for another answer; absent where there was one at once. */
    waitMs?: number;
    rewriteMs: number;
    retrieveMs: number;
    firstTokenMs: number | null;
    generateMs: number;
    totalMs: number;
  };
  outcome: { status: Exclude<MessageStatus, "streaming">; code: ErrorCode | null; reason: string | null };
};
