import type { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash, createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Me } from "../../src/protocol/admin-api/access.ts";
import { openMasterKey } from "../../src/secrets/key-file.ts";
import { createTokens } from "../../src/secrets/tokens.ts";
import { type AdminClient, adminClient, OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { addMember, rows, withDatabase } from "../helpers/database.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { freePort, type Parley, startParley } from "../helpers/parley.ts";
import { openVisitor } from "../helpers/visitor-client.ts";

let parley: Parley;
let owner: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
});
afterAll(() => parley.remove());

const WRONG = "a password that is not the right one";

function signIn(email: unknown, password: unknown, headers: Record<string, string> = {}) {
  return adminClient(parley).fetch("POST", "/api/auth/login", { headers, body: { email, password } });
}

/** No test inherits the failed attempts of another. */
function forgetAttempts(): void {
  withDatabase(parley, (database) => database.run("delete from throttles"));
}

describe("signing in", () => {
  test("sets a cookie that scripts cannot read and other sites cannot send, and shows who it is", async () => {
    const answer = await signIn(OWNER.email.toUpperCase(), OWNER.password);

    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie()[0] ?? "";
    expect(cookie).toContain("HttpOnly");
    expect(cookie).toContain("SameSite=Strict");
    expect(cookie).toContain("Path=/");
    expect(await answer.json()).toMatchObject({ user: { email: OWNER.email } });
  });

  test("row 6: an unknown address is answered like a wrong password, byte for byte but for the request id", async () => {
    forgetAttempts();
    const [wrong, unknown] = await Promise.all([
      signIn(OWNER.email, WRONG),
      signIn("nobody@example.org", WRONG),
    ]);

    expect(wrong.status).toBe(401);
    const withoutId = async (answer: Response) => {
      const body = (await answer.json()) as { error: Record<string, unknown> };
      const headers = [...answer.headers].filter(([name]) => name !== "x-request-id" && name !== "date");
      return { status: answer.status, headers, body: { ...body.error, requestId: "" } };
    };
    expect(await withoutId(unknown)).toEqual(await withoutId(wrong));
  });

  test("row 4: after ten wrong passwords an account has to wait, and the wait is said", async () => {
    forgetAttempts();
    for (let attempt = 1; attempt <= 10; attempt++)
      expect((await signIn(OWNER.email, WRONG)).status).toBe(401);

    for (const password of [WRONG, OWNER.password]) {
      const refused = await signIn(OWNER.email, password);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    forgetAttempts();
    expect((await signIn(OWNER.email, OWNER.password)).status).toBe(200);
  });

  test("row 4: a browser that signed in before is let in, from any address, and its cookie opens nothing", async () => {
    const behind = await startParley({ flags: ["--trusted-proxy", "127.0.0.1"] });
    await setUpOwner(behind);
    const attempt = (password: string, address: string, cookie = "") =>
      adminClient(behind).fetch("POST", "/api/auth/login", {
        headers: { "x-forwarded-for": address, cookie },
        body: { email: OWNER.email, password },
      });
    const known = await attempt(OWNER.password, "198.51.100.1");
    const device = known.headers.getSetCookie().find((cookie) => cookie.startsWith("parley_device=")) ?? "";
    const cookie = device.split(";")[0] ?? "";

    const strangers: number[] = [];
    for (let n = 1; n <= 12; n++) strangers.push((await attempt(WRONG, `203.0.113.${n}`)).status);

    expect(strangers).toEqual([...Array<number>(10).fill(401), 429, 429]);
    expect((await attempt(OWNER.password, "198.51.100.2")).status).toBe(429);
    expect((await attempt(OWNER.password, "198.51.100.2", cookie)).status).toBe(200);
    expect((await attempt(WRONG, "198.51.100.2", cookie)).status).toBe(401);
    for (const attribute of ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=34560000"])
      expect(device).toContain(attribute);
    for (const carrier of [cookie, cookie.replace("device", "session")]) {
      const thief = await fetch(`${behind.url}/api/auth/me`, { headers: { cookie: carrier } });
      expect(thief.status).toBe(401);
    }
    await behind.remove();
  });

  test("row 5: nobody gets another address by writing one into a header", async () => {
    forgetAttempts();
    // 59 failures already: the next ones are the 60th and the 61st.
    withDatabase(parley, (database) =>
      database.run("insert into throttles values ('sign-in:address:127.0.0.1', 59, ?)", [
        Date.now() + 60_000,
      ]),
    );
    const forged = (n: number) => ({
      "x-forwarded-for": `203.0.113.${n}`,
      "x-real-ip": `203.0.113.${n}`,
      forwarded: `for=203.0.113.${n}`,
    });

    expect((await signIn("one@example.org", WRONG, forged(1))).status).toBe(401);
    expect((await signIn("two@example.org", WRONG, forged(2))).status).toBe(429);
    const [latest] = rows(parley, "select address from audit_log order by id desc limit 1");
    expect(latest?.address).toBe("127.0.0.1");
    forgetAttempts();
  });

  test("row 5: behind a trusted proxy the address is the right-most one that is no proxy", async () => {
    const behind = await startParley({ flags: ["--trusted-proxy", "127.0.0.1"] });
    await setUpOwner(behind);

    await adminClient(behind).fetch("POST", "/api/auth/login", {
      headers: { "x-forwarded-for": "6.6.6.6, 203.0.113.9" },
      body: { email: OWNER.email, password: WRONG },
    });

    const [latest] = rows(behind, "select address from audit_log order by id desc limit 1");
    expect(latest?.address).toBe("203.0.113.9");
    await behind.remove();
  });

  test.each([
    [{ contains: "a" }, { $ne: null }],
    [["ada@example.org"], "x"],
    [null, null],
    [OWNER.email, 15],
  ])("row 15: %j and %j are no e-mail and password, and no query runs", async (email, password) => {
    const answer = await expectNothingPersisted(parley, () => signIn(email, password));

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: "VALIDATION" } });
    expect(rows(parley, "select 1 from throttles")).toEqual([]);
  });

  test("rejected attempts are counted in the audit log: the first at once, how many more with the minute", async () => {
    const failures = (database: Parley) =>
      rows(database, "select changes from audit_log where action = 'sign-in.failed'").map(({ changes }) =>
        JSON.parse(String(changes)),
      );
    const target = await startParley();
    const attempt = () =>
      fetch(`${target.url}/api/auth/login`, {
        method: "POST",
        headers: { origin: target.url, "content-type": "application/json" },
        body: JSON.stringify({ email: "nobody@example.org", password: WRONG }),
      });

    for (let n = 0; n < 14; n++) await attempt();
    expect(failures(target)).toEqual([{ code: "UNAUTHENTICATED" }, { code: "RATE_LIMITED" }]);
    await target.stop();

    expect(failures(target)).toEqual([
      { code: "UNAUTHENTICATED" },
      { code: "RATE_LIMITED" },
      { code: "UNAUTHENTICATED", more: 9 },
      { code: "RATE_LIMITED", more: 3 },
    ]);
    await target.remove();
  });
});

