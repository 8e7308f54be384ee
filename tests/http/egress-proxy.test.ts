/** Behind a company's proxy, which breaks nothing open and whose own authority signs what is inside. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { makeSignedCertificate } from "../helpers/certificate.ts";
import { startProxy, type TestProxy } from "../helpers/http-proxy.ts";
import { type Parley, runParley, startParley } from "../helpers/parley.ts";

setDefaultTimeout(60_000);

const SECRET = "svc:zanzibar-proxy-secret";
let folder: string;
let api: Bun.Server<undefined>;
let proxy: TestProxy;
let parley: Parley;
let operator: AdminClient;
let start: { flags: string[]; environment: Record<string, string> };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-behind-"));
  const { cert, key } = await makeSignedCertificate(folder, ["erp.corp"]);
  api = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0, tls: { cert, key } },
    fetch: (request) => Response.json({ state: "shipped", asked: request.headers.get("host") }),
  });
  proxy = await startProxy({ "erp.corp:443": api.port ?? 0, "shop.corp:443": api.port ?? 0 }, SECRET);
  start = {
    flags: [
      ...["--egress-proxy", `http://localhost:${proxy.port}`, "--egress-ca", join(folder, "ca.crt")],
      ...["--egress-allow", "erp.corp:443,shop.corp:443", "--log-level", "debug"],
    ],
    // Whoever starts Parley may have these; they would lead past the proxy, to what nobody has vetted.
    environment: {
      PARLEY_EGRESS_PROXY_AUTH: SECRET,
      NO_PROXY: "*",
      no_proxy: "*",
      HTTPS_PROXY: "http://127.0.0.1:1",
    },
  };
  parley = await startParley(start);
  operator = await setUpOwner(parley);
});
afterAll(async () => {
  await parley.remove();
  await Promise.all([api.stop(true), proxy[Symbol.asyncDispose]()]);
  await rm(folder, { recursive: true });
});

async function called(host: string) {
  const tool = await operator.send<{ id: string }>("POST", "/api/admin/tools", {
    ...{ name: `at_${host.replace(/\W/g, "_")}`, label: "State", description: "State of an order" },
    ...{ type: "rest_api", method: "GET", url: `https://${host}/order`, parameters: [] },
  });
  return operator.call<{ rows: unknown[][]; error?: { code: string; message: string } }>(
    ...(["POST", `/api/admin/tools/${tool.id}/run`, { arguments: {} }] as const),
  );
}

test("an API is reached through the proxy by its name, and its certificate is believed", async () => {
  expect((await called("erp.corp")).body.rows).toEqual([["shipped", "erp.corp"]]);
  expect(proxy.seen.map(({ line }) => line)).toEqual(["CONNECT erp.corp:443 HTTP/1.1"]);
});

test("an operator sees that there is one", async () => {
  expect(await operator.get("/api/admin/egress")).toMatchObject({ proxy: `localhost:${proxy.port}` });
});

test("what goes wrong is told in words, and nothing tells the proxy's password", async () => {
  expect(await called("shop.corp")).toMatchObject({
    status: 503,
    body: {
      error: { code: "TOOL_UNAVAILABLE", message: expect.stringContaining("certificate of shop.corp") },
    },
  });
  await operator.send("PUT", "/api/admin/egress", { allow: ["gone.corp:443"] });
  expect((await called("gone.corp")).body.error?.message).toContain(`localhost:${proxy.port}`);

  const { stdout } = await runParley(["config", "show", ...start.flags], start.environment);
  expect(stdout).toMatch(/^egress-proxy-auth +\(set\) +environment$/m);
  const { items } = await operator.get<{ items: { destination: string; purpose: string }[] }>(
    "/api/admin/egress/ledger",
  );
  expect(items).toContainEqual(
    expect.objectContaining({ destination: `localhost:${proxy.port}`, purpose: "proxy" }),
  );
  expect(`${stdout}${parley.log()}${parley.output()}${JSON.stringify(items)}`).not.toMatch(
    /zanzibar|c3ZjOnphbnp/,
  );
});

test("a Parley whose proxy cannot be read does not start, and says why without repeating it", async () => {
  const { exitCode, stderr } = await runParley([
    "config",
    "show",
    "--egress-proxy",
    `http://${SECRET}@proxy.corp`,
  ]);

  expect(exitCode).toBe(78);
  expect(stderr).toContain("egress-proxy");
  expect(stderr).not.toContain("zanzibar");
});
