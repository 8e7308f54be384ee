import { and, asc, desc, eq, inArray, lte, max, min, type SQLWrapper, sql } from "drizzle-orm";
import type { JobId, TenantId, UnixMs } from "../../domain/ids.ts";
import type { Job, JobKind } from "../../domain/job.ts";
import type { JobStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { required, without } from "./row.ts";
import { conversations, documents, jobs, knowledgeSources, tenants } from "./schema.ts";

type JobRow = typeof jobs.$inferSelect;

/**
 * The number of the next job of a lane, whose kinds come with their priorities as a JSON object. Tenants with the
 * fewest jobs at work in the lane come first, then the one whose turn was longest ago, so that one document does not
 * wait behind another tenant's ten thousand. A job that made room for others is due from then on only, and so comes
 * behind them. What waits is looked at by kind and tenant, not job by job: there may be a great many.
 */
const NEXT_JOB = `
  with lane as (select key as kind, value as priority from json_each(@lane)),
  working as (
    select tenant_id, count(*) as jobs from jobs indexed by jobs_running
    where state = 'running' and lease_until > @now and kind in (select kind from lane) group by tenant_id
  ),
  due as (
    select kind, tenant_id, min(run_at) as run_at, null as number from jobs
    where state = 'queued' and kind in (select kind from lane) group by kind, tenant_id having min(run_at) <= @now
    union all
    select kind, tenant_id, run_at, number from jobs where state = 'running' and lease_until <= @now
  )
  select coalesce(due.number, (
    select number from jobs where state = 'queued' and kind = due.kind and tenant_id = due.tenant_id
    order by run_at, created_at, number limit 1
  ))
  from due
  join lane using (kind)
  join tenants on tenants.id = due.tenant_id
  left join working on working.tenant_id = due.tenant_id
  order by lane.priority, coalesce(working.jobs, 0), tenants.last_job_turn, due.run_at
  limit 1`;

export function sqliteJobStore(db: SqliteDb): JobStore {
  const nextJob = db.$client.prepare<[{ now: UnixMs; lane: string }], number>(NEXT_JOB).pluck();
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

    async createUnlessQueued(job) {
      return insertUnlessQueued(db, job);
    },

    async claim(now, leaseMs, priorities) {
      const lane = JSON.stringify(priorities);
      const claim = (tx: SqliteQueries) => {
        const number = nextJob.get({ now, lane });
        return number === undefined ? null : take(tx, number, now, leaseMs);
      };
      return db.transaction(claim, { behavior: "immediate" });
    },

    async update(jobId, changes) {
      if (Object.keys(changes).length > 0) db.update(jobs).set(changes).where(eq(jobs.id, jobId)).run();
      return toJob(required(db.select().from(jobs).where(eq(jobs.id, jobId)).get(), "job"));
    },

    async updateRunning(jobId, changes) {
      const isRunning = and(eq(jobs.id, jobId), eq(jobs.state, "running"));
      return db.update(jobs).set(changes).where(isRunning).run().changes > 0;
    },

    async releaseAll(now) {
      const released = { state: "queued", leaseUntil: null, updatedAt: now } as const;
      return db.update(jobs).set(released).where(eq(jobs.state, "running")).run().changes;
    },

    async requeueFailed(kinds, now) {
      const failed = and(inArray(jobs.kind, [...kinds]), eq(jobs.state, "failed"));
      const queued = { state: "queued", errorCode: null, errorMessage: null, runAt: now } as const;
      return db
        .update(jobs)
        .set({ ...queued, updatedAt: now })
        .where(failed)
        .run().changes;
    },

    async listActive(tenantId, kinds) {
      const isActive = and(
        eq(jobs.tenantId, tenantId),
        inArray(jobs.kind, [...kinds]),
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
        .orderBy(desc(eq(jobs.state, "running")), desc(jobs.number))
        .limit(1)
        .get();
      return row ? toJob(row) : null;
    },

    async isDue(kinds, now) {
      const isDue = and(isWaiting(kinds), lte(jobs.runAt, now));
      return db.select({ id: jobs.id }).from(jobs).where(isDue).limit(1).get() !== undefined;
    },

    async nextDueAt(kinds) {
      const row = db
        .select({ runAt: min(jobs.runAt) })
        .from(jobs)
        .where(isWaiting(kinds))
        .get();
      return row?.runAt ?? null;
    },

    async waitingKinds() {
      const rows = db.selectDistinct({ kind: jobs.kind }).from(jobs).where(eq(jobs.state, "queued")).all();
      return rows.map(({ kind }) => kind).sort();
    },
  };
}

function isWaiting(kinds: readonly JobKind[]) {
  return and(eq(jobs.state, "queued"), inArray(jobs.kind, [...kinds]));
}

export function insertJob(db: SqliteQueries, job: Job): void {
  db.insert(jobs).values(job).run();
}

/** For writes that others must hear of: in the transaction of the write. */
export function insertJobs(tx: SqliteQueries, newJobs: readonly Job[]): void {
  for (const job of newJobs) insertJob(tx, job);
}

/** For work of which one waiting job does as much as two. A running one may be past what there is to do now. */
export function insertUnlessQueued(tx: SqliteQueries, job: Job): boolean {
  const isSame = and(eq(jobs.kind, job.kind), eq(jobs.subject, job.subject), eq(jobs.state, "queued"));
  if (tx.select({ id: jobs.id }).from(jobs).where(isSame).limit(1).get() !== undefined) return false;
  insertJob(tx, job);
  return true;
}

/** What waits or runs about things that are being removed, is not done: nobody may claim it. `subjects` finds their ids. */
export function cancelJobs(
  tx: SqliteQueries,
  kind: JobKind,
  tenantId: TenantId,
  subjects: SQLWrapper,
  now: UnixMs,
): void {
  tx.update(jobs)
    .set({ state: "cancelled", leaseUntil: null, updatedAt: now })
    .where(and(isAboutAny(kind, tenantId, subjects), inArray(jobs.state, ["queued", "running"])))
    .run();
}

/** Queues the latest job about each thing that is restored again: it was cancelled, or failed for want of it. */
export function resumeJobs(
  tx: SqliteQueries,
  kind: JobKind,
  tenantId: TenantId,
  subjects: SQLWrapper,
  now: UnixMs,
): void {
  const latest = tx
    .select({ number: max(jobs.number) })
    .from(jobs)
    .where(isAboutAny(kind, tenantId, subjects))
    .groupBy(jobs.subject);
  tx.update(jobs)
    .set({ state: "queued", errorCode: null, errorMessage: null, runAt: now, updatedAt: now })
    .where(inArray(jobs.number, latest))
    .run();
}

/** Whether a job was waiting that nobody had begun; it is cancelled then. */
export function cancelUnbegun(
  tx: SqliteQueries,
  kind: JobKind,
  tenantId: TenantId,
  subject: string,
  now: UnixMs,
): boolean {
  const cancelled = { state: "cancelled", updatedAt: now } as const;
  return (
    tx
      .update(jobs)
      .set(cancelled)
      .where(isUnbegunAbout(kind, tenantId, subject))
      .run().changes > 0
  );
}

export function isUnbegun(tx: SqliteQueries, kind: JobKind, tenantId: TenantId, subject: string): boolean {
  const job = tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(isUnbegunAbout(kind, tenantId, subject))
    .get();
  return job !== undefined;
}

/** Whether a job was waiting that nobody had begun; it is due at `runAt` then. */
export function putOffUnbegun(
  tx: SqliteQueries,
  { kind, tenantId, subject, runAt }: Pick<Job, "kind" | "tenantId" | "subject" | "runAt">,
): boolean {
  return (
    tx
      .update(jobs)
      .set({ runAt })
      .where(isUnbegunAbout(kind, tenantId, subject))
      .run().changes > 0
  );
}

function isUnbegunAbout(kind: JobKind, tenantId: TenantId, subject: string) {
  return and(isAbout(kind, tenantId, subject), eq(jobs.state, "queued"), eq(jobs.attempts, 0));
}

/**
 * Jobs of these kinds on something that is gone, but for the one that is at work on it. Others stay: what tells that it
 * is gone is still to be told.
 */
export function removeJobsOf(
  tx: SqliteQueries,
  kinds: readonly JobKind[],
  tenantId: TenantId,
  subject: string,
): void {
  const isIdle = inArray(jobs.state, ["queued", "done", "failed", "cancelled"]);
  const isAboutIt = and(eq(jobs.tenantId, tenantId), eq(jobs.subject, subject));
  tx.delete(jobs)
    .where(and(isAboutIt, inArray(jobs.kind, [...kinds]), isIdle))
    .run();
}

function isAboutAny(kind: JobKind, tenantId: TenantId, subjects: SQLWrapper) {
  return and(eq(jobs.tenantId, tenantId), inArray(jobs.subject, subjects), eq(jobs.kind, kind));
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