describe("the cookie", () => {
  test("row 12, row 1: a token that Parley did not make signs nobody in", async () => {
    const [, payload = ""] = (owner.cookie ?? "").split("=")[1]?.split(".") ?? [];
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = (header: unknown, key: string | Uint8Array) => {
      const text = `${part(header)}.${payload}`;
      return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
    };
    const typ = "parley-admin+jwt";
    const keyFile = await readFile(join(parley.dataDirectory, "secret.key"));
    const tokens = [
      `${part({ alg: "none", typ })}.${payload}.`,
      `${part({ typ })}.${payload}.`,
      signed({ alg: "HS256", typ }, "flowise"),
      signed({ alg: "HS256", typ }, "secret"),
      signed({ alg: "HS256", typ }, "changeme"),
      signed({ alg: "HS256", typ }, keyFile),
      signed({ alg: "HS512", typ }, Buffer.from(keyFile.toString().trim(), "base64")),
      `${owner.cookie?.split("=")[1]}x`,
      "",
      "x".repeat(9000),
    ];
    for (const token of tokens) {
      const thief = adminClient(parley);
      thief.cookie = `parley_session=${token}`;
      expect((await thief.call("GET", "/api/auth/me")).status).toBe(401);
    }
  });

  test("row 12, row 9: only the cookie carries it, no header and no query", async () => {
    const token = owner.cookie?.split("=")[1] ?? "";
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { authorization: `Basic ${token}` },
      { "x-api-key": token },
      { "x-parley-session": token },
    ]) {
      const answer = await fetch(`${parley.url}/api/admin/dashboard`, { headers });
      expect(answer.status).toBe(401);
    }
    expect((await fetch(`${parley.url}/api/admin/dashboard?api_key=${token}&token=${token}`)).status).toBe(
      401,
    );
  });

  test("row 13: a visitor's token opens nothing in the backoffice, an embed key neither", async () => {
    const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
    const visitor = await openVisitor(parley, embedKey);

    for (const credential of [visitor.token, embedKey]) {
      const stranger = adminClient(parley);
      stranger.cookie = `parley_session=${credential}`;
      expect((await stranger.call("GET", "/api/admin/knowledge")).status).toBe(401);
      const answer = await fetch(`${parley.url}/api/admin/knowledge`, {
        headers: { authorization: `Bearer ${credential}` },
      });
      expect(answer.status).toBe(401);
    }
  });

  test("row 10: headers that claim trust, another method or another path change nothing", async () => {
    const claims: Record<string, string>[] = [
      { "x-request-from": "internal" },
      { "x-original-url": "/healthz" },
      { "x-rewrite-url": "/healthz" },
      { "x-http-method-override": "DELETE" },
      { "x-user-id": "1" },
      { "x-forwarded-for": "127.0.0.1" },
    ];
    for (const headers of claims) {
      const answer = await expectNothingPersisted(parley, () =>
        adminClient(parley).fetch("GET", "/api/admin/knowledge", { headers }),
      );
      expect(answer.status).toBe(401);
      expect(
        (await adminClient(parley).fetch("POST", "/api/admin/knowledge/samples", { headers })).status,
      ).toBe(401);
    }
  });

  test("is renewed when its ten minutes are over, for as long as its session lives", async () => {
    const person = adminClient(parley);
    await person.signIn();
    const tokens = createTokens(
      openMasterKey({ dataDirectory: parley.dataDirectory, given: null, isNeeded: () => true }),
    );
    const token = person.cookie?.split("=")[1] ?? "";
    const jti = (await tokens.verifyAdmin(token, Date.now()))?.jti ?? "";
    person.cookie = `parley_session=${await tokens.signAdmin(jti, Date.now() - 3_600_000, 60_000)}`;
    const expired = person.cookie;

    expect((await person.call("GET", "/api/auth/me")).status).toBe(200);
    expect(person.cookie).not.toBe(expired);
    withDatabase(parley, (database) =>
      database.run("update sessions set expires_at = 1 where id_hash = ?", [tokens.hash(jti)]),
    );
    expect((await person.call("GET", "/api/auth/me")).status).toBe(401);
  });
});

