import { and, asc, desc, eq, inArray, lte, max, min, sql } from "drizzle-orm";
import type { JobId, SourceId, TenantId, UnixMs } from "../../domain/ids.ts";
import type { Job, JobKind } from "../../domain/job.ts";
import type { JobStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { required, without } from "./row.ts";
import { conversations, documents, jobs, knowledgeSources, tenants } from "./schema.ts";

type JobRow = typeof jobs.$inferSelect;

/**
 * The number of the next job. Tenants with the fewest jobs at work come first, then the one whose turn was
 * longest ago, so that one document does not wait behind another tenant's ten thousand. Measuring comes after
 * all that, then making terms anew, and building an index is what is done when there is nothing else to do. No two of
 * these have the same place: a job that queues itself again would starve the other.
 */
const NEXT_JOB = `
  with working as (
    select tenant_id, count(*) as jobs from jobs where state = 'running' and lease_until > @now group by tenant_id
  ),
  due as (
    select number, tenant_id, kind, created_at from jobs where state = 'queued' and run_at <= @now
    union all
    select number, tenant_id, kind, created_at from jobs where state = 'running' and lease_until <= @now
  )
  select due.number
  from due
  join tenants on tenants.id = due.tenant_id
  left join working on working.tenant_id = due.tenant_id
  order by case due.kind when 'embed-index' then 3 when 'reanalyse' then 2 when 'evaluate' then 1 else 0 end,
    coalesce(working.jobs, 0), tenants.last_job_turn, due.created_at, due.number
  limit 1`;

export function sqliteJobStore(db: SqliteDb): JobStore {
  const nextJob = db.$client.prepare<[{ now: UnixMs }], number>(NEXT_JOB).pluck();
  const withTitle = () =>
    db
      .select({
        job: jobs,
        title: sql<string>`coalesce(${documents.title}, ${knowledgeSources.title}, ${conversations.title}, '')`,
      })
      .from(jobs)
      .leftJoin(documents, and(eq(documents.tenantId, jobs.tenantId), eq(documents.id, jobs.subject)))
      .leftJoin(
        knowledgeSources,
        and(eq(knowledgeSources.tenantId, jobs.tenantId), eq(knowledgeSources.id, jobs.subject)),
      )
      .leftJoin(
        conversations,
        and(eq(conversations.tenantId, jobs.tenantId), eq(conversations.id, jobs.subject)),
      );

  return {
    async create(job) {
      insertJob(db, job);
    },

    async claim(now, leaseMs) {
      const claim = (tx: SqliteQueries) => {
        const number = nextJob.get({ now });
        return number === undefined ? null : take(tx, number, now, leaseMs);
      };
      return db.transaction(claim, { behavior: "immediate" });
    },

    async update(jobId, changes) {
      if (Object.keys(changes).length > 0) db.update(jobs).set(changes).where(eq(jobs.id, jobId)).run();
      return toJob(required(db.select().from(jobs).where(eq(jobs.id, jobId)).get(), "job"));
    },

    async releaseAll(now) {
      const released = { state: "queued", leaseUntil: null, updatedAt: now } as const;
      return db.update(jobs).set(released).where(eq(jobs.state, "running")).run().changes;
    },

    async listActive(tenantId) {
      const isActive = and(
        eq(jobs.tenantId, tenantId),
        eq(jobs.kind, "ingest"),
        inArray(jobs.state, ["queued", "running"]),
      );
      const rows = withTitle().where(isActive).orderBy(asc(jobs.createdAt), asc(jobs.number)).all();
      return rows.map(({ job, title }) => ({ ...toJob(job), title }));
    },

    async find(jobId) {
      const row = withTitle().where(eq(jobs.id, jobId)).get();
      return row ? { ...toJob(row.job), title: row.title } : null;
    },

    async findLatest(kind, subject) {
      const row = db
        .select()
        .from(jobs)
        .where(and(eq(jobs.kind, kind), eq(jobs.subject, subject)))
        .orderBy(desc(jobs.number))
        .limit(1)
        .get();
      return row ? toJob(row) : null;
    },

    async isDue(kind, now) {
      const isWaiting = and(eq(jobs.state, "queued"), lte(jobs.runAt, now), eq(jobs.kind, kind));
      return db.select({ id: jobs.id }).from(jobs).where(isWaiting).limit(1).get() !== undefined;
    },

    async nextDueAt() {
      const row = db
        .select({ runAt: min(jobs.runAt) })
        .from(jobs)
        .where(eq(jobs.state, "queued"))
        .get();
      return row?.runAt ?? null;
    },
  };
}

export function insertJob(db: SqliteQueries, job: Job): void {
  db.insert(jobs).values(job).run();
}

/** What is still to be ingested of a source that is being removed, is not: nobody may claim it. */
export function cancelIngestion(
  tx: SqliteQueries,
  tenantId: TenantId,
  sourceId: SourceId,
  now: UnixMs,
): void {
  tx.update(jobs)
    .set({ state: "cancelled", leaseUntil: null, updatedAt: now })
    .where(and(isIngestionOf(tx, tenantId, sourceId), inArray(jobs.state, ["queued", "running"])))
    .run();
}

/**
 * Queues the latest ingestion of each document of a restored source that waits to be read: it was cancelled, or failed
 * for want of its source.
 */
export function resumeIngestion(
  tx: SqliteQueries,
  tenantId: TenantId,
  sourceId: SourceId,
  now: UnixMs,
): void {
  const latest = tx
    .select({ number: max(jobs.number) })
    .from(jobs)
    .where(isIngestionOf(tx, tenantId, sourceId))
    .groupBy(jobs.subject);
  tx.update(jobs)
    .set({ state: "queued", errorCode: null, errorMessage: null, runAt: now, updatedAt: now })
    .where(inArray(jobs.number, latest))
    .run();
}

/** Of the documents of a source that were not read to the end. */
function isIngestionOf(tx: SqliteQueries, tenantId: TenantId, sourceId: SourceId) {
  const unread = tx
    .select({ id: documents.id })
    .from(documents)
    .where(
      and(
        eq(documents.tenantId, tenantId),
        eq(documents.sourceId, sourceId),
        inArray(documents.status, ["queued", "processing"]),
      ),
    );
  return and(eq(jobs.tenantId, tenantId), inArray(jobs.subject, unread), eq(jobs.kind, "ingest"));
}

/** Whether a purge was waiting that nobody had begun; it is cancelled then. */
export function cancelPurge(
  tx: SqliteQueries,
  kind: Exclude<JobKind, "ingest">,
  tenantId: TenantId,
  subject: string,
  now: UnixMs,
): boolean {
  const isWaiting = and(isAbout(kind, tenantId, subject), eq(jobs.state, "queued"), eq(jobs.attempts, 0));
  return tx.update(jobs).set({ state: "cancelled", updatedAt: now }).where(isWaiting).run().changes > 0;
}

/** Jobs of something that is gone, but for the one that is at work on it. */
export function removeJobsOf(tx: SqliteQueries, tenantId: TenantId, subject: string): void {
  const isIdle = inArray(jobs.state, ["queued", "done", "failed", "cancelled"]);
  tx.delete(jobs)
    .where(and(eq(jobs.tenantId, tenantId), eq(jobs.subject, subject), isIdle))
    .run();
}

function isAbout(kind: JobKind, tenantId: TenantId, subject: string) {
  return and(eq(jobs.tenantId, tenantId), eq(jobs.subject, subject), eq(jobs.kind, kind));
}

function take(tx: SqliteQueries, number: number, now: UnixMs, leaseMs: number): Job {
  const row = tx
    .update(jobs)
    .set({ state: "running", attempts: sql`${jobs.attempts} + 1`, leaseUntil: now + leaseMs, updatedAt: now })
    .where(eq(jobs.number, number))
    .returning()
    .get();
  tx.update(tenants)
    .set({ lastJobTurn: sql`(select max(last_job_turn) + 1 from tenants)` })
    .where(eq(tenants.id, row.tenantId))
    .run();
  return toJob(row);
}

function toJob(row: JobRow): Job {
  return without(row, "number", "leaseUntil");
}

/** For a job that ends in the same commit as what it did. */
export function finishJob(tx: SqliteQueries, jobId: JobId, now: UnixMs): void {
  tx.update(jobs)
    .set({ state: "done", progress: 1, stage: null, leaseUntil: null, updatedAt: now })
    .where(eq(jobs.id, jobId))
    .run();
}
