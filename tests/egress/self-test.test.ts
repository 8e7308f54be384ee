import { beforeAll, expect, test } from "bun:test";
import { createEgress, type EgressOptions } from "../../src/egress/egress.ts";
import { forgetProxyVariables } from "../../src/egress/proxy.ts";
import { proveEgress } from "../../src/egress/self-test.ts";

// As a start does.
beforeAll(() => forgetProxyVariables(process.env));

test("the guard of this build passes its own test", async () => {
  await proveEgress();
});

test.each<[string, (options: EgressOptions) => Pick<ReturnType<typeof createEgress>, "fetchFor">, string]>([
  ["calls everything", () => ({ fetchFor: () => (input, init) => fetch(String(input), init) }), "not listed"],
  [
    "takes any listed port for the one that is called",
    (options) =>
      createEgress({
        ...options,
        allow: () =>
          (options.allow?.() ?? []).flatMap((entry) => [
            { ...entry, port: entry.port - 1 },
            entry,
            { ...entry, port: entry.port + 1 },
          ]),
      }),
    "another port",
  ],
  [
    "forgets the network of an entry",
    (options) =>
      createEgress({
        ...options,
        allow: () =>
          (options.allow?.() ?? []).map((entry) => ({
            ...entry,
            network: { address: "127.0.0.0", bits: 8 },
          })),
      }),
    "moved to this machine",
  ],
  ["leaves a proxy out", (options) => createEgress({ ...options, proxy: null }), "through a proxy"],
  [
    "reaches nothing at all",
    (options) => createEgress({ ...options, dial: async () => Promise.reject(new Error("down")) }),
    "cannot call",
  ],
])("a guard that %s is told as broken", async (_what, create, message) => {
  await expect(proveEgress(create)).rejects.toMatchObject({
    code: "EGRESS_BROKEN",
    message: expect.stringContaining(message),
  });
});
