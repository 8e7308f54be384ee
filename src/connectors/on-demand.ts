/** A connector whose driver is loaded when it is first asked something: drivers cost every start time and memory. */
import type { Connector } from "./connector.ts";

export function onDemand(load: () => Promise<Connector>): Connector {
  let loaded: Promise<Connector> | null = null;
  const connector = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    check: async (...asked) => (await connector()).check(...asked),
    schema: async (...asked) => (await connector()).schema(...asked),
    prepare: async (...asked) => (await connector()).prepare(...asked),
    run: async (...asked) => (await connector()).run(...asked),
    select: async (...asked) => (await connector()).select(...asked),
    explain: async (...asked) => (await connector()).explain(...asked),
    sample: async (...asked) => (await connector()).sample(...asked),
    close: async () => (await loaded)?.close(),
  };
}
