import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllowEntry } from "../../src/egress/allow-list.ts";
import { besidesTheUsual, certificatesIn } from "../../src/egress/certificates.ts";
import { createEgress, type EgressGrant, type EgressOptions } from "../../src/egress/egress.ts";
import type { Noted } from "../../src/egress/ledger.ts";
import type { FetchPurpose } from "../../src/egress/policy.ts";
import { findStraightEntry, forgetProxyVariables, isStraight, parseProxy } from "../../src/egress/proxy.ts";
import { VENDOR_HOSTS } from "../../src/providers/catalog.ts";
import { makeSignedCertificate } from "../helpers/certificate.ts";
import { startProxy, type TestProxy } from "../helpers/http-proxy.ts";

const SECRET = "svc:s3cret-of-the-proxy";
let folder: string;
let authority: string[];
let api: Bun.Server<undefined>;
let plain: Bun.Server<undefined>;
let proxy: TestProxy;

beforeAll(async () => {
  forgetProxyVariables(process.env);
  folder = await mkdtemp(join(tmpdir(), "parley-proxy-"));
  const { authority: pem, cert, key } = await makeSignedCertificate(folder, ["api.corp"]);
  authority = certificatesIn(pem);
  const fetch = (request: Request) =>
    new Response(`${request.headers.get("host")} ${request.headers.get("proxy-authorization")}`);
  api = Bun.serve({ hostname: "127.0.0.1", port: 0, tls: { cert, key }, fetch });
  plain = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch });
  const ports = {
    "api.corp:443": api.port ?? 0,
    "other.corp:443": api.port ?? 0,
    "plain.corp": plain.port ?? 0,
    "own.corp": plain.port ?? 0,
  };
  proxy = await startProxy(ports, SECRET);
});

afterAll(async () => {
  await Promise.all([api.stop(true), plain.stop(true), proxy[Symbol.asyncDispose]()]);
  await rm(folder, { recursive: true });
});

type Attempt = Partial<Omit<EgressOptions, "allow">> & {
  allow?: string[];
  purpose?: FetchPurpose;
  grant?: Partial<EgressGrant>;
  names?: Record<string, string[]>;
};

/** Calls as one whose operator has set the proxy, which is the only name that can be looked up here. */
function anEgress({
  allow = ["*.corp:443", "*.corp:80"],
  purpose = "tool",
  grant,
  names,
  ...options
}: Attempt = {}) {
  const asked: string[] = [];
  const noted: string[] = [];
  const logged: string[] = [];
  const known: Record<string, string[]> = { "proxy.corp": ["127.0.0.1"], ...names };
  const note = ({ purpose, destination, outcome }: Noted) =>
    void noted.push(`${purpose} ${destination} ${outcome}`);
  const egress = createEgress({
    log: { warn: (event, fields) => void logged.push(JSON.stringify([event, fields])) },
    ledger: { note, meter: (what) => () => note(what) },
    ...{ offline: false, vendorHosts: VENDOR_HOSTS, ownAddresses: () => [] },
    allow: () => allow.map(parseAllowEntry),
    resolve: async (name) => {
      asked.push(name);
      return known[name] ?? [];
    },
    proxy: { proxy: parseProxy(`http://proxy.corp:${proxy.port}`, SECRET), straight: [] },
    ca: besidesTheUsual(authority),
    ...options,
  });
  const call = async (address: string) => {
    const baseUrl = new URL(address);
    return (await egress.fetchFor({ purpose, baseUrl, tenantId: null, ...grant })(baseUrl)).text();
  };
  return { call, egress, asked, noted: () => [...new Set(noted)], logged };
}

