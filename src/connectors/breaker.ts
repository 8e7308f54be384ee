/** Leaves a database alone for a while that is not there. */
import { createBreaker, REST_MS } from "../domain/breaker.ts";
import { AppError } from "../errors.ts";
import type { Connector } from "./connector.ts";

/** Checks are asked for by people, who may have mended it: they go through, and what they find counts. */
export function withBreaker(connector: Connector, monotonicNow: () => number): Connector {
  const { counted, guarded } = createBreaker(monotonicNow, resting);
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
