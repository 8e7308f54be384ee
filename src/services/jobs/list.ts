/** Jobs as people see them. */
import type { Deps } from "../../deps.ts";
import type { JobId, TenantId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import { JOB_HANDLERS } from "./handlers.ts";

/** A job with the name of what it works on. */
export type ListedJob = Job & { title: string; shown: boolean };

const SHOWN_KINDS = Object.keys(JOB_HANDLERS).filter(isShown);

/** What waits or runs and people wait for, oldest first. */
export async function listActiveJobs(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
): Promise<ListedJob[]> {
  const jobs = await store.jobs.listActive(tenantId, SHOWN_KINDS);
  return jobs.map((job) => ({ ...job, shown: true }));
}

export async function findJob({ store }: Pick<Deps, "store">, jobId: JobId): Promise<ListedJob | null> {
  const job = await store.jobs.find(jobId);
  return job && { ...job, shown: isShown(job.kind) };
}

function isShown(kind: string): boolean {
  return JOB_HANDLERS[kind]?.shown ?? false;
}
