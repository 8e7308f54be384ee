import { describe, expect, test } from "bun:test";
import { findAllowEntry, parseAllowEntry } from "../../src/egress/allow-list.ts";
import { createEgress, type EgressOptions } from "../../src/egress/egress.ts";
import { createOperatorList } from "../../src/egress/kept-list.ts";
import { parseOutboundUrl } from "../../src/egress/outbound-url.ts";
import type { DriverPurpose, FetchPurpose } from "../../src/egress/policy.ts";
import { VENDOR_HOSTS } from "../../src/providers/catalog.ts";

type Purpose = FetchPurpose | DriverPurpose;

/** Where nothing is called but what the operator has listed. */
const PURPOSES = ["database", "tool", "mcp", "import"] as const satisfies Purpose[];

/** A way to one host for one purpose, with a resolver and a dialler that only take notes. */
function aWayTo(
  purpose: (typeof PURPOSES)[number],
  host: string,
  {
    allow = [],
    at = ["10.0.0.5"],
    ...options
  }: { allow?: string[]; at?: string[] } & Partial<Omit<EgressOptions, "allow">>,
) {
  const asked: string[] = [];
  const dialled: string[] = [];
  const egress = createEgress({
    ...{ log: { warn: () => {} }, offline: false, vendorHosts: VENDOR_HOSTS, ownAddresses: () => [] },
    allow: () => allow.map(parseAllowEntry),
    resolve: async (hostname) => {
      asked.push(hostname);
      return at;
    },
    dial: async (_url, address) => {
      dialled.push(address);
      return new Response("ok");
    },
    ...options,
  });
  const call = async (): Promise<unknown> => {
    if (purpose === "database") {
      const grant = { purpose, host, port: 443, tenantId: null };
      return dialled.push(...(await egress.vettedHost(grant, new AbortController().signal)).addresses);
    }
    const baseUrl = parseOutboundUrl(`https://${host.includes(":") ? `[${host}]` : host}/`);
    return egress.fetchFor({ purpose, baseUrl, tenantId: null })(baseUrl);
  };
  return { call, asked, dialled };
}

describe.each(PURPOSES)("for the purpose %s", (purpose) => {
  test.each(["crm.corp", "10.0.0.5", "127.0.0.1", "::1", "localhost", "1.1.1.1", "api.openai.com"])(
    "%s is not called while no operator has listed it, and no resolver is asked",
    async (host) => {
      const { call, asked, dialled } = aWayTo(purpose, host, {
        allow: ["other.corp:443", "*.corp.evil:443"],
      });

      await expect(call()).rejects.toMatchObject({
        code: "EGRESS_DENIED",
        message: expect.stringContaining("under Egress"),
      });
      expect([asked, dialled]).toEqual([[], []]);
    },
  );

  // Row 60.
  test.each<[string, string[], string | null]>([
    ["crm.corp:443", ["10.0.0.5"], null],
    ["crm.corp:443", ["169.254.169.254"], "UNSAFE_URL"],
    ["crm.corp:443", ["127.0.0.1"], "UNSAFE_URL"],
    ["crm.corp:443", ["10.0.0.5", "127.0.0.1"], "UNSAFE_URL"],
    ["crm.corp:443", ["::1"], "UNSAFE_URL"],
    ["crm.corp:443=127.0.0.0/8", ["127.0.0.1"], null],
    ["crm.corp:443=10.0.0.0/8", ["192.168.0.1"], "EGRESS_DENIED"],
    ["crm.corp:6379", ["10.0.0.5"], "EGRESS_DENIED"],
    ["crm.corp.evil:443", ["10.0.0.5"], "EGRESS_DENIED"],
    ["*.corp:443", ["fd00::5"], null],
  ])("row 60: %s listed and crm.corp at %j is %p", async (entry, at, code) => {
    const { call, dialled } = aWayTo(purpose, "crm.corp", { allow: [entry], at });

    if (code === null) await call();
    else await expect(call()).rejects.toMatchObject({ code });
    expect(dialled).toEqual(code === null ? at.slice(0, purpose === "database" ? undefined : 1) : []);
  });

  test.each(["127.0.0.1", "::1", "localhost"])("this machine is called when %s is listed", async (host) => {
    const entry = host.includes(":") ? `[${host}]:443` : `${host}:443`;
    const { call, dialled } = aWayTo(purpose, host, { allow: [entry], at: ["127.0.0.1"] });

    await call();

    expect(dialled).toHaveLength(1);
  });

  test("its own address is never called, listed or not", async () => {
    const ownAddresses = () => [{ host: "0.0.0.0", port: 443 }];
    const { call, dialled } = aWayTo(purpose, "127.0.0.1", { allow: ["127.0.0.1:443"], ownAddresses });

    await expect(call()).rejects.toMatchObject({ code: "UNSAFE_URL" });
    expect(dialled).toEqual([]);
  });

  // Row 59: none of them can be listed into being called.
  test.each([
    "::",
    "0.1.2.3",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "168.63.129.16",
    "fec0::1",
    "198.18.0.1",
    "255.255.255.255",
    "fd00:ec2::254",
    "100.100.100.200",
    "169.254.169.254",
  ])("row 59: %s is never called, listed or not", async (host) => {
    const entry = host.includes(":") ? `[${host}]:443` : `${host}:443`;
    for (const allow of [[], [entry]]) {
      const { call, dialled } = aWayTo(purpose, host, { allow });

      await expect(call()).rejects.toMatchObject({ code: "UNSAFE_URL" });
      expect(dialled).toEqual([]);
    }
  });

  test("row 57: a name is asked for once, and what was vetted is dialled", async () => {
    const answers = [["10.0.0.5"], ["127.0.0.1"]];
    const resolve = async () => answers.shift() ?? [];
    const { call, dialled } = aWayTo(purpose, "crm.corp", { allow: ["crm.corp:443"], resolve });

    await call();

    expect([dialled, answers.length]).toEqual([["10.0.0.5"], 1]);
  });

  test.each<[string, string[], boolean]>([
    ["crm.corp:443", ["1.1.1.1", "10.0.0.5"], false],
    ["crm.corp:443", ["100.64.0.1", "1.1.1.1"], false],
    ["crm.corp:443=10.0.0.0/8", ["10.0.0.5", "10.0.0.6"], true],
    ["crm.corp:443", ["2606:4700::1111", "10.0.0.5"], true],
    ["crm.corp:443", ["1.1.1.1", "1.0.0.1"], true],
  ])("row 57: %s at %j, in the intranet and outside of it, is called: %p", async (entry, at, isCalled) => {
    const { call, dialled } = aWayTo(purpose, "crm.corp", { allow: [entry], at });

    if (isCalled) await call();
    else await expect(call()).rejects.toMatchObject({ code: "UNSAFE_URL" });
    expect(dialled.length > 0).toBe(isCalled);
  });
});

