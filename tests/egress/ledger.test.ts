import { describe, expect, test } from "bun:test";
import type { EgressUse } from "../../src/domain/egress.ts";
import { newId } from "../../src/domain/ids.ts";
import { parseAllowEntry } from "../../src/egress/allow-list.ts";
import { createEgress } from "../../src/egress/egress.ts";
import { createLedger } from "../../src/egress/ledger.ts";
import { VENDOR_HOSTS } from "../../src/providers/catalog.ts";

const TENANT = newId("tenant");

/** An egress whose ledger is written into `written`; `fail` makes the next writing fail. */
function watched(answer: () => Response = () => new Response("12345")) {
  const written: EgressUse[][] = [];
  const warned: string[] = [];
  let at = 1_000;
  let failing = 0;
  const ledger = createLedger({
    now: () => at,
    log: { warn: (event) => void warned.push(event) },
    async write(uses) {
      if (failing-- > 0) throw new Error("disk full");
      written.push(uses);
    },
  });
  const egress = createEgress({
    ...{ log: { warn: () => {} }, offline: false, vendorHosts: VENDOR_HOSTS, ownAddresses: () => [], ledger },
    allow: () => ["crm.corp:443", "db.corp:5432"].map(parseAllowEntry),
    resolve: async () => ["10.0.0.5"],
    dial: async () => answer(),
  });
  const fetchFor = (purpose: "llm" | "tool", url: string) =>
    egress.fetchFor({ purpose, baseUrl: new URL(url), tenantId: TENANT });
  return {
    ...{ egress, ledger, written, warned, fetchFor },
    tick() {
      at += 1_000;
    },
    fail() {
      failing = 1;
    },
  };
}

describe("the ledger", () => {
  test("has each destination once for feature, tenant and outcome, with count, bytes and times", async () => {
    const { egress, ledger, written, fetchFor, tick } = watched();
    const signal = new AbortController().signal;
    const call = fetchFor("tool", "https://crm.corp/");

    await (await call("https://crm.corp/a", { method: "POST", body: "äbc" })).text();
    tick();
    await (await call("https://crm.corp/b")).text();
    await (await fetchFor("llm", "http://models.corp:8000/")("http://models.corp:8000/v1")).body
      ?.getReader()
      .read();
    await egress.vettedHost({ purpose: "database", host: "DB.corp", port: 5432, tenantId: TENANT }, signal);
    await expect(fetchFor("tool", "https://evil.corp/")("https://evil.corp/")).rejects.toThrow();
    await expect(
      egress.vettedHost({ purpose: "database", host: "db.corp\\", port: 1, tenantId: null }, signal),
    ).rejects.toThrow();
    await ledger.flush();

    const of = (destination: string, purpose: string, outcome: string, more: object) => ({
      ...{ destination, purpose, outcome, tenantId: TENANT, calls: 1, sentBytes: 0, receivedBytes: 0 },
      ...{ firstAt: 2_000, lastAt: 2_000 },
      ...more,
    });
    expect(written.flat()).toEqual([
      of("crm.corp:443", "tool", "allowed", { calls: 2, sentBytes: 4, receivedBytes: 10, firstAt: 1_000 }),
      of("models.corp:8000", "llm", "allowed", { receivedBytes: 5 }),
      of("db.corp:5432", "database", "allowed", {}),
      of("evil.corp:443", "tool", "refused", {}),
      of("db.corp\\:1", "database", "refused", { tenantId: null }),
    ] as EgressUse[]);
  });

  test("says that a redirect was refused, beside the call that met it", async () => {
    const { ledger, written, fetchFor } = watched(() => new Response(null, { status: 302 }));

    await expect(fetchFor("tool", "https://crm.corp/")("https://crm.corp/")).rejects.toMatchObject({
      code: "EGRESS_DENIED",
    });
    await ledger.flush();

    expect(written.flat().map(({ outcome }) => outcome)).toEqual(["allowed", "refused"]);
  });

  test("writes what could not be written with what comes next, and stops no call", async () => {
    const { ledger, written, warned, fetchFor, fail } = watched();
    const call = fetchFor("tool", "https://crm.corp/");
    fail();
    await (await call("https://crm.corp/")).text();
    await ledger.flush();
    expect([written, warned]).toEqual([[], ["egress-not-written-down"]]);

    await (await call("https://crm.corp/")).text();
    await ledger.flush();

    expect(written.flat()).toMatchObject([{ calls: 2, receivedBytes: 10 }]);
  });

  test("counts a body that goes on while the ledger is written, each part once", async () => {
    let more = (_text: string) => {};
    const body = new ReadableStream({
      start(controller) {
        more = (text) => controller.enqueue(new TextEncoder().encode(text));
      },
    });
    const { ledger, written, fetchFor, tick } = watched(() => new Response(body));
    const reader = (await fetchFor("llm", "http://models.corp:8000/")("http://models.corp:8000/v1")).body;
    const parts = reader?.getReader();
    for (const text of ["one", "three"]) {
      more(text);
      await parts?.read();
    }
    await ledger.flush();
    tick();
    for (const text of ["four", "a"]) {
      more(text);
      await parts?.read();
    }
    await ledger.flush();

    expect(written.flat()).toMatchObject([
      { calls: 1, receivedBytes: 8, firstAt: 1_000 },
      { calls: 0, receivedBytes: 5, firstAt: 2_000, lastAt: 2_000 },
    ]);
  });
});
