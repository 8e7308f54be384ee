/** What was called and what was refused, gathered here and written down in batches, never in the way of a call. */
import type { Log } from "../deps.ts";
import type { EgressUse } from "../domain/egress.ts";

/** One thing that happened; of a body that goes on, its further bytes. */
export type Noted = Pick<EgressUse, "destination" | "purpose" | "tenantId" | "outcome"> &
  Partial<Pick<EgressUse, "calls" | "sentBytes" | "receivedBytes">>;

export type Ledger = {
  note(noted: Noted): void;
  /** Notes what is read of one body: the same as a note for each part of it, for far less than that. */
  meter(what: Omit<Noted, "calls" | "sentBytes" | "receivedBytes">): (bytes: number) => void;
  /** Resolves when everything noted so far is written, or could not be. */
  flush(): Promise<void>;
};

type LedgerOptions = {
  /** Adds to what is written already. */
  write: (uses: EgressUse[]) => Promise<void>;
  now: () => number;
  log: Pick<Log, "warn">;
};

/** What a crash may lose. */
const WRITTEN_WITHIN_MS = 1_000;
/** Of destinations that could not be written yet, while the disk is full. */
const MOST_WAITING = 10_000;

export function createLedger({ write, now, log }: LedgerOptions): Ledger {
  let waiting = new Map<string, EgressUse>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  const add = (noted: Noted & Partial<EgressUse>) => addTo(waiting, noted, now());

  function writeSoon(): void {
    if (timer) return;
    timer = setTimeout(() => void flush(), WRITTEN_WITHIN_MS);
    timer.unref();
  }

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    const uses = [...waiting.values()];
    waiting = new Map();
    if (uses.length === 0) return;
    try {
      await write(uses);
    } catch (cause) {
      // A full disk stops nobody from calling; it is written with what comes next.
      log.warn("egress-not-written-down", { cause });
      for (const use of uses) add(use);
    }
  }

  return {
    flush,
    note(noted) {
      add(noted);
      writeSoon();
    },
    meter(what) {
      let use: EgressUse | null = null;
      let isIn: typeof waiting | null = null;
      return (receivedBytes) => {
        // Each batch that is written is another map.
        if (isIn !== waiting || use === null) {
          use = add({ ...what, receivedBytes });
          isIn = waiting;
          writeSoon();
          return;
        }
        use.receivedBytes += receivedBytes;
        use.lastAt = Math.max(use.lastAt, now());
      };
    },
  };
}

/** @returns what waits under the same name then; null where too much does */
function addTo(
  waiting: Map<string, EgressUse>,
  { calls = 0, sentBytes = 0, receivedBytes = 0, ...what }: Noted & Partial<EgressUse>,
  at: number,
): EgressUse | null {
  const { firstAt = at, lastAt = at } = what;
  const key = JSON.stringify([what.destination, what.purpose, what.tenantId, what.outcome]);
  const known = waiting.get(key);
  if (!known) {
    if (waiting.size >= MOST_WAITING) return null;
    const use = { ...what, calls, sentBytes, receivedBytes, firstAt, lastAt };
    waiting.set(key, use);
    return use;
  }
  known.calls += calls;
  known.sentBytes += sentBytes;
  known.receivedBytes += receivedBytes;
  known.firstAt = Math.min(known.firstAt, firstAt);
  known.lastAt = Math.max(known.lastAt, lastAt);
  return known;
}

/**
 * Tells `onBytes` what is read of a body. The readers that a body gives are watched where they are: another stream around
 * it would cost more for each token of an answer than everything else that a turn does.
 */
export function watchBody(response: Response, onBytes: (bytes: number) => void): Response {
  const { body } = response;
  if (!body) return response;
  const getReader = body.getReader.bind(body);
  const watched = () => {
    const reader = getReader();
    const read = reader.read.bind(reader);
    const counted = () => {
      const part = read();
      // Whoever reads hears of a failure; here it is only no bytes.
      part.then(
        ({ value }) => value && onBytes(value.byteLength),
        () => undefined,
      );
      return part;
    };
    return Object.defineProperty(reader, "read", { value: counted });
  };
  async function* parts() {
    const reader = watched();
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }
  Object.defineProperties(body, { getReader: { value: watched }, [Symbol.asyncIterator]: { value: parts } });
  return response;
}