describe("behind a proxy that ends TLS", () => {
  test("the cookie is for this very host over TLS only, and browsers are told to stay with TLS", async () => {
    const behind = await startParley({
      flags: ["--public-url", "https://chat.example.org"],
      port: await freePort(),
    });
    const answer = await adminClient(behind).fetch("POST", "/api/setup", {
      headers: { origin: "https://chat.example.org" },
      body: OWNER,
    });

    const cookie = answer.headers.getSetCookie()[0] ?? "";
    expect(cookie).toStartWith("__Host-parley_session=");
    expect(cookie).toContain("Secure");
    expect(cookie).not.toContain("Domain");
    expect(answer.headers.get("strict-transport-security")).toContain("max-age=");
    await behind.remove();
  });
});

test("after a clock that was ten years ahead nobody is locked out, and sessions end when they should", async () => {
  const target = await startParley();
  const person = await setUpOwner(target);
  await person.addDocument("Leave.md", "# Leave\n\nEverybody has thirty days of leave.");
  const [source] = (await person.get<{ items: { id: string }[] }>("/api/admin/knowledge")).items;
  await person.call("POST", `/api/admin/knowledge/${source?.id}/reindex`);
  await target.stop();
  const ahead = 3652 * 24 * 3_600_000;
  withDatabase(target, (database) => {
    const account = createHash("sha256").update(OWNER.email).digest("hex");
    for (const key of [`sign-in:account:${account}`, "sign-in:address:127.0.0.1"])
      database.run("insert into throttles values (?, 99, ?)", [key, Date.now() + ahead]);
    database.run(`update sessions set created_at = created_at + ${ahead}, last_seen_at = last_seen_at + ${ahead},
      expires_at = expires_at + ${ahead}`);
    database.run(`update jobs set state = 'queued', run_at = run_at + ${ahead}, created_at = created_at + ${ahead},
      updated_at = updated_at + ${ahead} where kind = 'ingest'`);
  });

  await target.restart();

  await adminClient(target).signIn();
  const [session] = rows(target, "select last_seen_at, expires_at from sessions order by created_at limit 1");
  expect(Number(session?.last_seen_at)).toBeLessThanOrEqual(Date.now());
  expect(Number(session?.expires_at)).toBeLessThanOrEqual(Date.now() + 7 * 24 * 3_600_000);
  expect((await person.waitForSource(source?.id ?? "")).status).toBe("ready");
  await target.remove();
});

