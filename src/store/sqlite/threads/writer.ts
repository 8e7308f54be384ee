/** The asking side of the thread that writes. */
import type { Log } from "../../../deps.ts";
import type { TenantId } from "../../../domain/ids.ts";
import { fromFailure, type WorkerChannel } from "../../../workers/channel.ts";
import type { Call } from "../calls.ts";
import type { Changes } from "../changes.ts";
import type { ConnectionOptions } from "../connection.ts";
import type { Migration, MigrationOptions } from "../migrate.ts";
import type { Outcome } from "./group-commit.ts";
import { type ListPart, ListSender, type SentList } from "./long-lists.ts";
import { databaseThread } from "./thread.ts";

export type WriterOptions = ConnectionOptions &
  Omit<MigrationOptions, "now" | "migrations"> & {
    migrations: readonly Migration[];
    migratedAt: number;
    reservePath?: string;
  };

/** What is there when the database is opened. */
export type WriterOpened = { keyCheck: string | null; hasChunks: boolean; hasIndexes: boolean };

export type WriterRequests = {
  open: (options: WriterOptions) => WriterOpened;
  keepKeyCheck: (sealed: string) => void;
  /** In one commit. Those that fail do so alone. */
  commit: (calls: readonly Call[]) => Outcome[];
  /** In transactions of its own, while commits go on in between. */
  work: (long: { call: Call; lists: SentList[]; isAbortable: boolean }) => unknown;
  /** Of a long list that one of the next calls of `work` is given. */
  takePart: (part: ListPart) => void;
  /** What a reader would answer. */
  read: (call: Call) => unknown;
  /** Writes a number that is higher each time. */
  probe: (nothing: null) => number;
  close: (nothing: null) => void;
};

export type WriterEvents = { termsChanged: TenantId; vectorsChanged: null };

export type Writer = {
  /** Migrates the database. @throws DB_CORRUPT · SCHEMA_TOO_NEW · STORAGE_FULL */
  open(): Promise<WriterOpened>;
  keepKeyCheck(sealed: string): Promise<void>;
  /** Resolves when it is on disk, together with others that waited for the same commit. */
  write(call: Call): Promise<unknown>;
  /** A signal among what is given reaches the thread. */
  work(call: Call): Promise<unknown>;
  read(call: Call): Promise<unknown>;
  /** Whether a read would have to wait for something that is written. */
  isBusy(): boolean;
  probe(): Promise<number>;
  /** Takes nothing more, waits for what is being committed, and empties the log. */
  close(): Promise<void>;
};

type Waiting = {
  kind: "write" | "work";
  call: Call;
  resolve(result: unknown): void;
  reject(reason: unknown): void;
};

export function openWriter(options: WriterOptions, changes: Changes, log?: Pick<Log, "error">): Writer {
  let found: WriterOpened | null = null;
  const thread = databaseThread<WriterRequests, WriterEvents>({
    name: "writer-worker",
    async open(channel) {
      found = await channel.request("open", options);
    },
    letGo: (channel) => channel.request("close", null),
    died: (cause) => log?.error("writer-thread-ended", { cause }),
    listeners: {
      termsChanged: (tenantId) => changes.terms(tenantId),
      vectorsChanged: () => changes.vectors(),
    },
  });
  let waiting: Waiting[] = [];
  let sending: Promise<void> | null = null;
  let working = 0;
  const lists = new ListSender();

  function send(kind: Waiting["kind"], call: Call): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    waiting.push({ kind, call, resolve, reject });
    // Whatever else is called in this turn goes along, and what is called while a commit is at work goes with the next.
    sending ??= Promise.resolve().then(sendAll);
    return promise;
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await sendGroup(group).catch((thrown) => {
        for (const { reject } of group) reject(thrown);
      });
    }
    sending = null;
  }

  async function workThrough(channel: WorkerChannel<WriterRequests>, call: Call): Promise<unknown> {
    working++;
    try {
      const { given, signal } = withoutSignal(call.given);
      const sent = await lists.sendLong(given, (part) => channel.request("takePart", part));
      const asked = {
        call: { ...call, given: sent.given },
        lists: sent.lists,
        isAbortable: signal !== undefined,
      };
      return await channel.request("work", asked, signal);
    } finally {
      working--;
    }
  }

  /** Long work does not hold up the next group: it is begun behind the writes that were called before it. */
  async function sendGroup(group: readonly Waiting[]): Promise<void> {
    const channel = thread.ifOpen ?? (await thread.opened());
    const writes = group.filter(({ kind }) => kind === "write");
    const committing =
      writes.length > 0
        ? channel.request(
            "commit",
            writes.map(({ call }) => call),
          )
        : null;
    for (const { kind, call, resolve, reject } of group) {
      if (kind === "work") workThrough(channel, call).then(resolve, reject);
    }
    const outcomes = (await committing) ?? [];
    for (const [place, { resolve, reject }] of writes.entries()) settle(outcomes[place], resolve, reject);
  }

  return {
    async open() {
      await thread.opened();
      return found as WriterOpened;
    },
    keepKeyCheck: async (sealed) => await (await thread.opened()).request("keepKeyCheck", sealed),
    write: (call) => send("write", call),
    work: (call) => send("work", call),
    read: async (call) => await (thread.ifOpen ?? (await thread.opened())).request("read", call),
    isBusy: () => sending !== null || working > 0,
    probe: async () => await (await thread.opened()).request("probe", null),
    async close() {
      await sending;
      await thread.close();
    },
  };
}

function settle(
  outcome: Outcome | undefined,
  resolve: (result: unknown) => void,
  reject: (reason: unknown) => void,
): void {
  if (outcome === undefined) reject(new TypeError("The writer has answered fewer calls than it was asked."));
  else if ("failure" in outcome) reject(fromFailure(outcome.failure));
  else resolve(outcome.result);
}

/** A signal cannot be sent: the channel tells the thread of it. */
function withoutSignal(given: readonly unknown[]): { given: readonly unknown[]; signal?: AbortSignal } {
  const last = given.at(-1);
  return last instanceof AbortSignal ? { given: given.slice(0, -1), signal: last } : { given };
}
