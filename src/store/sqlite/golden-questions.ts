import { and, asc, count, desc, eq, inArray, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import {
  type ExpectedSource,
  FAILING,
  type GoldenQuestion,
  type JudgedQuestion,
  PURGE_GOLDEN_QUESTION,
  plainText,
  type QuestionOutcome,
} from "../../domain/evaluation.ts";
import type { GoldenQuestionId, SourceId, TenantId, UnixMs } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import type { GoldenQuestionFilter, GoldenQuestionStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { fromCursor, toPage } from "./cursor.ts";
import { cancelUnbegun, insertJob, removeJobsOf } from "./jobs.ts";
import { notFound, required, without } from "./row.ts";
import {
  evaluationOutcomes,
  evaluationRuns,
  goldenQuestionSources,
  goldenQuestions,
  knowledgeSources,
} from "./schema.ts";

type QuestionRow = typeof goldenQuestions.$inferSelect;
type OutcomeRow = typeof evaluationOutcomes.$inferSelect;
type JudgedRow = { question: QuestionRow; outcome: OutcomeRow | null };
type Expected = { expected: ExpectedSource[]; lacking: SourceId[] };

export function sqliteGoldenQuestionStore(db: SqliteDb): GoldenQuestionStore {
  const write = questionWriter(db);
  return {
    async save(tenantId, questions, limit) {
      const writeAll = (tx: SqliteQueries) => {
        const requireOnce = eachOnce(tx, tenantId);
        for (const question of questions) {
          requireOnce(question);
          write({ ...question, tenantId });
        }
        requireAtMost(tx, tenantId, limit);
      };
      db.transaction(writeAll, { behavior: "immediate" });
    },

    async get(tenantId, questionId) {
      return getQuestion(db, tenantId, questionId);
    },

    async list(tenantId, filter, page) {
      const isBehind =
        page.cursor === null ? undefined : sql`${goldenQuestions.id} < ${fromCursor(page.cursor)[1]}`;
      const rows = selectJudged(db, tenantId, and(...matching(filter), isBehind))
        .orderBy(desc(goldenQuestions.id))
        .limit(page.limit + 1)
        .all();
      const { items, nextCursor } = toPage(rows, page.limit, ({ question }) => [0, question.id]);
      return { items: toJudged(db, tenantId, items), nextCursor };
    },

    async counts(tenantId) {
      const row = db
        .select({
          all: count(),
          failing: sql<number>`coalesce(sum(${isFailing}), 0)`,
          attention: sql<number>`coalesce(sum(${lacksSource}), 0)`,
        })
        .from(goldenQuestions)
        .leftJoin(evaluationOutcomes, isLastOutcome(tenantId))
        .where(ofTenant(tenantId))
        .get();
      return row ?? { all: 0, failing: 0, attention: 0 };
    },

    async all(tenantId) {
      const rows = db
        .select()
        .from(goldenQuestions)
        .where(ofTenant(tenantId))
        .orderBy(asc(goldenQuestions.id))
        .all();
      const expected = expectedOf(db, tenantId);
      return rows.map((row) => ({ ...row, expected: expected(row.id).expected }));
    },

    async remove(tenantId, questionId, now, purge) {
      const write = (tx: SqliteQueries) => {
        const { changes } = tx
          .update(goldenQuestions)
          .set({ deletedAt: now })
          .where(isVisible(tenantId, questionId))
          .run();
        if (changes === 0) throw notFound("question");
        insertJob(tx, purge);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async restore(tenantId, questionId, now) {
      return db.transaction((tx) => restore(tx, tenantId, questionId, now), { behavior: "immediate" });
    },

    async purge(tenantId, questionId) {
      db.transaction((tx) => purge(tx, tenantId, questionId), { behavior: "immediate" });
    },
  };
}

/** Questions that the run has no outcome of, oldest first. */
export function unaskedQuestions(
  db: SqliteQueries,
  tenantId: TenantId,
  runId: string,
  limit: number,
): JudgedQuestion[] {
  const wasAsked = sql`exists (select 1 from evaluation_outcomes as asked where asked.tenant_id = ${tenantId}
    and asked.run_id = ${runId} and asked.question_id = ${goldenQuestions.id})`;
  const rows = selectJudged(db, tenantId, sql`not ${wasAsked}`)
    .orderBy(asc(goldenQuestions.id))
    .limit(limit)
    .all();
  return toJudged(db, tenantId, rows);
}

export function toOutcome(row: OutcomeRow): QuestionOutcome {
  return without(row, "tenantId");
}

/** Prepared: a file may bring 2,000 questions, which are one commit. */
function questionWriter({ $client }: SqliteDb): (question: GoldenQuestion) => void {
  const upsert = $client.prepare(`
    insert into golden_questions (tenant_id, id, text, created_at, updated_at)
    values (@tenantId, @id, @text, @createdAt, @updatedAt)
    on conflict (tenant_id, id) do update set text = excluded.text, updated_at = excluded.updated_at
    where deleted_at is null`);
  const forget = $client.prepare(
    "delete from golden_question_sources where tenant_id = @tenantId and question_id = @id",
  );
  const expect = $client.prepare(`
    insert into golden_question_sources (tenant_id, question_id, source_id, title, passage)
    values (@tenantId, @id, @source, @title, @passage)`);
  return ({ tenantId, id, text, expected, createdAt, updatedAt }) => {
    if (upsert.run({ tenantId, id, text, createdAt, updatedAt }).changes === 0) return;
    forget.run({ tenantId, id });
    for (const each of expected) expect.run({ tenantId, id, ...each });
  };
}

function requireAtMost(tx: SqliteQueries, tenantId: TenantId, limit: number): void {
  const all = tx.select({ all: count() }).from(goldenQuestions).where(ofTenant(tenantId)).get()?.all ?? 0;
  if (all > limit) throw tooMany(limit);
}

function tooMany(limit: number): AppError {
  const most = limit.toLocaleString("en");
  return new AppError(
    "RESOURCE_LIMIT",
    `There may be ${most} golden questions, and these would be more. Delete some first.`,
  );
}

/**
 * Asked of one question after the other, before it is written. One that keeps its text is let through: a Parley before
 * this one may have taken it in twice.
 */
function eachOnce(tx: SqliteQueries, tenantId: TenantId) {
  const { id, text } = goldenQuestions;
  // A few thousand at most.
  const rows = tx.select({ id, text }).from(goldenQuestions).where(ofTenant(tenantId)).all();
  const texts = new Map(rows.map((row) => [row.id, plainText(row.text)]));
  const taken = new Set(texts.values());
  return (question: Pick<GoldenQuestion, "id" | "text">): void => {
    const asked = plainText(question.text);
    if (texts.get(question.id) === asked) return;
    if (taken.has(asked))
      throw new AppError("CONFLICT", "This is a golden question already. Change that one instead.");
    taken.add(asked);
  };
}

function getQuestion(db: SqliteQueries, tenantId: TenantId, questionId: GoldenQuestionId): JudgedQuestion {
  const row = selectJudged(db, tenantId, eq(goldenQuestions.id, questionId)).get();
  return required(toJudged(db, tenantId, row ? [row] : [])[0], "question");
}

function selectJudged(db: SqliteQueries, tenantId: TenantId, where: SQL | undefined) {
  return db
    .select({ question: goldenQuestions, outcome: evaluationOutcomes })
    .from(goldenQuestions)
    .leftJoin(evaluationOutcomes, isLastOutcome(tenantId))
    .where(and(ofTenant(tenantId), where));
}

/** Of the last finished run, as long as the question is what was asked then. */
function isLastOutcome(tenantId: TenantId) {
  const lastRun = sql`(select id from ${evaluationRuns} where tenant_id = ${tenantId} and state = 'done'
    order by number desc limit 1)`;
  return and(
    eq(evaluationOutcomes.tenantId, tenantId),
    eq(evaluationOutcomes.run, lastRun),
    eq(evaluationOutcomes.question, goldenQuestions.id),
    eq(evaluationOutcomes.revision, goldenQuestions.updatedAt),
  );
}

const isFailing = inArray(evaluationOutcomes.verdict, [...FAILING]);
const lacksSource = sql`exists (select 1 from golden_question_sources as wanted
  left join knowledge_sources as there on there.tenant_id = wanted.tenant_id and there.id = wanted.source_id
    and there.deleted_at is null
  where wanted.tenant_id = ${goldenQuestions.tenantId} and wanted.question_id = ${goldenQuestions.id}
    and there.id is null)`;

function matching({ textContains, state }: GoldenQuestionFilter): (SQL | undefined)[] {
  return [
    textContains ? sql`instr(folded(${goldenQuestions.text}), folded(${textContains})) > 0` : undefined,
    state && (state === "failing" ? isFailing : lacksSource),
  ];
}

function toJudged(db: SqliteQueries, tenantId: TenantId, rows: readonly JudgedRow[]): JudgedQuestion[] {
  const ids = rows.map(({ question }) => question.id);
  const expected = expectedOf(db, tenantId, ids);
  return rows.map(({ question, outcome }) => ({
    ...question,
    ...expected(question.id),
    outcome: outcome && toOutcome(outcome),
  }));
}

/** What each question expects, and what of it is gone; of all questions, or of those with `ids`. */
function expectedOf(
  db: SqliteQueries,
  tenantId: TenantId,
  ids?: GoldenQuestionId[],
): (questionId: GoldenQuestionId) => Expected {
  const isThere = and(
    eq(knowledgeSources.tenantId, goldenQuestionSources.tenantId),
    eq(knowledgeSources.id, goldenQuestionSources.sourceId),
    isNull(knowledgeSources.deletedAt),
  );
  const rows = db
    .select({ wanted: goldenQuestionSources, title: knowledgeSources.title })
    .from(goldenQuestionSources)
    .leftJoin(knowledgeSources, isThere)
    .where(
      and(
        eq(goldenQuestionSources.tenantId, tenantId),
        ids && inArray(goldenQuestionSources.questionId, ids),
      ),
    )
    .orderBy(asc(sql`${goldenQuestionSources}.rowid`))
    .all();
  const byQuestion = new Map<GoldenQuestionId, Expected>();
  for (const { wanted, title } of rows) {
    const { expected, lacking } = byQuestion.get(wanted.questionId) ?? { expected: [], lacking: [] };
    expected.push({ source: wanted.sourceId, title: title ?? wanted.title, passage: wanted.passage });
    if (title === null) lacking.push(wanted.sourceId);
    byQuestion.set(wanted.questionId, { expected, lacking });
  }
  return (questionId) => byQuestion.get(questionId) ?? { expected: [], lacking: [] };
}

function restore(
  tx: SqliteQueries,
  tenantId: TenantId,
  questionId: GoldenQuestionId,
  now: UnixMs,
): JudgedQuestion {
  const isHidden = and(isQuestion(tenantId, questionId), isNotNull(goldenQuestions.deletedAt));
  const { id, text } = goldenQuestions;
  const hidden = tx.select({ id, text }).from(goldenQuestions).where(isHidden).get();
  if (hidden === undefined || !cancelUnbegun(tx, PURGE_GOLDEN_QUESTION, tenantId, questionId, now))
    throw notFound("question");
  eachOnce(tx, tenantId)(hidden);
  tx.update(goldenQuestions).set({ deletedAt: null }).where(isHidden).run();
  return getQuestion(tx, tenantId, questionId);
}

/** What runs measured stays, without a word of the question. */
function purge(tx: SqliteQueries, tenantId: TenantId, questionId: GoldenQuestionId): void {
  const isHidden = and(isQuestion(tenantId, questionId), isNotNull(goldenQuestions.deletedAt));
  if (tx.delete(goldenQuestions).where(isHidden).run().changes === 0) return;
  tx.delete(evaluationOutcomes)
    .where(and(eq(evaluationOutcomes.tenantId, tenantId), eq(evaluationOutcomes.question, questionId)))
    .run();
  removeJobsOf(tx, [PURGE_GOLDEN_QUESTION], tenantId, questionId);
}

function ofTenant(tenantId: TenantId) {
  return and(eq(goldenQuestions.tenantId, tenantId), isNull(goldenQuestions.deletedAt));
}

function isQuestion(tenantId: TenantId, questionId: GoldenQuestionId) {
  return and(eq(goldenQuestions.tenantId, tenantId), eq(goldenQuestions.id, questionId));
}

function isVisible(tenantId: TenantId, questionId: GoldenQuestionId) {
  return and(isQuestion(tenantId, questionId), isNull(goldenQuestions.deletedAt));
}
