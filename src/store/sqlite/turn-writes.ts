/** What each turn writes, within the transaction that is open: statements that are kept, since every turn is these. */
import type { Message, TurnTrace } from "../../domain/conversation.ts";
import type { ChatSessionId, ConversationId, MessageId, TenantId, UnixMs } from "../../domain/ids.ts";
import type { ModelUse } from "../../domain/usage.ts";
import { AppError } from "../../errors.ts";
import type { BeginTurn } from "../store.ts";
import type { SqliteClient, SqliteDb } from "./connection.ts";
import { isUniqueViolation } from "./constraint.ts";
import { encoderFor, inserterInto } from "./kept-statements.ts";
import { notFound, required } from "./row.ts";
import { conversations, messages, type StoredOutcome, turnTraces, usage as usages } from "./schema.ts";

/** About a line in a list of conversations. */
const LONGEST_TITLE = 80;

export type TurnWrites = {
  /** Whether the session has a message with this id of its client's. */
  isKnown(turn: BeginTurn): boolean;
  /** @throws NOT_FOUND without the conversation */
  accept(turn: BeginTurn): void;
  /** @throws NOT_FOUND without the question · TURN_RUNNING */
  begin(tenantId: TenantId, questionId: MessageId, answer: Message): void;
  /** What its visitor and the lists see of a finished answer. @throws NOT_FOUND when it is purged */
  finish(tenantId: TenantId, answer: Message, trace: TurnTrace, finishedAt: UnixMs): void;
  /** How the answer came about, and what it cost. */
  keepRecord(
    tenantId: TenantId,
    messageId: MessageId,
    trace: TurnTrace,
    uses: readonly ModelUse[],
    at: UnixMs,
  ): void;
};

export function turnWrites(db: SqliteDb): TurnWrites {
  const { $client: client } = db;
  const known = client.prepare<[TenantId, ChatSessionId, string]>(
    "select 1 from messages where tenant_id = ? and session_id = ? and client_id = ?",
  );
  const insertTrace = inserterInto(client, turnTraces);
  const insertUsage = inserterInto(client, usages);

  return {
    isKnown({ tenantId, sessionId, question: { clientId } }) {
      return clientId !== null && known.get(tenantId, sessionId, clientId) !== undefined;
    },
    accept: acceptIn(client),
    begin: beginIn(client),
    finish: finishIn(client),
    keepRecord(tenantId, messageId, trace, uses, createdAt) {
      const { firstTokenMs } = trace.timings;
      insertTrace({ tenantId, messageId, trace, firstTokenMs, createdAt });
      for (const use of uses) insertUsage({ ...use, tenantId, messageId, createdAt });
    },
  };
}

function acceptIn(client: SqliteClient): TurnWrites["accept"] {
  const insert = inserterInto(client, messages);
  const encode = encoderFor(conversations, ["page"]);
  // The first question names a conversation; what was said before it does so only until then.
  const told = client.prepare<[Record<string, unknown>]>(`
    update conversations set
      message_count = message_count + 1,
      title = case when exists (
        select 1 from messages where messages.tenant_id = conversations.tenant_id
          and messages.conversation_id = conversations.id and messages.role = 'user' and messages.small_talk is null
      ) then title else @title end,
      updated_at = @at,
      languages = ${withOne("languages", "@language")},
      page = coalesce(@page, page)
    where tenant_id = @tenantId and id = @conversationId and session_id = @sessionId and deleted_at is null`);

  return ({ tenantId, sessionId, conversationId, question, page }) => {
    const { content, language, createdAt } = question;
    const { changes } = told.run({
      ...{ tenantId, conversationId, sessionId, title: toTitle(content), at: createdAt },
      ...{ language: language ?? null, ...encode({ page }) },
    });
    if (changes === 0) throw notFound("conversation");
    insert({ ...question, tenantId, sessionId, conversationId });
  };
}

