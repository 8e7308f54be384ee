import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { stat } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { adminClient, OWNER } from "../helpers/admin-client.ts";
import { count, rows } from "../helpers/database.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";

let parley: Parley;
beforeEach(async () => {
  parley = await startParley();
});
afterEach(() => parley.remove());

/** A proxy in front makes every caller one from elsewhere. */
const ELSEWHERE = { "x-forwarded-for": "10.1.2.3" };

function setUpFromElsewhere(token?: string) {
  const body = { ...OWNER, ...(token !== undefined && { token }) };
  return adminClient(parley).fetch("POST", "/api/setup", { headers: ELSEWHERE, body });
}

describe("setup", () => {
  test("prints a token that is the first word of 20 or more characters", () => {
    expect(/\S{20,}/.exec(parley.output())?.[0]).toBe(parley.setupToken ?? "");
    expect(parley.setupToken).toMatch(/^[0-9a-f]{32}$/);
  });

  test("prints where other machines find this one, unless it listens on one address only", async () => {
    const own = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find(({ family, internal }) => family === "IPv4" && !internal);
    const local = await startParley({ flags: ["--host", "127.0.0.1"] });

    if (own) expect(parley.output()).toContain(`http://${own.address}:${new URL(parley.url).port}/`);
    expect(local.output().match(/https?:/g)).toHaveLength(1);
    await local.remove();
  });

  test("needs the token behind a proxy on this machine, even one that says nothing of whom it forwards", async () => {
    const behind = await startParley({ flags: ["--trusted-proxy", "127.0.0.1"] });

    expect(await adminClient(behind).get("/api/setup")).toMatchObject({ requiresToken: true });
    const answer = await adminClient(behind).fetch("POST", "/api/setup", { body: OWNER });
    expect(await answer.text()).toContain("SETUP_TOKEN_REQUIRED");
    expect((await adminClient(behind).setUp({ token: behind.setupToken ?? "" })).user.name).toBe(OWNER.name);
    await behind.remove();
  });

  test.each([
    "forwarded",
    "via",
    "cf-connecting-ip",
    "true-client-ip",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-real-ip",
  ])("needs the token where a proxy has added %s, whatever it says", async (header) => {
    const answer = await fetch(`${parley.url}/api/setup`, { headers: { [header]: "127.0.0.1" } });

    expect(await answer.json()).toEqual({ initialised: false, requiresToken: true });
  });

  test("needs no token on this machine, and makes its caller owner and operator, signed in", async () => {
    const owner = adminClient(parley);

    expect(await owner.get("/api/setup")).toEqual({ initialised: false, requiresToken: false });
    const me = await owner.setUp();

    expect(me.user).toMatchObject({ name: OWNER.name, email: OWNER.email, operator: true });
    expect(me.memberships).toMatchObject([{ role: "owner", tenant: { name: OWNER.organisation } }]);
    expect(await owner.get("/api/auth/me")).toEqual(me);
    expect(await owner.get("/api/setup")).toEqual({ initialised: true, requiresToken: false });
  });

  test("row 2: no answer holds the token, and without it nobody from elsewhere sets Parley up", async () => {
    const state = await adminClient(parley).fetch("GET", "/api/setup", { headers: ELSEWHERE });
    expect(await state.json()).toEqual({ initialised: false, requiresToken: true });

    for (const token of [undefined, "", "0".repeat(32), `${parley.setupToken}x`]) {
      const answer = await expectNothingPersisted(parley, () => setUpFromElsewhere(token));
      expect(answer.status).toBe(401);
      expect(await answer.text()).toContain("SETUP_TOKEN_REQUIRED");
    }
    for (const path of ["/api/setup", "/", "/healthz", "/readyz", "/api/openapi.json", "/demo", "/nowhere"]) {
      const answer = await adminClient(parley).fetch("GET", path);
      const whole = JSON.stringify([...answer.headers]) + (await answer.text());
      expect(whole).not.toContain(parley.setupToken ?? "");
    }
    expect(parley.log()).not.toContain(parley.setupToken ?? "");
  });

  test("row 2: of twenty setups at once exactly one succeeds, and later ones are conflicts", async () => {
    const token = parley.setupToken ?? "";
    const answers = await Promise.all(Array.from({ length: 20 }, () => setUpFromElsewhere(token)));

    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    const later = await expectNothingPersisted(parley, () => setUpFromElsewhere(token));
    expect(later.status).toBe(409);
    expect(await later.text()).toContain("ALREADY_INITIALISED");
    expect(["users", "tenants", "memberships"].map((table) => count(parley, table))).toEqual([1, 1, 1]);
  });

  test("row 2: asks for the token under any name that is not this machine's own, so that no page rebinds its way in", async () => {
    const { port } = new URL(parley.url);
    for (const host of [`evil.example:${port}`, `127.0.0.1.evil.example:${port}`, `localhost.evil:${port}`]) {
      const state = await adminClient(parley).fetch("GET", "/api/setup", { headers: { host } });
      expect(await state.json()).toMatchObject({ initialised: false, requiresToken: true });
      const answer = await expectNothingPersisted(parley, () =>
        adminClient(parley).fetch("POST", "/api/setup", {
          headers: { host, origin: `http://${host}` },
          body: OWNER,
        }),
      );
      expect(answer.status).toBe(403);
    }
  });

  test("asks for a long password that is not a common one", async () => {
    const client = adminClient(parley);
    for (const password of ["short", "passwordpassword", ""]) {
      const answer = await expectNothingPersisted(parley, () =>
        client.call("POST", "/api/setup", { ...OWNER, password }),
      );
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({
        error: { code: "VALIDATION", details: { fields: { password: expect.any(String) } } },
      });
    }
  });

  test("row 1: there is no default account, and every installation has a key of its own that only its user reads", async () => {
    const other = await startParley();
    const keyFile = (of: Parley) => join(of.dataDirectory, "secret.key");
    expect(await Bun.file(keyFile(parley)).text()).not.toBe(await Bun.file(keyFile(other)).text());
    expect((await stat(keyFile(parley))).mode & 0o777).toBe(0o600);
    await other.remove();

    for (const [email, password] of [
      ["admin", "admin"],
      ["admin", "password"],
      ["root", "root"],
    ] as const) {
      expect((await adminClient(parley).call("POST", "/api/auth/login", { email, password })).status).toBe(
        401,
      );
    }
  });

  test("is recorded in the audit log, with no password in it", async () => {
    await adminClient(parley).setUp();

    const log = rows(parley, "select action, actor, changes from audit_log");
    expect(log.map(({ action }) => action)).toEqual(["setup.done"]);
    expect(JSON.stringify(log)).not.toContain(OWNER.password);
  });
});
