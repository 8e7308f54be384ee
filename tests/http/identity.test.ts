/** Who a visitor is, as a page vouches for it with a signed token. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SignJWT } from "jose";
import type { CheckIdentityAnswer, IdentityView } from "../../src/protocol/admin-api/identity.ts";
import { type AdminClient, adminClient } from "../helpers/admin-client.ts";
import { type Parley, startParley } from "../helpers/parley.ts";

const DAY_S = 86_400;
let parley: Parley;
let admin: AdminClient;
let embedKey: string;
let secret: string;

beforeAll(async () => {
  parley = await startParley();
  admin = adminClient(parley);
  await admin.setUp({ token: parley.setupToken ?? "" });
  embedKey =
    (await admin.get<{ items: { embedKey: string }[] }>("/api/admin/tenants")).items[0]?.embedKey ?? "";
  secret = await anotherSecret();
});
afterAll(() => parley.remove());

async function anotherSecret(body: { immediately?: boolean } = {}): Promise<string> {
  const answer = await admin.call<{ secret: string }>("POST", "/api/admin/identity/secret", body);
  expect(answer.status).toBe(201);
  return answer.body.secret;
}

const nowS = () => Math.floor(Date.now() / 1000);
const bytes = (text: string) => new TextEncoder().encode(text);

function signed(claims: Record<string, unknown>, key = secret, alg = "HS256"): Promise<string> {
  return new SignJWT({ sub: "ada", exp: nowS() + 600, ...claims })
    .setProtectedHeader({ alg })
    .sign(bytes(key));
}

async function open(identity: unknown, more: { session?: string; token?: string } = {}) {
  const answer = await fetch(`${parley.url}/api/widget/session`, {
    method: "POST",
    headers: {
      ...{ origin: parley.url, "content-type": "application/json" },
      ...(more.token && { authorization: `Bearer ${more.token}` }),
    },
    body: JSON.stringify({ key: embedKey, identity, ...(more.session && { session: more.session }) }),
  });
  const body = (await answer.json()) as { session?: string; token?: string; error?: { code: string } };
  return { status: answer.status, ...body };
}

const REFUSED = { status: 401, error: { code: "IDENTITY_INVALID" } };

test("a token that is right opens a session, and the conversation says whose it is", async () => {
  const opened = await open(
    await signed({ name: "Ada", email: "ada@example.org", groups: ["hr"], aud: "parley" }),
  );
  expect(opened.status).toBe(200);

  await fetch(`${parley.url}/api/chat/message`, {
    method: "POST",
    headers: {
      ...{ origin: parley.url, "content-type": "application/json", authorization: `Bearer ${opened.token}` },
    },
    body: JSON.stringify({
      session: opened.session,
      id: "identity-question-1",
      text: "What is the office plan?",
    }),
  });
  const { items } = await admin.get<{ items: { visitor: unknown }[] }>("/api/admin/conversations");
  expect(items.map(({ visitor }) => visitor)).toContainEqual({
    id: "ada",
    name: "Ada",
    email: "ada@example.org",
  });
});

describe("anything that is wrong is refused, and no session is opened", () => {
  test.each<[string, () => Promise<unknown>]>([
    ["another secret", () => signed({}, "another secret of the same length, about")],
    ["another algorithm of the family", () => signed({}, secret.padEnd(64, "x"), "HS512")],
    ["no signature", async () => unsigned({ alg: "none" })],
    ["no algorithm", async () => unsigned({})],
    ["expired", () => signed({ exp: nowS() - 120 })],
    ["not valid yet", () => signed({ nbf: nowS() + 600 })],
    ["expires in two days", () => signed({ exp: nowS() + 2 * DAY_S })],
    [
      "never expires",
      async () => new SignJWT({ sub: "ada" }).setProtectedHeader({ alg: "HS256" }).sign(bytes(secret)),
    ],
    ["nobody", () => signed({ sub: "" })],
    ["a number for somebody", () => signed({ sub: 42 })],
    ["for somebody else", () => signed({ aud: "payroll" })],
    ["a name that is none", () => signed({ name: { first: "Ada" } })],
    ["a mail address of 2 kB", () => signed({ email: "a".repeat(2_000) })],
    ["groups in one text", () => signed({ groups: "hr,it" })],
    ["a group that is a number", () => signed({ groups: ["hr", 7] })],
    ["no token at all", async () => "ada"],
    ["the admin's own cookie", async () => admin.cookie?.split("=")[1] ?? "none"],
  ])("%s", async (_what, token) => {
    expect(await open(await token())).toMatchObject(REFUSED);
  });

  test("other shapes of JSON are no tokens", async () => {
    for (const identity of [null, 7, {}, [], [await signed({})], true, "x".repeat(9_000), "a\u0000b"])
      expect(await open(identity)).toMatchObject(REFUSED);
  });
});

describe("an admin who pastes a token reads what is wrong with it", () => {
  const check = (token: string) =>
    admin.send<CheckIdentityAnswer>("POST", "/api/admin/identity/check", { token });
  const bare = () => secret.slice("pis_".length);

  test("nothing, where it would be believed, and whose it is", async () => {
    const claims = { sub: "ada", name: "Ada", groups: ["hr"], exp: nowS() + 600 };
    expect(await check(await signed(claims))).toEqual({
      ...{ ok: true, problems: [], signedWith: "present", claims },
      visitor: { id: "ada", name: "Ada", email: null, groups: ["hr"] },
    });
  });

  test.each<[string, () => Promise<string>, RegExp]>([
    [
      "another secret",
      () => signed({}, "another secret of the same length, about"),
      /not one of this tenant/,
    ],
    ["the secret without its beginning", () => signed({}, bare()), /without its beginning “pis_”/],
    [
      "the secret decoded",
      () =>
        new SignJWT({ sub: "ada", exp: nowS() + 600 })
          .setProtectedHeader({ alg: "HS256" })
          .sign(Buffer.from(secret, "base64url")),
      /decoded from base64/,
    ],
    ["a line break in the secret", () => signed({}, `${secret}\n`), /with a line break/],
    ["another algorithm", () => signed({}, secret.padEnd(64, "x"), "HS512"), /“HS512”.*by HS256/],
    ["no signature", async () => unsigned({ alg: "none" }), /not signed/],
    ["expired", () => signed({ exp: nowS() - 120 }), /expired at \d{4}-.* UTC/],
    ["milliseconds", () => signed({ exp: Date.now() + 60_000 }), /divide it by 1000/],
    ["in two days", () => signed({ exp: nowS() + 2 * DAY_S }), /expire \(exp\) within a day/],
    ["never", () => signed({ exp: undefined }), /no exp/],
    ["not yet", () => signed({ nbf: nowS() + 600 }), /not valid before/],
    ["nobody", () => signed({ sub: undefined }), /no sub/],
    ["for somebody else", () => signed({ aud: "payroll" }), /aud is “parley”/],
    ["groups in one text", () => signed({ groups: "hr,it" }), /groups are a list/],
    ["a word", async () => "ada", /three parts set apart by dots; this has 1/],
    ["a space", async () => ` ${await signed({})}`, /spaces or line breaks/],
    ["no JSON", async () => "a.b.c", /no JWT/],
  ])("%s", async (_what, token, sentence) => {
    const { ok, problems, visitor } = await check(await token());
    expect({ ok, visitor }).toEqual({ ok: false, visitor: null });
    expect(problems.join("\n")).toMatch(sentence);
  });

  test("all at once, where several things are wrong", async () => {
    const { problems } = await check(await signed({ exp: nowS() - 120, aud: "payroll" }, bare()));
    expect(problems).toHaveLength(3);
  });

  test("and the token stands in no log", async () => {
    const token = await signed({ sub: "somebody-to-look-for" });
    await check(token);
    const found = Bun.spawnSync(["grep", "-rlaF", token, parley.dataDirectory]);
    expect(found.stdout.toString()).toBe("");
    expect(parley.log()).not.toContain(token);
  });
});

test("clocks may differ by a minute", async () => {
  expect((await open(await signed({ exp: nowS() - 30 }))).status).toBe(200);
});

test("a session stays its visitor's, and is nobody else's", async () => {
  const opened = await open(await signed({ sub: "grace" }));
  const { session = "", token = "" } = opened;

  const again = await open(await signed({ sub: "grace", name: "Grace" }), { session, token });
  expect(again).toMatchObject({ session, token });

  expect((await open(await signed({ sub: "mallory" }), { session, token })).session).not.toBe(session);
  expect((await open(undefined, { session, token })).session).not.toBe(session);
});

test("the secret before is believed for a day, unless it is to end at once", async () => {
  const before = secret;
  secret = await anotherSecret();
  expect((await open(await signed({}, before))).status).toBe(200);
  expect((await open(await signed({}))).status).toBe(200);
  expect(await admin.get("/api/admin/identity")).toMatchObject({
    secret: { set: true },
    previousUntil: expect.any(String),
    previousLastUsedAt: expect.any(String),
  });

  const leaked = secret;
  secret = await anotherSecret({ immediately: true });
  await admin.send("POST", "/api/admin/identity/check", { token: await signed({}) });
  const used = async () => (await admin.get<IdentityView>("/api/admin/identity")).secret.lastUsedAt;
  expect(await used()).toBeNull();
  for (const old of [before, leaked]) expect(await open(await signed({}, old))).toMatchObject(REFUSED);
  expect((await open(await signed({}))).status).toBe(200);
  expect(await used()).not.toBeNull();
  expect(await admin.get("/api/admin/identity")).toMatchObject({ previousUntil: null });
});

test("secrets outlive a restart, and none stands in the data folder", async () => {
  await parley.restart();
  expect((await open(await signed({}))).status).toBe(200);

  const found = Bun.spawnSync(["grep", "-rlaF", secret, parley.dataDirectory]);
  expect(found.stdout.toString()).toBe("");
});

test("with no secret no page's word is taken", async () => {
  const token = await signed({});
  expect((await admin.call("DELETE", "/api/admin/identity/secret")).status).toBe(204);

  expect(await open(token)).toMatchObject(REFUSED);
  expect(await admin.get("/api/admin/identity")).toMatchObject({ secret: { set: false, createdAt: null } });
});

function unsigned(header: Record<string, string>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ typ: "JWT", ...header })}.${part({ sub: "ada", exp: nowS() + 600 })}.`;
}
