import { computed, signal } from "@preact/signals";
import type { JobView } from "../../src/protocol/admin-api/knowledge.ts";
import { listJobs } from "../api/knowledge.ts";
import { liveEpoch, onFrame } from "./live.ts";
import { tenantId } from "./session.ts";

/** Jobs that wait or run, oldest first. */
export const jobs = signal<JobView[]>([]);

/** How many finished since the tray was last empty: "7 / 12" needs the seven. */
const finished = signal(0);

export const work = computed(() => {
  const running = jobs.value.find((job) => job.state === "running") ?? jobs.value[0];
  if (!running) return null;
  const total = jobs.value.length + finished.value;
  const part = jobs.value.reduce((sum, job) => sum + fraction(job.progress), 0);
  return { running, total, finished: finished.value, share: (finished.value + part) / total };
});

export function startJobs(): void {
  onFrame((frame) => {
    // The tray counts files; an index that is built in the background is not one.
    if (frame.type !== "job" || !frame.job.shown) return;
    const others = jobs.peek().filter((job) => job.id !== frame.job.id);
    if (isOver(frame.job)) {
      if (others.length < jobs.peek().length) finished.value++;
      jobs.value = others;
    } else {
      jobs.value = [...others, frame.job].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
    }
    if (jobs.peek().length === 0) finished.value = 0;
  });
  liveEpoch.subscribe(() => void refreshJobs());
  tenantId.subscribe(() => {
    jobs.value = [];
    finished.value = 0;
    void refreshJobs();
  });
}

async function refreshJobs(): Promise<void> {
  const tenant = tenantId.peek();
  if (!tenant) return;
  try {
    const { items } = await listJobs();
    if (tenant !== tenantId.peek()) return;
    jobs.value = items.filter((job) => !isOver(job));
    if (jobs.peek().length === 0) finished.value = 0;
  } catch {
    // The tray only mirrors work; what fails is told where it was started.
  }
}

function isOver(job: JobView): boolean {
  return job.state !== "queued" && job.state !== "running";
}

/** Progress is 0 to 1; anything else counts as not begun. */
function fraction(progress: number): number {
  return progress >= 0 && progress <= 1 ? progress : 0;
}
