import { and, desc, eq, isNull, lt, ne, type SQLWrapper, sql } from "drizzle-orm";
import type { Message, TurnTrace } from "../../domain/conversation.ts";
import type { ConversationId, MessageId, TenantId, UnixMs } from "../../domain/ids.ts";
import { usesInTurn } from "../../domain/tool-use.ts";
import type { ModelUse } from "../../domain/usage.ts";
import { AppError } from "../../errors.ts";
import type { BeginTurn, TurnStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { isUniqueViolation } from "./constraint.ts";
import { insertJobs } from "./jobs.ts";
import { inItsConversation, isConversation, isMessage, toMessage } from "./messages.ts";
import { notFound, required } from "./row.ts";
import { conversations, messages, type StoredOutcome, turnTraces, usage as usages } from "./schema.ts";
import { toolUseWriter } from "./tool-uses.ts";

/** About a line in a list of conversations. */
const LONGEST_TITLE = 80;

export function sqliteTurnStore(db: SqliteDb): TurnStore {
  const recordUses = toolUseWriter(db);
  const appendPartial = db.$client.prepare<[string, TenantId, MessageId]>(
    "update messages set content = content || ? where tenant_id = ? and id = ? and status = 'streaming'",
  );

  return {
    async acceptQuestion(turn) {
      return db.transaction((tx) => accept(tx, turn), { behavior: "immediate" });
    },

    async beginAnswer(tenantId, questionId, answer) {
      db.transaction((tx) => begin(tx, tenantId, questionId, answer), { behavior: "immediate" });
    },

    async appendPartials(pieces) {
      const write = () => {
        for (const { tenantId, answerId, text } of pieces) appendPartial.run(text, tenantId, answerId);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async finishAnswer(tenantId, answer, trace, uses, finishedAt, jobs) {
      const write = (tx: SqliteQueries) => {
        finish(tx, tenantId, answer, trace, finishedAt);
        keepRecord(tx, tenantId, answer.id, trace, uses, finishedAt);
        recordUses(usesInTurn(tenantId, trace, answer, finishedAt));
        insertJobs(tx, jobs);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async unfinished() {
      const { tenantId, conversationId, id: messageId } = messages;
      return db
        .select({ tenantId, conversationId, messageId })
        .from(messages)
        .where(eq(messages.status, "streaming"))
        .all();
    },

    async interruptUnfinished(now, jobs) {
      const write = (tx: SqliteQueries) => {
        insertJobs(tx, jobs);
        return interrupt(tx, now);
      };
      return db.transaction(write, { behavior: "immediate" });
    },

    async recent(tenantId, conversationId, before, limit) {
      const question = db
        .select({ number: messages.number })
        .from(messages)
        .where(isMessage(tenantId, before))
        .get();
      return db
        .select()
        .from(messages)
        .where(
          and(
            isIn(tenantId, conversationId),
            ne(messages.status, "streaming"),
            lt(messages.number, required(question, "message").number),
          ),
        )
        .orderBy(desc(messages.number))
        .limit(limit)
        .all()
        .map(toMessage)
        .reverse();
    },
  };
}

function accept(tx: SqliteQueries, turn: BeginTurn): Awaited<ReturnType<TurnStore["acceptQuestion"]>> {
  const duplicate = findDuplicate(tx, turn);
  if (duplicate !== null) return { duplicate };
  const { tenantId, sessionId, conversationId, question, page, jobs } = turn;
  const { changes } = tx
    .update(conversations)
    .set({
      messageCount: sql`${conversations.messageCount} + 1`,
      title: sql`case when ${hasQuestion} then ${conversations.title} else ${toTitle(question.content)} end`,
      updatedAt: question.createdAt,
      ...(question.language === null
        ? {}
        : { languages: withOne(conversations.languages, question.language) }),
      ...(page === null ? {} : { page }),
    })
    .where(
      and(
        isConversation(tenantId, conversationId),
        eq(conversations.sessionId, sessionId),
        isNull(conversations.deletedAt),
      ),
    )
    .run();
  if (changes === 0) throw notFound("conversation");
  tx.insert(messages)
    .values({ ...question, tenantId, sessionId, conversationId })
    .run();
  insertJobs(tx, jobs);
  return { duplicate: null };
}

/** The first question names a conversation; what was said before it does so only until then. */
const hasQuestion = sql`exists (select 1 from ${messages}
  where ${inItsConversation} and ${messages.role} = 'user' and ${messages.smallTalk} is null)`;

function findDuplicate(tx: SqliteQueries, { tenantId, sessionId, question }: BeginTurn) {
  if (question.clientId === null) return null;
  const isSame = and(
    eq(messages.tenantId, tenantId),
    eq(messages.sessionId, sessionId),
    eq(messages.clientId, question.clientId),
  );
  const stored = tx.select().from(messages).where(isSame).get();
  if (stored === undefined) return null;
  const answer = tx
    .select()
    .from(messages)
    .where(and(eq(messages.tenantId, tenantId), eq(messages.questionId, stored.id)))
    .orderBy(desc(messages.number))
    .limit(1)
    .get();
  return { question: toMessage(stored), answer: answer ? toMessage(answer) : null };
}

function begin(tx: SqliteQueries, tenantId: TenantId, questionId: MessageId, answer: Message): void {
  const question = tx
    .select({ sessionId: messages.sessionId })
    .from(messages)
    .where(and(isMessage(tenantId, questionId), eq(messages.conversationId, answer.conversationId)))
    .get();
  const { sessionId } = required(question, "message");
  try {
    tx.insert(messages)
      .values({ ...answer, tenantId, sessionId, questionId, status: "streaming" })
      .run();
  } catch (thrown) {
    if (isUniqueViolation(thrown) && isAnswering(tx, tenantId, answer.conversationId))
      throw turnRunning(thrown);
    throw thrown;
  }
  tx.update(conversations)
    .set({ messageCount: sql`${conversations.messageCount} + 1`, updatedAt: answer.createdAt })
    .where(isConversation(tenantId, answer.conversationId))
    .run();
}

/** What its visitor and the lists see of a finished answer. @throws NOT_FOUND when it is purged */
function finish(
  tx: SqliteQueries,
  tenantId: TenantId,
  answer: Message,
  trace: TurnTrace,
  finishedAt: UnixMs,
): void {
  const {
    content,
    citations,
    status,
    abstained,
    nearest,
    errorCode,
    smallTalk,
    followUps,
    lookup,
    language,
  } = answer;
  const finished = tx
    .update(messages)
    .set({
      content,
      citations,
      status,
      abstained,
      nearest,
      errorCode,
      smallTalk,
      followUps,
      lookup,
      language,
    })
    .where(isMessage(tenantId, answer.id))
    .returning({ questionId: messages.questionId })
    .get();
  const { questionId } = required(finished, "message");
  // What was no question has no outcome: that of the conversation stays what it was.
  const outcome = smallTalk === null ? { lastOutcome: outcomeOf(answer), ...toldBy(answer, trace) } : {};
  tx.update(conversations)
    .set({ ...outcome, updatedAt: finishedAt })
    .where(isConversation(tenantId, answer.conversationId))
    .run();
  if (smallTalk !== null && questionId !== null)
    tx.update(messages).set({ smallTalk }).where(isMessage(tenantId, questionId)).run();
}

/** What a conversation is found by from this answer on. */
function toldBy({ abstained }: Message, { provider, toolCalls }: TurnTrace) {
  return {
    ...(abstained && { abstained }),
    ...(toolCalls.length > 0 && { tools: true }),
    ...(provider !== "" && { providers: withOne(conversations.providers, provider) }),
  };
}

/** A list of texts with this one in it. */
function withOne(list: SQLWrapper, text: string) {
  return sql<string[]>`case when instr(${list}, json_quote(${text})) > 0 then ${list}
    else json_insert(${list}, '$[#]', ${text}) end`;
}

/** How the answer came about, and what it cost. */
function keepRecord(
  tx: SqliteQueries,
  tenantId: TenantId,
  messageId: MessageId,
  trace: TurnTrace,
  uses: readonly ModelUse[],
  createdAt: UnixMs,
): void {
  const { timings } = trace;
  tx.insert(turnTraces)
    .values({ tenantId, messageId, trace, firstTokenMs: timings.firstTokenMs, createdAt })
    .run();
  for (const use of uses)
    tx.insert(usages)
      .values({ ...use, tenantId, messageId, createdAt })
      .run();
}

function interrupt(tx: SqliteQueries, now: UnixMs): number {
  const interrupted = tx
    .update(messages)
    .set({ status: "interrupted" })
    .where(eq(messages.status, "streaming"))
    .returning({ tenantId: messages.tenantId, conversationId: messages.conversationId })
    .all();
  for (const { tenantId, conversationId } of interrupted) {
    tx.update(conversations)
      .set({ lastOutcome: "interrupted", updatedAt: now })
      .where(isConversation(tenantId, conversationId))
      .run();
  }
  return interrupted.length;
}

function isAnswering(tx: SqliteQueries, tenantId: TenantId, conversationId: ConversationId): boolean {
  const isRunning = and(isIn(tenantId, conversationId), eq(messages.status, "streaming"));
  return tx.select({ id: messages.id }).from(messages).where(isRunning).get() !== undefined;
}

function isIn(tenantId: TenantId, conversationId: ConversationId) {
  return and(eq(messages.tenantId, tenantId), eq(messages.conversationId, conversationId));
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
