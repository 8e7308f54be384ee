import type { Deps } from "../../deps.ts";
import type { SourceId } from "../../domain/ids.ts";
import { type Job, type JobHandler, retryForEver } from "../../domain/job.ts";
import { PURGE_SOURCE } from "../../domain/knowledge.ts";

export type PurgeDeps = Pick<Deps, "store" | "files" | "now">;

/** The job: deletes a removed source, its file and all traces of its text for good. */
export const sourcePurge: JobHandler<PurgeDeps> = {
  priority: 0,
  shown: false,
  lane: "background",
  retryAt: retryForEver,

  async atStart({ store, now }) {
    // A Parley before this one gave up after three attempts.
    await store.jobs.requeueFailed([PURGE_SOURCE], now());
  },

  async run(deps, job, signal) {
    await purgeSource(deps, job);
    // Once for all that are purged in a row: it rewrites the index.
    if (!(await deps.store.jobs.isDue([PURGE_SOURCE], deps.now())))
      await deps.store.indexUpkeep.scrub(signal);
    return "done";
  },
};

async function purgeSource({ store, files }: PurgeDeps, { tenantId, subject }: Job): Promise<void> {
  const sourceId = subject as SourceId;
  // The file goes first: once the source is gone, nobody knows of it any more.
  for (const fileId of await store.sources.filesToPurge(tenantId, sourceId)) await files.remove(fileId);
  await store.sources.purge(tenantId, sourceId);
}