describe("through the operator's proxy", () => {
  test("HTTPS goes end to end, with the name looked up by the proxy and its certificate checked here", async () => {
    const { call, asked, noted } = anEgress();
    proxy.seen.length = 0;

    // The proxy's credentials are the proxy's: the API sees none of them.
    expect(await call("https://api.corp/orders")).toBe("api.corp null");
    expect(proxy.seen).toEqual([
      {
        line: "CONNECT api.corp:443 HTTP/1.1",
        authorization: `Basic ${Buffer.from(SECRET).toString("base64")}`,
      },
    ]);
    expect(asked).toEqual(["proxy.corp"]);
    expect(noted()).toEqual(["tool api.corp:443 allowed", `proxy proxy.corp:${proxy.port} allowed`]);
  });

  test("HTTP is asked for by its whole address", async () => {
    expect(await anEgress().call("http://plain.corp/orders")).toStartWith("plain.corp ");
    expect(proxy.seen.at(-1)?.line).toBe("GET http://plain.corp/orders HTTP/1.1");
  });

  test("a certificate for another name is not taken", async () => {
    await expect(anEgress().call("https://other.corp/")).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });

  test.each<[string, Attempt, string, string]>([
    ["what is not listed", { allow: ["crm.corp:443"] }, "https://api.corp/", "EGRESS_DENIED"],
    ["another port", { allow: ["api.corp:8443"] }, "https://api.corp/", "EGRESS_DENIED"],
    [
      "an address that is never called",
      { allow: ["169.254.169.254:80"] },
      "http://169.254.169.254/",
      "UNSAFE_URL",
    ],
    [
      "a model server that only a tenant's admin has entered",
      { allow: [], purpose: "llm", names: { "models.corp": ["10.0.0.5"] } },
      "http://models.corp/v1",
      "EGRESS_DENIED",
    ],
    [
      "a vendor, offline",
      { allow: [], purpose: "llm", offline: true },
      "https://api.openai.com/v1",
      "EGRESS_DENIED",
    ],
  ])("%s is refused and the proxy hears nothing of it", async (_, attempt, address, code) => {
    const { call } = anEgress(attempt);
    proxy.seen.length = 0;

    await expect(call(address)).rejects.toMatchObject({ code });
    expect(proxy.seen).toEqual([]);
  });

  test("the proxy itself is never one of the addresses that give credentials away", async () => {
    const { call, logged } = anEgress({ names: { "proxy.corp": ["169.254.169.254"] } });

    await expect(call("https://api.corp/")).rejects.toMatchObject({
      code: "UNSAFE_URL",
      message: expect.stringContaining("proxy itself"),
    });
    expect(logged).toHaveLength(1);
  });

  test("what is told of a proxy that refuses names it, without its own words and without its password", async () => {
    const wrong = { proxy: parseProxy(`http://proxy.corp:${proxy.port}`, "svc:wrong"), straight: [] };
    const cases: [string, Attempt, string][] = [
      ["https://api.corp/", { proxy: wrong }, "(407). It wants a name and a password."],
      ["http://plain.corp/", { proxy: wrong }, "(407). It wants a name and a password."],
      ["https://gone.corp/", {}, "(502). Ask whoever runs it."],
      ["https://api.corp/", { names: { "proxy.corp": [] } }, "cannot be reached"],
    ];
    for (const [address, options, said] of cases) {
      const { call, logged } = anEgress(options);
      const thrown: unknown = await call(address).catch((error: unknown) => error);

      const told = `${thrown}${logged}`;
      expect(thrown).toHaveProperty("code", "ERR_PROXY_TUNNEL");
      expect(told).toContain(`proxy.corp:${proxy.port}`);
      expect(told).toContain(said);
      expect(told).not.toMatch(/wrong|s3cret|Nobody there|Who are you/);
    }
  });

  test.each([
    ["this machine", "localhost", ["localhost:PORT"], []],
    ["an excepted name", "plain.corp", ["plain.corp:PORT=127.0.0.0/8"], ["corp"]],
    ["what is listed with its network", "plain.corp", ["plain.corp:PORT=127.0.0.0/8"], []],
  ])("%s is called straight", async (_, host, allow, straight) => {
    const operators = {
      proxy: parseProxy(`http://proxy.corp:${proxy.port}`, SECRET),
      straight: straight.flatMap((entry) => findStraightEntry(entry) ?? []),
    };
    const { call } = anEgress({
      allow: allow.map((entry) => entry.replace("PORT", String(plain.port))),
      names: { "plain.corp": ["127.0.0.1"], localhost: ["127.0.0.1"] },
      proxy: operators,
    });
    proxy.seen.length = 0;

    expect(await call(`http://${host}:${plain.port}/`)).toStartWith(`${host}:${plain.port} `);
    expect(proxy.seen).toEqual([]);
  });
});

