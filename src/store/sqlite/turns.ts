import { and, desc, eq, lt, ne, sql } from "drizzle-orm";
import type { MessageId, TenantId, UnixMs } from "../../domain/ids.ts";
import { usesInTurn } from "../../domain/tool-use.ts";
import type { BeginTurn, TurnStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { insertJobs } from "./jobs.ts";
import { isConversation, isMessage, toMessage } from "./messages.ts";
import { required } from "./row.ts";
import { conversations, messages } from "./schema.ts";
import { toolUseWriter } from "./tool-uses.ts";
import { turnWrites } from "./turn-writes.ts";

export function sqliteTurnStore(db: SqliteDb): TurnStore {
  const recordUses = toolUseWriter(db);
  const write = turnWrites(db);
  const appendPartial = db.$client.prepare<[string, TenantId, MessageId]>(
    "update messages set content = content || ? where tenant_id = ? and id = ? and status = 'streaming'",
  );
  // Kept, because every turn asks for it: building the query takes longer than running it.
  const numberOf = db
    .select({ number: messages.number })
    .from(messages)
    .where(isMessage(sql.placeholder("tenantId"), sql.placeholder("messageId")))
    .prepare();
  const latestBefore = db
    .select()
    .from(messages)
    .where(
      and(
        eq(messages.tenantId, sql.placeholder("tenantId")),
        eq(messages.conversationId, sql.placeholder("conversationId")),
        ne(messages.status, "streaming"),
        lt(messages.number, sql.placeholder("number")),
      ),
    )
    .orderBy(desc(messages.number))
    .limit(sql.placeholder("limit"))
    .prepare();

  return {
    async acceptQuestion(turn) {
      const accept = (tx: SqliteQueries) => {
        if (write.isKnown(turn)) return { duplicate: findDuplicate(tx, turn) };
        write.accept(turn);
        insertJobs(tx, turn.jobs);
        return { duplicate: null };
      };
      return db.transaction(accept, { behavior: "immediate" });
    },

    async beginAnswer(tenantId, questionId, answer) {
      db.transaction(() => write.begin(tenantId, questionId, answer), { behavior: "immediate" });
    },

    async appendPartials(pieces) {
      const append = () => {
        for (const { tenantId, answerId, text } of pieces) appendPartial.run(text, tenantId, answerId);
      };
      db.transaction(append, { behavior: "immediate" });
    },

    async finishAnswer(tenantId, answer, trace, uses, finishedAt, jobs) {
      const finish = (tx: SqliteQueries) => {
        write.finish(tenantId, answer, trace, finishedAt);
        write.keepRecord(tenantId, answer.id, trace, uses, finishedAt);
        recordUses(usesInTurn(tenantId, trace, answer, finishedAt));
        insertJobs(tx, jobs);
      };
      db.transaction(finish, { behavior: "immediate" });
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
      const interruptAll = (tx: SqliteQueries) => {
        insertJobs(tx, jobs);
        return interrupt(tx, now);
      };
      return db.transaction(interruptAll, { behavior: "immediate" });
    },

    async recent(tenantId, conversationId, before, limit) {
      const { number } = required(numberOf.get({ tenantId, messageId: before }), "message");
      return latestBefore.all({ tenantId, conversationId, number, limit }).map(toMessage).reverse();
    },
  };
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

/** What is known of a question that has come before. */
function findDuplicate(tx: SqliteQueries, { tenantId, sessionId, question }: BeginTurn) {
  const isSame = and(
    eq(messages.tenantId, tenantId),
    eq(messages.sessionId, sessionId),
    eq(messages.clientId, question.clientId ?? ""),
  );
  const stored = required(tx.select().from(messages).where(isSame).get(), "message");
  const answer = tx
    .select()
    .from(messages)
    .where(and(eq(messages.tenantId, tenantId), eq(messages.questionId, stored.id)))
    .orderBy(desc(messages.number))
    .limit(1)
    .get();
  return { question: toMessage(stored), answer: answer ? toMessage(answer) : null };
}
