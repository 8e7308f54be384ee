/** The asking side of the thread that holds sketches of the vectors. */
import { totalmem } from "node:os";
import type { Log } from "../../../deps.ts";
import type { EmbeddingIndexId, TenantId } from "../../../domain/ids.ts";
import type { VectorHit } from "../../../domain/knowledge.ts";
import type { HeldSize } from "../../../vectors/index-sketches.ts";
import type { WorkerChannel } from "../../../workers/channel.ts";
import type { ConnectionOptions } from "../connection.ts";
import { databaseThread } from "./thread.ts";

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
  follow: (nothing: null) => void;
  settled: (nothing: null) => void;
  sizes: (nothing: null) => HeldSize[];
  close: (nothing: null) => void;
};

type SketchOptions = ConnectionOptions & { memoryBytes: number };

/** The vectors in memory, which are asked before the database. */
export interface HeldVectors {
  /** Nearest first; null where the database has to answer. Never rejects: what is in memory is only a copy. */
  searchByVector(
    tenantId: TenantId,
    indexId: EmbeddingIndexId,
    vector: Float32Array,
    limit: number,
  ): Promise<VectorHit[] | null>;
  /**
   * Vectors were written or removed, or another index is in use. Does not wait; answers are right without it,
   * only slower, and what was removed stays in memory until the next one.
   */
  changed(): void;
  /** Resolves when the sketches have loaded and followed what there was. */
  settled(): Promise<void>;
  /** Resolves when nothing reads the database any more. */
  close(): Promise<void>;
}

export type VectorSketches = HeldVectors & {
  /** What the thread holds. */
  sizes(): Promise<HeldSize[]>;
  /** Questions that a sketch has answered. */
  answered(): number;
};

/** No vectors in memory: the database answers everything. */
export const NO_SKETCHES: HeldVectors = {
  searchByVector: async () => null,
  changed() {},
  settled: async () => {},
  close: async () => {},
};

/** Some sixteen million vectors of 384 numbers; a small machine spends a quarter of its memory at most. */
const MOST_MEMORY_BYTES = 2 * 1024 ** 3;
const SHARE_OF_MEMORY = 0.25;

/**
 * One thread, started when there are vectors and opening the database then, so this may be called before the
 * database exists. One that has died has lost only a copy: it is replaced when it is needed.
 */
export function openVectorSketches({
  memoryBytes = Math.min(MOST_MEMORY_BYTES, totalmem() * SHARE_OF_MEMORY),
  log,
  ...connection
}: ConnectionOptions & { memoryBytes?: number; log?: Pick<Log, "info" | "warn"> }): VectorSketches {
  let isClosed = false;
  let answered = 0;
  const thread = databaseThread<VectorRequests>({
    name: "vector-worker",
    async open(channel) {
      await channel.request("open", { ...connection, memoryBytes });
      await channel.request("follow", null);
      void sizesLogged(channel);
    },
    letGo: (channel) => channel.request("close", null),
    died: (cause) => log?.warn("vector-worker-ended", { cause }),
  });

  /** Tells whoever runs Parley what is in memory. */
  async function sizesLogged(channel: WorkerChannel<VectorRequests>): Promise<void> {
    try {
      await channel.request("settled", null);
      for (const { indexNumber, liveRows, usedBytes } of await channel.request("sizes", null))
        log?.info("vectors-in-memory", { indexNumber, vectors: liveRows, sizeBytes: usedBytes });
    } catch (cause) {
      if (!isClosed) log?.warn("vectors-not-in-memory", { cause });
    }
  }

  function startSoon(): void {
    thread.opened().catch((cause) => {
      if (!isClosed) log?.warn("vectors-not-in-memory", { cause });
    });
  }

  return {
    async searchByVector(tenantId, indexId, vector, limit) {
      const channel = thread.ifOpen;
      if (channel === null) {
        // No question waits for a thread to start.
        if (!isClosed) startSoon();
        return null;
      }
      const asked = { tenantId, indexId, vector, limit };
      const hits = await channel.request("searchByVector", asked).catch(() => null);
      if (hits !== null) answered++;
      return hits;
    },
    changed() {
      if (isClosed) return;
      const channel = thread.ifOpen;
      if (channel === null) startSoon();
      else {
        channel.request("follow", null).catch(() => {
          // The next question finds out by itself.
        });
      }
    },
    async settled() {
      if (thread.isStarted) await (await thread.opened()).request("settled", null);
    },
    sizes: async () => await (await thread.opened()).request("sizes", null),
    answered: () => answered,
    async close() {
      isClosed = true;
      await thread.close();
    },
  };
}
