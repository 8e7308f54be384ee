import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type AdminClient, adminClient, OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { rows } from "../helpers/database.ts";
import { type Parley, runParley, startParley } from "../helpers/parley.ts";

const NEW_PASSWORD = "four calm herons by the canal";

let parley: Parley;
let owner: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
});
afterAll(() => parley.remove());

const command = (...words: string[]) =>
  runParley(["user", "reset-password", ...words, "--data", parley.dataDirectory]);

async function newToken(): Promise<string> {
  const { stdout } = await command(OWNER.email);
  return /#\/reset-password\/(\S+)/.exec(stdout)?.[1] ?? "";
}

const reset = (token: string, password = NEW_PASSWORD) =>
  adminClient(parley).call("POST", "/api/auth/reset-password", { token, password });

describe("parley user reset-password", () => {
  test("prints, beside the running server, a link that sets a new password once and ends all sessions", async () => {
    const { exitCode, stdout } = await command(OWNER.email.toUpperCase());
    const token = /http:\/\/localhost:\d+\/#\/reset-password\/(\S+)/.exec(stdout)?.[1] ?? "";
    const person = adminClient(parley);
    const socket = await owner.live();

    const done = await person.call<{ user: { email: string } }>("POST", "/api/auth/reset-password", {
      token,
      password: NEW_PASSWORD,
    });

    expect(exitCode).toBe(0);
    expect([done.status, done.body.user.email]).toEqual([200, OWNER.email]);
    expect((await person.call("GET", "/api/auth/me")).status).toBe(200);
    expect((await owner.call("GET", "/api/auth/me")).status).toBe(401);
    expect((await socket.closed).code).toBe(4401);
    expect(await reset(token)).toMatchObject({ status: 401, body: { error: { code: "TOKEN_INVALID" } } });
    const again = adminClient(parley);
    await expect(again.signIn(OWNER.email, OWNER.password)).rejects.toThrow("401");
    await again.signIn(OWNER.email, NEW_PASSWORD);
    expect(rows(parley, "select actor, action from audit_log where action = 'password.reset'")).toHaveLength(
      1,
    );
  });

  test("works once also where two browsers use it at the same moment", async () => {
    const token = await newToken();

    const answers = await Promise.all([
      reset(token, "one calm heron by the canal"),
      reset(token, "two calm herons"),
    ]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  test("an earlier link ends with the password that it would replace", async () => {
    const [first, second] = [await newToken(), await newToken()];
    expect((await reset(second)).status).toBe(200);

    expect((await reset(first)).status).toBe(401);
  });

  test("a password that is easily guessed or short is refused, and the link stays good", async () => {
    const token = await newToken();

    expect(await reset(token, "passwordpassword")).toMatchObject({
      status: 400,
      body: { error: { code: "VALIDATION", details: { fields: { password: expect.any(String) } } } },
    });
    expect((await reset(token, "short")).status).toBe(400);
    expect((await reset(token, "five calm herons by the canal")).status).toBe(200);
  });

  test("tokens that are altered, of another kind, or no tokens are refused", async () => {
    const token = await newToken();
    const cookie = adminClient(parley);
    await cookie.call("POST", "/api/auth/reset-password", { token, password: NEW_PASSWORD });
    const [head = "", claims = "", signature = ""] = (await newToken()).split(".");
    const other = Buffer.from(claims, "base64url").toString().replace("ada@", "eve@");

    for (const bad of [
      `${head}.${Buffer.from(other).toString("base64url")}.${signature}`,
      `${head}.${claims}.`,
      cookie.cookie?.split("=")[1] ?? "",
      "x",
      "",
    ])
      expect(await reset(bad)).toMatchObject({ status: 401, body: { error: { code: "TOKEN_INVALID" } } });
  });

  test("another site's page cannot use it", async () => {
    const answer = await fetch(`${parley.url}/api/auth/reset-password`, {
      method: "POST",
      headers: { origin: "https://elsewhere.example", "content-type": "application/json" },
      body: JSON.stringify({ token: await newToken(), password: NEW_PASSWORD }),
    });

    expect(answer.status).toBe(403);
  });

  test("says what is missing: a person of that address, a database, the address", async () => {
    expect(await command("nobody@example.org")).toMatchObject({ exitCode: 64, stdout: "" });
    expect((await command("nobody@example.org")).stderr).toContain("nobody@example.org");
    expect(
      (await runParley(["user", "reset-password", OWNER.email, "--data", "/nowhere/at/all"])).exitCode,
    ).toBe(64);
    expect((await runParley(["user", "reset-password"])).stderr).toContain(
      "parley user reset-password EMAIL",
    );
  });
});
