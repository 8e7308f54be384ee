/** The asking side of the worker that holds sketches of the vectors. */
import { totalmem } from "node:os";
import type { Log } from "../deps.ts";
import type { EmbeddingIndexId, TenantId } from "../domain/ids.ts";
import type { VectorHit } from "../domain/knowledge.ts";
import type { ConnectionOptions } from "../store/sqlite/connection.ts";
import type { VectorSketchChannel } from "../store/sqlite/vector-search.ts";
import type { HeldSize } from "../vectors/index-sketches.ts";
import { openChannel, type WorkerChannel } from "./channel.ts";
import { startWorker } from "./start.ts";

export type VectorRequests = {
  open: (options: SketchOptions) => void;
  /** Null while the sketch is not what the database holds. */
  searchByVector: (asked: {
    tenantId: TenantId;
    indexId: EmbeddingIndexId;
    vector: Float32Array;
    limit: number;
  }) => VectorHit[] | null;
  /** Loads and follows what there is, in the background. */
  follow: () => void;
  settled: () => void;
  sizes: () => HeldSize[];
  close: () => void;
};

type SketchOptions = ConnectionOptions & { memoryBytes: number };

export type VectorSketches = VectorSketchChannel & {
  /** Resolves when the sketches have loaded and followed what there was. */
  settled(): Promise<void>;
  /** What the worker holds. */
  sizes(): Promise<HeldSize[]>;
  /** Questions that a sketch has answered. */
  answered(): number;
};

/** Some sixteen million vectors of 384 numbers; a small machine spends a quarter of its memory at most. */
const MOST_MEMORY_BYTES = 2 * 1024 ** 3;
const SHARE_OF_MEMORY = 0.25;

type VectorWorker = {
  channel: WorkerChannel<VectorRequests>;
  opening: Promise<void>;
  /** Before that the database answers, so that no question waits for a thread to start. */
  isOpen: boolean;
  hasEnded: boolean;
};

/**
 * One worker, started when there are vectors and opening the database then, so this may be called before the
 * database exists. One that has died has lost only a copy: it is replaced when it is needed.
 */
export function openVectorSketches({
  memoryBytes = Math.min(MOST_MEMORY_BYTES, totalmem() * SHARE_OF_MEMORY),
  log,
  ...connection
}: ConnectionOptions & { memoryBytes?: number; log?: Pick<Log, "info" | "warn"> }): VectorSketches {
  let standing: VectorWorker | undefined;
  let isClosed = false;
  let answered = 0;

  function running(): VectorWorker {
    if (standing !== undefined && !standing.hasEnded) return standing;
    const worker = start({ ...connection, memoryBytes });
    standing = worker;
    void watched(worker);
    return worker;
  }

  /** Tells whoever runs Parley what is in memory, and when it is not any more. */
  async function watched({ channel, opening }: VectorWorker): Promise<void> {
    try {
      await opening;
      await channel.request("settled", undefined as never);
      for (const { indexNumber, liveRows, usedBytes } of await channel.request("sizes", undefined as never))
        log?.info("vectors-in-memory", { indexNumber, vectors: liveRows, sizeBytes: usedBytes });
    } catch (cause) {
      if (!isClosed) log?.warn("vectors-not-in-memory", { cause });
    }
    const cause = await channel.ended;
    if (!isClosed) log?.warn("vector-worker-ended", { cause });
  }

  return {
    async searchByVector(tenantId, indexId, vector, limit) {
      if (isClosed) return null;
      const { channel, isOpen } = running();
      if (!isOpen) return null;
      const asked = { tenantId, indexId, vector, limit };
      const hits = await channel.request("searchByVector", asked).catch(() => null);
      if (hits !== null) answered++;
      return hits;
    },
    changed() {
      if (isClosed) return;
      const { channel, opening } = running();
      opening
        .then(() => channel.request("follow", undefined as never))
        .catch(() => {
          // The next question finds out by itself.
        });
    },
    async settled() {
      const { channel, opening } = running();
      await opening;
      await channel.request("settled", undefined as never);
    },
    async sizes() {
      const { channel, opening } = running();
      await opening;
      return await channel.request("sizes", undefined as never);
    },
    answered: () => answered,
    async close() {
      isClosed = true;
      if (standing !== undefined) await closed(standing);
    },
  };
}

function start(options: SketchOptions): VectorWorker {
  const channel = openChannel<VectorRequests>(startWorker("vector-worker"));
  const worker: VectorWorker = { channel, opening: opened(), isOpen: false, hasEnded: false };
  void channel.ended.then(() => {
    worker.hasEnded = true;
  });
  worker.opening.catch(() => channel.terminate());
  return worker;

  async function opened(): Promise<void> {
    await channel.request("open", options);
    worker.isOpen = true;
    await channel.request("follow", undefined as never);
  }
}

/** A worker that is ended inside SQLite takes the process along, so it is asked to let go first. */
async function closed({ channel, opening }: VectorWorker): Promise<void> {
  await opening
    .then(() => channel.request("close", undefined as never))
    .catch(() => {
      // It has ended by itself.
    });
  channel.terminate();
}