function beginIn(client: SqliteClient): TurnWrites["begin"] {
  const insert = inserterInto(client, messages);
  const sessionOf = client
    .prepare<[TenantId, MessageId, ConversationId], ChatSessionId>(
      "select session_id from messages where tenant_id = ? and id = ? and conversation_id = ?",
    )
    .pluck();
  const running = client.prepare<[TenantId, ConversationId]>(
    "select 1 from messages where tenant_id = ? and conversation_id = ? and status = 'streaming'",
  );
  const told = client.prepare<[UnixMs, TenantId, ConversationId]>(
    "update conversations set message_count = message_count + 1, updated_at = ? where tenant_id = ? and id = ?",
  );

  return (tenantId, questionId, answer) => {
    const { conversationId, createdAt } = answer;
    const sessionId = required(sessionOf.get(tenantId, questionId, conversationId), "message");
    try {
      insert({ ...answer, tenantId, sessionId, questionId, status: "streaming" });
    } catch (thrown) {
      if (isUniqueViolation(thrown) && running.get(tenantId, conversationId)) throw turnRunning(thrown);
      throw thrown;
    }
    told.run(createdAt, tenantId, conversationId);
  };
}

/** Of an answer, what is only known when it is over. */
const FINISHED = [
  ...(["content", "citations", "status", "abstained", "nearest"] as const),
  ...(["errorCode", "smallTalk", "followUps", "lookup", "language"] as const),
];

function finishIn(client: SqliteClient): TurnWrites["finish"] {
  const encode = encoderFor(messages, FINISHED);
  const finished = client
    .prepare<[Record<string, unknown>], MessageId | null>(`
      update messages set content = @content, citations = @citations, status = @status, abstained = @abstained,
        nearest = @nearest, error_code = @errorCode, small_talk = @smallTalk, follow_ups = @followUps,
        lookup = @lookup, language = @language
      where tenant_id = @tenantId and id = @id returning question_id`)
    .pluck();
  const nowSmallTalk = client.prepare<[string, TenantId, MessageId]>(
    "update messages set small_talk = ? where tenant_id = ? and id = ?",
  );
  const told = client.prepare<[Record<string, unknown>]>(`
    update conversations set
      updated_at = @at,
      last_outcome = @outcome,
      abstained = max(abstained, @abstained),
      tools = max(tools, @tools),
      providers = ${withOne("providers", "@provider")}
    where tenant_id = @tenantId and id = @conversationId`);
  const seen = client.prepare<[UnixMs, TenantId, ConversationId]>(
    "update conversations set updated_at = ? where tenant_id = ? and id = ?",
  );

  return (tenantId, answer, { provider, toolCalls }, at) => {
    const { id, conversationId, smallTalk } = answer;
    const questionId = finished.get({ ...encode(answer), tenantId, id });
    if (questionId === undefined) throw notFound("message");
    if (smallTalk === null) {
      const [abstained, tools] = [Number(answer.abstained), Number(toolCalls.length > 0)];
      const found = { outcome: outcomeOf(answer), abstained, tools, provider: provider || null };
      told.run({ ...found, at, tenantId, conversationId });
      return;
    }
    // What was no question has no outcome: that of the conversation stays what it was.
    seen.run(at, tenantId, conversationId);
    if (questionId !== null) nowSmallTalk.run(smallTalk, tenantId, questionId);
  };
}

/** A list of texts with this one in it, where there is one. */
function withOne(list: string, text: string): string {
  return `case when ${text} is null or instr(${list}, json_quote(${text})) > 0 then ${list}
    else json_insert(${list}, '$[#]', ${text}) end`;
}

function turnRunning(cause: unknown): AppError {
  return new AppError("TURN_RUNNING", "An answer is being written. Wait for it, or stop it first.", {
    cause,
  });
}

function outcomeOf({ status, abstained }: Message): StoredOutcome | null {
  if (status === "complete") return abstained ? "abstained" : "answered";
  return status === "streaming" ? null : status;
}

function toTitle(question: string): string {
  const line = question.trim().replace(/\s+/g, " ");
  const characters = Array.from(line);
  return characters.length <= LONGEST_TITLE ? line : `${characters.slice(0, LONGEST_TITLE - 1).join("")}…`;
}
