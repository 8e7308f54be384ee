import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { hostname, networkInterfaces } from "node:os";
import { audienceOf } from "../../src/http/endpoint.ts";
import { ENDPOINTS } from "../../src/http/server.ts";
import type { SetupState } from "../../src/protocol/admin-api/access.ts";
import { type AdminClient, adminClient, OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { examplePath } from "../helpers/endpoint-examples.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { freePort, type Parley, startParley } from "../helpers/parley.ts";
import { rawRequest, upgradeRequest } from "../helpers/raw-http.ts";

let parley: Parley;
let owner: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
});
afterAll(() => parley.remove());

/** What a cookie can do: pages and programs bring a key of their own, which no browser sends by itself. */
const UNSAFE = ENDPOINTS.filter(
  ({ method, need }) => method !== "GET" && !["page", "program"].includes(audienceOf(need)),
);

/** Where a forged request may seem to come from. `undefined` leaves the header out. */
const FOREIGN: Record<string, string>[] = [
  { origin: "https://evil.example" },
  { origin: "null" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { "sec-fetch-site": "none" },
  { origin: "https://evil.example", "content-type": "text/plain" },
  {},
];

/** Exactly these headers: the client adds no Origin of its own. */
function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Response> {
  return fetch(`${parley.url}${path}`, {
    method,
    headers: { cookie: owner.cookie ?? "", ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

describe("row 18: another site cannot make a signed-in browser do anything", () => {
  test.each(UNSAFE)("$method $path", async (endpoint) => {
    const own = new URL(parley.url);
    const more = [
      { origin: `http://${own.hostname}` },
      { origin: `https://${own.host}` },
      { origin: parley.url, "sec-fetch-site": "cross-site" },
      { origin: parley.url, host: `evil.example:${own.port}` },
      { origin: `http://evil.example:${own.port}`, host: `evil.example:${own.port}` },
    ];
    for (const headers of [...FOREIGN, ...more]) {
      const answer = await expectNothingPersisted(parley, () =>
        send(endpoint.method, examplePath(endpoint), { "content-type": "application/json", ...headers }, {}),
      );
      expect(`${JSON.stringify(headers)} ${answer.status}`).toBe(`${JSON.stringify(headers)} 403`);
      expect(await answer.json()).toMatchObject({ error: { code: "CSRF" } });
    }
    expect((await owner.call("GET", "/api/auth/me")).status).toBe(200);
  });

  test("is told at which address Parley is open, when the operator named one", async () => {
    const behind = await startParley({
      flags: ["--public-url", "http://chat.example"],
      port: await freePort(),
    });
    const answer = await fetch(`${behind.url}/api/setup`, {
      method: "POST",
      headers: { origin: behind.url, "content-type": "application/json" },
      body: "{}",
    });

    expect(await answer.json()).toMatchObject({
      error: { code: "CSRF", message: expect.stringContaining("http://chat.example/") },
    });
    await behind.remove();
  });

  test("is decided before the media type and the body are looked at", async () => {
    const own = { origin: parley.url };
    const path = "/api/admin/widget";

    expect((await send("PUT", path, { origin: "https://evil.example" }, "not json")).status).toBe(403);
    expect((await send("PUT", path, { ...own, "content-type": "text/plain" }, "{}")).status).toBe(415);
    expect((await send("PUT", path, { ...own, "content-type": "application/json" }, "not json")).status).toBe(
      400,
    );
    expect((await send("PUT", path, { ...own, "content-type": "application/json" }, "{}")).status).toBe(200);
  });

  test("lets Parley's own pages through, by Fetch Metadata or by their origin, without any body or media type", async () => {
    for (const headers of [{ "sec-fetch-site": "same-origin" }, { origin: parley.url }]) {
      const signedIn = adminClient(parley);
      await signedIn.signIn();
      const answer = await send("POST", "/api/auth/logout", { ...headers, cookie: signedIn.cookie ?? "" });
      expect(answer.status).toBe(204);
    }
  });

  test("lets people in by this machine's name and addresses, and by no other name", async () => {
    const { port } = new URL(parley.url);
    const addresses = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family }) => family === "IPv4")
      .map(({ address }) => address);
    const signIn = (host: string) =>
      send(
        "POST",
        "/api/auth/login",
        {
          host: `${host}:${port}`,
          origin: `http://${host}:${port}`,
          "content-type": "application/json",
          cookie: "",
        },
        { email: OWNER.email, password: OWNER.password },
      );

    /** What the page asks before anything is typed into it. */
    const isToldUnknown = async (host: string) => {
      const answer = await send("GET", "/api/setup", { host: `${host}:${port}`, cookie: "" });
      return "unknownAddress" in ((await answer.json()) as SetupState);
    };

    for (const host of ["localhost", hostname().toLowerCase(), ...addresses]) {
      expect(`${host} ${(await signIn(host)).status}`).toBe(`${host} 200`);
      expect(`${host} ${await isToldUnknown(host)}`).toBe(`${host} false`);
    }
    for (const host of ["evil.example", "192.0.2.7", "localhost.evil.example"]) {
      expect(`${host} ${(await signIn(host)).status}`).toBe(`${host} 403`);
      expect(`${host} ${await isToldUnknown(host)}`).toBe(`${host} true`);
    }
  });

  test("takes the public URL, and only that, where one is set", async () => {
    const behind = await startParley({
      flags: ["--public-url", "https://chat.example.org/"],
      port: await freePort(),
    });
    const setup = (origin: string) =>
      fetch(`${behind.url}/api/setup`, {
        method: "POST",
        headers: { origin, "content-type": "application/json" },
        body: JSON.stringify(OWNER),
      });

    expect((await setup(behind.url)).status).toBe(403);
    expect((await setup("https://chat.example.org")).status).toBe(201);
    await behind.remove();
  });
});

describe("row 19: another site cannot open the backoffice's socket", () => {
  test.each(["https://evil.example", "null", "https://app.corp.evil", "http://localhost", ""])(
    "from %j it is refused before the upgrade",
    async (origin) => {
      const { host } = new URL(parley.url);
      const headers = { Cookie: owner.cookie ?? "", ...(origin && { Origin: origin }) };
      const answer = await rawRequest(parley.url, upgradeRequest("/ws/admin", host, headers));

      expect(answer.status).toBe(403);
      expect(answer.body).toContain("CSRF");
    },
  );

  test("from Parley's own page it opens with the cookie, and not without", async () => {
    const { host } = new URL(parley.url);
    const open = (headers: Record<string, string>) =>
      rawRequest(parley.url, upgradeRequest("/ws/admin", host, { Origin: parley.url, ...headers }));

    expect((await open({ Cookie: owner.cookie ?? "" })).status).toBe(101);
    expect((await open({})).status).toBe(401);
    expect((await open({ Cookie: "parley_session=x" })).status).toBe(401);
  });
});
