import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { JobView } from "../../src/protocol/admin-api/knowledge.ts";
import type { EmbeddingIndexView, ModelsView } from "../../src/protocol/admin-api/models.ts";
import { asApiError, isAbort } from "../api/client.ts";
import { getModels, importModel } from "../api/models.ts";
import { bytes } from "../format.ts";
import { liveEpoch, onFrame } from "./live.ts";
import { type Resource, useResource } from "./resource.ts";
import { tenantId } from "./session.ts";
import { toast } from "./toasts.ts";

/** As the server has it. */
const MOST_BYTES = 2 * 1024 ** 3;
/** Frames tell of this tenant's jobs only, and an index is filled for all. */
const LOOK_AGAIN_MS = 4_000;

/** A model on its way to the server; `sent` of 1 means that it is being checked there. */
export type ModelUpload = {
  name: string;
  size: number;
  sent: number;
  /** Why it was not imported; null while it may still be. */
  why: string | null;
  cancel: () => void;
};

export const modelUpload = signal<ModelUpload | null>(null);
/** Rises with every import, for whoever shows the models. */
const imported = signal(0);

/** The models, kept current while they are shown. */
export function useModels(): Resource<ModelsView> {
  const models = useResource("models", getModels);
  const { reload, set } = models;
  const isWorking = models.value?.indexes.some(({ working }) => working) ?? false;
  useEffect(
    () =>
      onFrame((frame) => {
        if (frame.type === "notice") reload();
        if (frame.type !== "job" || frame.job.kind !== "embed-index") return;
        const { job } = frame;
        if (job.state === "running") set((value) => withProgress(value, job));
        else if (job.state !== "queued") reload();
      }),
    [reload, set],
  );
  const moves = `${liveEpoch.value}/${imported.value}`;
  useEffect(() => {
    if (moves !== "0/0") reload();
  }, [moves, reload]);
  useEffect(() => {
    if (!isWorking) return;
    const timer = setInterval(reload, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isWorking, reload]);
  return models;
}

function withProgress(value: ModelsView, job: JobView): ModelsView {
  const moved = (index: EmbeddingIndexView) => ({
    ...index,
    working: true,
    error: null,
    embedded: Math.max(index.embedded, Math.round(job.progress * index.chunks)),
  });
  return {
    ...value,
    indexes: value.indexes.map((index) => (index.id === job.subject ? moved(index) : index)),
  };
}

/** How far each index was when it was first seen being filled: its pace since then is what is known of it. */
const firstSeen = new Map<string, { at: number; embedded: number }>();
/** Before that, a pace is chance. */
const WATCHED_MS = 5_000;

/** How long an index that is being filled will still take; null while there is nothing to judge by. */
export function timeLeft({ id, working, chunks, embedded }: EmbeddingIndexView, now: number): number | null {
  if (!working) {
    firstSeen.delete(id);
    return null;
  }
  const first = firstSeen.get(id);
  if (!first) firstSeen.set(id, { at: now, embedded });
  if (!first || now - first.at < WATCHED_MS || embedded <= first.embedded) return null;
  return ((now - first.at) / (embedded - first.embedded)) * (chunks - embedded);
}

/** One at a time, as the server takes them. It goes on while other pages are shown. */
export function startImport(file: File): void {
  if (modelUpload.peek()?.why === null) return;
  const controller = new AbortController();
  const cancel = () => {
    controller.abort();
    modelUpload.value = null;
  };
  const why = refusal(file);
  modelUpload.value = { name: file.name, size: file.size, sent: 0, why, cancel };
  if (!why) void send(file, controller.signal);
}

function refusal({ name, size }: File): string | null {
  if (!/\.zip$/i.test(name)) return "A model comes as a ZIP of its folder. Choose a file that ends in .zip.";
  if (size <= MOST_BYTES) return null;
  return `It is larger than ${bytes(MOST_BYTES)}. Import it on the server instead: parley model import ${name}`;
}

async function send(file: File, signal: AbortSignal): Promise<void> {
  try {
    const { name } = await importModel(file, (sent) => change({ sent }), { signal, tenant: tenantId.peek() });
    if (signal.aborted) return;
    modelUpload.value = null;
    imported.value++;
    toast(`${name} is on this machine now`);
  } catch (thrown) {
    if (!isAbort(thrown)) change({ why: asApiError(thrown).message });
  }
}

function change(part: Partial<ModelUpload>): void {
  if (modelUpload.value) modelUpload.value = { ...modelUpload.value, ...part };
}
