/** The asking side of the thread that holds the tenants' terms in memory. */
import { totalmem } from "node:os";
import type { TenantId } from "../../../domain/ids.ts";
import type { LexicalMatches, LexicalQuery } from "../../../domain/lexical.ts";
import type { WorkerChannel } from "../../../workers/channel.ts";
import type { ConnectionOptions } from "../connection.ts";
import { databaseThread } from "./thread.ts";

export type TermRequests = {
  open: (options: ConnectionOptions & { memoryBytes: number }) => void;
  /** Null while what is in memory is not what the database holds. */
  searchByTerms: (asked: { tenantId: TenantId; query: LexicalQuery; limit: number }) => LexicalMatches | null;
  loadAll: (nothing: null) => void;
  loadSoon: (tenantId: TenantId) => void;
  settled: (nothing: null) => void;
  close: (nothing: null) => void;
};

export type HeldTerms = {
  /** Null where the database has to answer. Never rejects: what is in memory is only a copy. */
  searchByTerms(tenantId: TenantId, query: LexicalQuery, limit: number): Promise<LexicalMatches | null>;
  /** Loads what there is. Does not wait. */
  prepare(): void;
  /** Chunks of the tenant became visible. Does not wait; answers are right without it, only slower. */
  changed(tenantId: TenantId): void;
  /** Resolves when everything has loaded that there was to load. */
  settled(): Promise<void>;
  /** Resolves when nothing reads the database any more. */
  close(): Promise<void>;
};

/** No terms in memory: the database answers everything. */
export const NO_TERMS: HeldTerms = {
  searchByTerms: async () => null,
  prepare() {},
  changed() {},
  settled: async () => {},
  close: async () => {},
};

/** About three million passages; a small machine spends a quarter of its memory at most. */
const MOST_MEMORY_BYTES = 2 * 1024 ** 3;
const SHARE_OF_MEMORY = 0.25;

/** Each change looks through all sources of its tenant, so those of an upload of many files are told together. */
const CHANGES_GATHER_MS = 300;

/** The thread starts when there is something to hold. One that has died is replaced when it is needed. */
export function openHeldTerms({
  memoryBytes = Math.min(MOST_MEMORY_BYTES, totalmem() * SHARE_OF_MEMORY),
  ...connection
}: ConnectionOptions & { memoryBytes?: number }): HeldTerms {
  const thread = databaseThread<TermRequests>({
    name: "term-worker",
    open: (channel) => channel.request("open", { ...connection, memoryBytes }),
    letGo: (channel) => channel.request("close", null),
  });
  /** Tenants whose change is about to be told. */
  const announced = new Set<TenantId>();
  let isClosed = false;

  function tell(told: (channel: WorkerChannel<TermRequests>) => Promise<void>): void {
    thread
      .opened()
      .then(told)
      .catch(() => {
        // The next question finds out by itself.
      });
  }

  return {
    async searchByTerms(tenantId, query, limit) {
      try {
        const channel = thread.ifOpen ?? (await thread.opened());
        return await channel.request("searchByTerms", { tenantId, query, limit });
      } catch {
        return null;
      }
    },
    prepare: () => tell((channel) => channel.request("loadAll", null)),
    changed(tenantId) {
      if (announced.has(tenantId)) return;
      announced.add(tenantId);
      setTimeout(() => {
        announced.delete(tenantId);
        if (!isClosed) tell((channel) => channel.request("loadSoon", tenantId));
      }, CHANGES_GATHER_MS).unref();
    },
    settled: async () => await (await thread.opened()).request("settled", null),
    async close() {
      isClosed = true;
      await thread.close();
    },
  };
}
