/** Leaves a database alone for a while that is not there, so that nobody waits for it again and again. */
import { AppError } from "../errors.ts";
import type { Connector } from "./connector.ts";

/** One may be a restart; two in a row are a database that is away. */
const FAILURES = 2;
/** Then one call tries again, and decides for the others. */
const REST_MS = 5_000;

/** Checks are asked for by people, who may have mended it: they go through, and what they find counts. */
export function withBreaker(connector: Connector, monotonicNow: () => number): Connector {
  let failures = 0;
  let restsUntil = 0;

  async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    if (monotonicNow() < restsUntil) throw resting();
    // Until this one is back, nobody else tries.
    if (failures >= FAILURES) restsUntil = monotonicNow() + REST_MS;
    return await counted(work);
  }

  async function counted<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      const result = await work();
      failures = 0;
      restsUntil = 0;
      return result;
    } catch (thrown) {
      const isAway = thrown instanceof AppError && thrown.code === "TOOL_UNAVAILABLE";
      failures = isAway ? failures + 1 : 0;
      restsUntil = failures >= FAILURES ? monotonicNow() + REST_MS : 0;
      throw thrown;
    }
  }

  return {
    check: (signal) => counted(() => connector.check(signal)),
    schema: (signal) => guarded(() => connector.schema(signal)),
    prepare: (query, signal) => guarded(() => connector.prepare(query, signal)),
    run: (query, limits, signal) => guarded(() => connector.run(query, limits, signal)),
    select: (select, limits, signal) => guarded(() => connector.select(select, limits, signal)),
    explain: (query, signal) => guarded(() => connector.explain(query, signal)),
    sample: (schema, table, limits, signal) => guarded(() => connector.sample(schema, table, limits, signal)),
    close: () => connector.close(),
  };
}

function resting(): AppError {
  return new AppError(
    "TOOL_UNAVAILABLE",
    "The database could not be reached a moment ago. Try again in a few seconds; an administrator can see why under Connections.",
    { retryAfterMs: REST_MS },
  );
}
