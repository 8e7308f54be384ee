/** For tests of what never asks a database: whoever does all the same is told so. */
import type { Deps } from "../../src/deps.ts";

const unexpected = (): never => {
  throw new Error("This test asks no database.");
};

export const noTools: Pick<Deps, "toolRunner" | "databases" | "mcpClient" | "outbox"> = {
  outbox: { announce: (_events, write) => write([]) },
  toolRunner: { prepare: unexpected, run: unexpected, explain: unexpected },
  databases: {
    connect: unexpected,
    open: unexpected,
    release: async () => {},
    close: async () => {},
  },
  mcpClient: {
    requireCallable: unexpected,
    tools: unexpected,
    release: async () => {},
    close: async () => {},
  },
};
