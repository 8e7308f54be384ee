/** Row 56: an answer that sends Parley on. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllowEntry } from "../../src/egress/allow-list.ts";
import { certificatesIn } from "../../src/egress/certificates.ts";
import { createEgress } from "../../src/egress/egress.ts";
import type { Noted } from "../../src/egress/ledger.ts";
import type { FetchPurpose } from "../../src/egress/policy.ts";
import { makeSignedCertificate } from "../helpers/certificate.ts";

type Asked = { host: string; path: string; headers: Headers };

const asked: Asked[] = [];
let folder: string;
let authority: string[];
let plain: Bun.Server<undefined>;
let secure: Bun.Server<undefined>;

/** `/to?URL` sends on to that address, `/hops/3` to `/hops/2`, and so on down to 0. */
function answer(request: Request): Response {
  const { pathname, search } = new URL(request.url);
  const host = request.headers.get("host") ?? "";
  asked.push({ host, path: pathname, headers: request.headers });
  const left = Number(/^\/hops\/(\d+)$/.exec(pathname)?.[1] ?? 0);
  const location = pathname === "/to" ? decodeURIComponent(search.slice(1)) : `/hops/${left - 1}`;
  if (pathname !== "/to" && left === 0) return new Response(`${host}${pathname}`);
  return new Response(null, { status: 302, headers: location === "" ? {} : { location } });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-redirects-"));
  const { authority: pem, cert, key } = await makeSignedCertificate(folder, ["api.corp"]);
  authority = certificatesIn(pem);
  plain = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer });
  secure = Bun.serve({ hostname: "127.0.0.1", port: 0, tls: { cert, key }, fetch: answer });
});
afterAll(async () => {
  await Promise.all([plain.stop(true), secure.stop(true)]);
  await rm(folder, { recursive: true });
});

/** What comes of calling `/to?URL`, or another path, of api.corp. */
async function calling(
  path: string,
  options: { purpose?: FetchPurpose; method?: string; scheme?: string } = {},
) {
  const { purpose = "tool", method = "GET", scheme = "http" } = options;
  const noted: string[] = [];
  const ports = [plain.port, secure.port];
  const note = ({ destination, outcome }: Noted) => void noted.push(`${destination} ${outcome}`);
  const egress = createEgress({
    log: { warn: () => {} },
    ledger: { note, meter: (what) => () => note(what) },
    ...{ offline: false, vendorHosts: new Set<string>(), ca: authority },
    ownAddresses: () => [{ host: "127.0.0.1", port: 9 }],
    allow: () =>
      ["api.corp", "other.corp"].flatMap((name) =>
        ports.map((port) => parseAllowEntry(`${name}:${port}=127.0.0.0/8`)),
      ),
    resolve: async () => ["127.0.0.1"],
  });
  const baseUrl = new URL(path, `${scheme}://api.corp:${scheme === "http" ? plain.port : secure.port}`);
  asked.length = 0;
  const headers = { authorization: "Bearer s3cret", "x-key": "s3cret", accept: "application/json" };
  const answer = await egress
    .fetchFor({ purpose, baseUrl, tenantId: null })(baseUrl, { method, headers })
    .then((response) => response.text())
    .catch((thrown: { code: string }) => thrown.code);
  return { answer, asked: [...asked], noted: [...new Set(noted)] };
}
const to = (address: string) => `/to?${encodeURIComponent(address)}`;

describe("row 56: what sends Parley on", () => {
  test.each([
    "http://169.254.169.254/latest/meta-data",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::1]/",
    "http://127.0.0.1:1/",
    "http://localhost/",
    "http://127.0.0.1:9/",
    "file:///etc/passwd",
    "gopher://other.corp/",
    "http://2130706433/",
    "http://u:p@other.corp/",
    "http:127.0.0.1",
    "//[::1]/x",
  ])("to %s is unsafe, and nobody there is asked", async (address) => {
    const { answer, asked, noted } = await calling(to(address));

    expect(answer).toBe("UNSAFE_URL");
    expect(asked).toHaveLength(1);
    expect(noted.at(-1)).toEndWith(" refused");
  });

  test("out of HTTPS is unsafe", async () => {
    const { answer, asked } = await calling(to(`http://other.corp:${plain.port}/x`), { scheme: "https" });

    expect([answer, asked.length]).toEqual(["UNSAFE_URL", 1]);
  });

  test("to what is not listed is denied", async () => {
    for (const address of ["http://evil.corp/", "http://api.corp:1/", ""])
      expect((await calling(to(address))).answer).toBe("EGRESS_DENIED");
  });

  test("more than three times is too often", async () => {
    expect((await calling("/hops/3")).answer).toBe(`api.corp:${plain.port}/hops/0`);
    expect(await calling("/hops/4")).toMatchObject({ answer: "TOO_MANY_REDIRECTS", asked: { length: 4 } });
  });

  test("within a host takes its headers along, to another one nothing that is secret", async () => {
    const secrets = ({ asked }: { asked: Asked[] }) =>
      asked.map(({ headers }) => [headers.get("authorization"), headers.get("x-key"), headers.get("accept")]);

    const all = ["Bearer s3cret", "s3cret", "application/json"];
    expect(secrets(await calling("/hops/1"))).toEqual([all, all]);
    const away = await calling(to(`http://other.corp:${plain.port}/x`));
    expect(away.answer).toBe(`other.corp:${plain.port}/x`);
    expect(secrets(away)).toEqual([all, [null, null, "application/json"]]);
    expect(away.noted).toEqual([`api.corp:${plain.port} allowed`, `other.corp:${plain.port} allowed`]);
  });

  test.each([
    { method: "POST" },
    { method: "DELETE" },
    { purpose: "mcp" },
    { purpose: "llm" },
    { purpose: "embeddings" },
  ] as const)("is not followed by %j", async (options) => {
    expect(await calling("/hops/1", options)).toMatchObject({
      answer: "EGRESS_DENIED",
      asked: { length: 1 },
    });
  });
});