describe("a grant of its own", () => {
  test("goes through the proxy that it names, and straight where it says so", async () => {
    const own = parseProxy(`http://proxy.corp:${proxy.port}`, SECRET);
    const grant = { purpose: "llm", savedByOperator: true } as const;
    proxy.seen.length = 0;
    const through = anEgress({ proxy: null, grant: { ...grant, proxy: own } });
    expect(await through.call("http://own.corp/v1")).toStartWith("own.corp ");
    expect(proxy.seen).toHaveLength(1);

    const straight = anEgress({ grant: { ...grant, proxy: null }, names: { "here.corp": ["127.0.0.1"] } });
    expect(await straight.call(`http://here.corp:${plain.port}/v1`)).toStartWith("here.corp");
    expect(proxy.seen).toHaveLength(1);
  });

  test("names no proxy that its tenant could not call", async () => {
    const own = parseProxy("http://proxy.corp:3128", null);
    const grant = {
      purpose: "llm",
      baseUrl: new URL("https://api.openai.com/v1"),
      tenantId: null,
      proxy: own,
    } as const;
    const { egress, call } = anEgress({ proxy: null, restricted: true, allow: [], grant });

    expect(egress.refusal(grant)).toMatchObject({ code: "EGRESS_DENIED" });
    await expect(call("https://api.openai.com/v1")).rejects.toMatchObject({ code: "EGRESS_DENIED" });
  });

  test("believes its own authorities and no others", async () => {
    const address = `https://api.corp:${api.port}/`;
    const setup = {
      proxy: null,
      allow: [`api.corp:${api.port}=127.0.0.0/8`],
      names: { "api.corp": ["127.0.0.1"] },
    };

    expect(await anEgress({ ...setup, ca: null, grant: { ca: authority } }).call(address)).toStartWith(
      "api.corp",
    );
    // One that was believed a moment ago is not for those who do not know its authority.
    for (const attempt of [{ ca: null }, { grant: { ca: await another() } }])
      await expect(anEgress({ ...setup, ...attempt }).call(address)).rejects.toMatchObject({
        code: expect.stringMatching(/VERIFY|SELF_SIGNED|CERT/),
      });
    expect(await anEgress(setup).call(address)).toStartWith("api.corp");
  });
});

async function another(): Promise<string[]> {
  const path = await mkdtemp(join(folder, "other-"));
  return certificatesIn((await makeSignedCertificate(path, ["api.corp"])).authority);
}

test.each([
  "https://proxy.corp:3128",
  "socks5://proxy.corp:1080",
  "http://name:s3cret@proxy.corp:3128",
  "http://proxy.corp:3128/path",
  "proxy.corp:3128",
  "http://2130706433:3128",
])("%s is no proxy, and the refusal does not repeat it", (address) => {
  const parse = () => parseProxy(address, null);

  expect(parse).toThrow(expect.objectContaining({ code: "UNSAFE_URL" }));
  expect(parse).not.toThrow(/s3cret/);
});

test.each([
  ["corp", ["corp", "a.corp", "A.b.CORP"], ["corp.evil", "acorp"]],
  [".corp", ["corp", "a.corp"], ["acorp"]],
  ["*.corp", ["a.corp"], ["corporation"]],
  ["10.0.0.0/8", ["10.1.2.3"], ["11.0.0.1", "10.corp"]],
  ["10.1.2.3", ["10.1.2.3"], ["10.1.2.4"]],
  ["fd00::/8", ["fd00::5"], ["fe00::1"]],
])("%s excepts from the proxy %j, and not %j", (entry, those, others) => {
  const straight = [findStraightEntry(entry)].flatMap((found) => found ?? []);
  const excepts = (hostname: string) => isStraight(straight, { hostname, port: 443, shown: hostname });

  expect([those.filter((name) => !excepts(name)), others.filter(excepts)]).toEqual([[], []]);
});

test.each(["", "a b", "http://corp", "10.0.0.0/33", "corp:443/x"])("“%s” excepts nobody", (entry) => {
  expect(findStraightEntry(entry)).toBeNull();
});

test.each(["", "nothing", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])(
  "%j is no certificate",
  (pem) => {
    expect(() => certificatesIn(pem)).toThrow(expect.objectContaining({ code: "VALIDATION" }));
  },
);