describe("signing out", () => {
  test("ends the session at once, and its open sockets with 4401", async () => {
    const person = adminClient(parley);
    await person.signIn();
    const cookie = person.cookie;
    const socket = await person.live();
    const other = await owner.live();

    expect((await person.call("POST", "/api/auth/logout")).status).toBe(204);

    expect((await socket.closed).code).toBe(4401);
    expect(person.cookie).toBeNull();
    person.cookie = cookie;
    expect((await person.call("GET", "/api/auth/me")).status).toBe(401);
    other.send({ type: "ping" });
    expect((await other.next()).type).toBe("pong");
    await other.close();
  });

  const ends: [string, (database: Database, userId: string, tenantId: string) => void][] = [
    ["it was deleted", (database, id) => database.run("delete from sessions where user_id = ?", [id])],
    [
      "nobody used it for 12 h",
      (database, id) =>
        database.run("update sessions set last_seen_at = ? where user_id = ?", [
          Date.now() - 12 * 3_600_000,
          id,
        ]),
    ],
    [
      "its 7 days are over",
      (database, id) =>
        database.run("update sessions set expires_at = ? where user_id = ?", [Date.now() - 1, id]),
    ],
    [
      "the person was disabled",
      (database, id) => database.run("update users set disabled = 1 where id = ?", [id]),
    ],
    [
      "the person is gone",
      (database, id) => {
        database.run("delete from memberships where user_id = ?", [id]);
        database.run("delete from sessions where user_id = ?", [id]);
        database.run("delete from users where id = ?", [id]);
      },
    ],
    [
      "the person has no part in the tenant any more",
      (database, id, tenantId) =>
        database.run("delete from memberships where user_id = ? and tenant_id = ?", [id, tenantId]),
    ],
  ];
  test.each(ends)("row 7: sockets end with the session within a second also when %s", async (_why, end) => {
    const [{ tenant } = { tenant: { id: "" } }] = (await owner.get<Me>("/api/auth/me")).memberships;
    const member = await addMember(parley, tenant.id, "viewer");
    const { user } = await member.get<Me>("/api/auth/me");
    const socket = await member.live();
    const other = await owner.live();

    withDatabase(parley, (database) => end(database, user.id, tenant.id));

    expect(await socket.closed).toEqual({ code: 4401, reason: "Signed out" });
    other.send({ type: "ping" });
    expect((await other.next()).type).toBe("pong");
    await other.close();
  });

  test("row 8: a disabled person is out everywhere at once", async () => {
    const person = adminClient(parley);
    await person.signIn();
    const disable = (disabled: number) =>
      withDatabase(parley, (database) => database.run("update users set disabled = ?", [disabled]));

    disable(1);
    expect((await person.call("GET", "/api/auth/me")).status).toBe(401);
    expect((await person.call("GET", "/api/admin/knowledge")).status).toBe(401);
    await expect(person.live()).rejects.toThrow();
    expect((await signIn(OWNER.email, OWNER.password)).status).toBe(401);
    disable(0);
    forgetAttempts();
  });
});