// Rows 55 and 58: what an admin types goes through one parser, and what that gives is what is dialled.
test.each([
  "http://2130706433/",
  "http://0x7f000001/",
  "http://0177.0.0.1/",
  "http://127.1/",
  "http://１２７.０.０.１/",
  "http://127.0.0.1./",
  "http:127.0.0.1",
  "http://0/",
  "http://localhost./",
  "http://ⓛocalhost/",
  "http://ｏk.corp/",
  "http://[::ffff:169.254.169.254",
  "http://ok.corp\\@169.254.169.254/",
  "http://u:p@ok.corp/",
  "http://ok.corp/\r\nx",
  "http://[fe80::1%25eth0]/",
  "ftp://ok.corp/",
])("rows 55, 58: %j is refused as it is typed", (text) => {
  expect(() => parseOutboundUrl(text)).toThrow(expect.objectContaining({ code: "UNSAFE_URL" }));
});

test.each([
  ["http://ok.corp#@x", "ok.corp"],
  ["http://127.0.0.1:8080/x?y", "127.0.0.1"],
  ["https://10.0.0.5", "10.0.0.5"],
  ["http://[::1]/", "[::1]"],
  ["http://münchen.corp/", "xn--mnchen-3ya.corp"],
])("%s is the host %s", (text, hostname) => {
  expect(parseOutboundUrl(text).hostname).toBe(hostname);
});

describe("the operator's list", () => {
  const list = () => createOperatorList([parseAllowEntry("Models.corp:8000")], ["db.corp:5432=10.0.0.0/8"]);

  test("has the settings' entries and the kept ones, and what is kept counts at once", () => {
    const operators = list();
    expect(operators.fromSettings).toEqual(["models.corp:8000"]);
    expect(operators.entries()).toHaveLength(2);

    operators.keep(operators.parse(["crm.corp:443"]));

    expect(operators.kept()).toEqual(["crm.corp:443"]);
    expect(operators.entries().map(({ hostname }) => hostname)).toEqual(["models.corp", "crm.corp"]);
  });

  test("keeps an entry once, in one spelling, and none that the settings have", () => {
    expect(
      list().parse([" CRM.corp.:443 ", "crm.corp:443", "models.corp:8000", "[FD00::5]:1=fd00::/8"]),
    ).toEqual(["crm.corp:443", "[fd00::5]:1=fd00::/8"]);
  });

  test("refuses what is no entry, and says which", () => {
    expect(() => list().parse(["crm.corp:443", "http://crm.corp"])).toThrow(
      expect.objectContaining({ code: "VALIDATION", message: expect.stringContaining("“http://crm.corp”") }),
    );
    expect(findAllowEntry("crm.corp")).toBeNull();
  });
});
