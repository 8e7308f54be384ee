import { beforeEach, describe, expect, test } from "bun:test";
import type { Settings, Tokens } from "../../src/deps.ts";
import { newId } from "../../src/domain/ids.ts";
import { createTokens } from "../../src/secrets/tokens.ts";
import { knownDevice, rememberDevice } from "../../src/services/access/known-devices.ts";
import {
  authenticateAdmin,
  resolveTenant,
  type SignInDeps,
  signIn,
  signOut,
} from "../../src/services/access/sign-in.ts";
import type { Store } from "../../src/store/store.ts";
import { aFirstAdmin, aUser, NOW } from "../helpers/builders.ts";
import { openTestStore, TEST_KEY } from "../helpers/sqlite.ts";

const HOUR = 3_600_000;
const PASSWORD = "the right password";

let now: number;
let store: Store;
let verified: string[];
let deps: SignInDeps;
const user = aUser({ email: "ada@example.org" });

beforeEach(async () => {
  now = NOW;
  verified = [];
  store = await openTestStore();
  await store.instance.initialise(aFirstAdmin({ user, passwordHash: `hash of ${PASSWORD}` }));
  const limits = { signInsPerAccount: 3, signInsPerAddress: 5 } as Settings["limits"];
  deps = { store, tokens: countingTokens(), now: () => now, settings: { limits } as Settings };
});

/** Real tokens, but passwords that cost nothing and a list of what was verified. */
function countingTokens(): Tokens {
  return {
    ...createTokens(TEST_KEY),
    async verifyPassword(password, hash) {
      verified.push("password");
      return hash === `hash of ${password}`;
    },
    async verifyDummy() {
      verified.push("dummy");
      return false;
    },
  };
}

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "done",
    (thrown) => thrown.code as string,
  );
const wrong = (email = "ada@example.org", address = "203.0.113.1", device: string | null = null) =>
  codeOf(signIn(deps, email, "wrong", { address, device }));
const right = (device: string | null = null) =>
  signIn(deps, "Ada@Example.org", PASSWORD, { address: "203.0.113.1", device });

describe("signing in", () => {
  test("row 6: verifies exactly one password hash, for unknown addresses a dummy", async () => {
    expect(await wrong()).toBe("UNAUTHENTICATED");
    expect(await wrong("nobody@example.org")).toBe("UNAUTHENTICATED");

    expect(verified).toEqual(["password", "dummy"]);
  });

  test("row 4: counts failures per account, whatever the letters' case, and says how long to wait", async () => {
    for (const email of ["ada@example.org", "ADA@example.org", " ada@example.org "]) await wrong(email);

    const refused = await right().catch((thrown) => thrown);

    expect(refused.code).toBe("RATE_LIMITED");
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(15 * 60_000);
    now += 15 * 60_000;
    expect((await right()).person.id).toBe(user.id);
  });

  test("row 4: lets no more guesses through when they come at the same moment", async () => {
    const codes = await Promise.all(
      Array.from({ length: 10 }, (_, n) => wrong("ada@example.org", `203.0.113.${n}`)),
    );

    expect(codes.filter((code) => code === "UNAUTHENTICATED")).toHaveLength(3);
    expect(verified).toHaveLength(3);
  });

  test("row 5: counts failures per address, over all accounts, and verifies nothing any more then", async () => {
    for (let n = 0; n < 5; n++) await wrong(`nobody${n}@example.org`);
    verified = [];

    expect(await wrong("another@example.org")).toBe("RATE_LIMITED");
    expect(await wrong("another@example.org", "203.0.113.2")).toBe("UNAUTHENTICATED");
    expect(verified).toEqual(["dummy"]);
  });

  test("forgets an account's failures once the right password came", async () => {
    await wrong();
    await wrong();
    await right();
    await wrong();
    await wrong();

    expect((await right()).person.id).toBe(user.id);
  });
});

describe("a browser that somebody signed in with before", () => {
  const account = { user, passwordHash: `hash of ${PASSWORD}` };
  const stranger = (times: number) =>
    Promise.all(Array.from({ length: times }, () => wrong("ada@example.org", "203.0.113.1")));

  test("row 4: lets its owner in while strangers, behind the same address even, have used up their guesses", async () => {
    const device = rememberDevice(deps.tokens, null, account);
    await stranger(6);

    expect(await codeOf(right())).toBe("RATE_LIMITED");
    expect((await right(device)).person.id).toBe(user.id);
    expect(await codeOf(right())).toBe("RATE_LIMITED");
  });

  test("has a limit of its own, whatever address it has, and takes no guess from others", async () => {
    const device = rememberDevice(deps.tokens, null, account);
    const codes: string[] = [];
    for (let n = 0; n < 4; n++) codes.push(await wrong("ada@example.org", `203.0.113.${n}`, device));

    expect(codes).toEqual(["UNAUTHENTICATED", "UNAUTHENTICATED", "UNAUTHENTICATED", "RATE_LIMITED"]);
    expect(await codeOf(right(device))).toBe("RATE_LIMITED");
    expect((await right()).person.id).toBe(user.id);
  });

  test("is known to the account only that was signed in to, with that password, here, and unaltered", async () => {
    const other = { user: aUser({ email: "eve@example.org" }), passwordHash: "hash of another" };
    const foreign = createTokens(new Uint8Array(32).fill(1));
    const kept = rememberDevice(deps.tokens, null, account);
    const [name = "", proof = ""] = kept.split(".");
    const strangers = [
      rememberDevice(deps.tokens, null, other),
      rememberDevice(deps.tokens, null, { ...account, passwordHash: "hash of the former password" }),
      rememberDevice(foreign, null, account),
      `${deps.tokens.random("")}.${proof}`,
      `${name}.${proof.slice(1)}`,
      `${kept}.`,
      name,
      "",
      "x".repeat(5000),
    ];
    await stranger(3);

    for (const device of strangers) expect(await codeOf(right(device))).toBe("RATE_LIMITED");
    expect(await codeOf(right(kept))).toBe("done");
  });

  test("stays known to whom it was known when others sign in there, and forgets the oldest of six", async () => {
    const people = Array.from({ length: 6 }, () => ({ user: aUser(), passwordHash: "hash" }));
    let kept: string | null = null;
    for (const person of people) kept = rememberDevice(deps.tokens, kept, person);

    const known = people.map((person) => knownDevice(deps.tokens, kept, person));
    expect(known.map((name) => name !== null)).toEqual([false, true, true, true, true, true]);
    expect(new Set(known.slice(1)).size).toBe(1);
    expect(rememberDevice(deps.tokens, kept, people[5] ?? account)).toBe(kept ?? "");
  });
});

describe("a session", () => {
  test("lives while it is used, twelve hours without use and seven days at most", async () => {
    const { token } = await right();
    for (let day = 0; day < 13; day++) {
      now += 11 * HOUR;
      await authenticateAdmin(deps, token);
    }
    now += 12 * HOUR;
    expect(await codeOf(authenticateAdmin(deps, token))).toBe("UNAUTHENTICATED");

    const { token: used } = await right();
    for (let n = 0; n < 7 * 3 - 1; n++) {
      now += 8 * HOUR;
      await authenticateAdmin(deps, used);
    }
    now += 8 * HOUR;
    expect(await codeOf(authenticateAdmin(deps, used))).toBe("UNAUTHENTICATED");
  });

  test("gets a fresh token only when the old one's ten minutes are over", async () => {
    const { token } = await right();

    expect((await authenticateAdmin(deps, token)).renewedToken).toBeNull();
    now += 10 * 60_000;
    const { renewedToken, person } = await authenticateAdmin(deps, token);
    expect(renewedToken).not.toBeNull();
    expect((await authenticateAdmin(deps, renewedToken ?? "")).person).toEqual(person);
  });

  test("is over the moment somebody signs out", async () => {
    const { token, person } = await right();
    await signOut(deps, person.jti);

    expect(await codeOf(authenticateAdmin(deps, token))).toBe("UNAUTHENTICATED");
  });

  test("row 13: is not opened by a token of another Parley", async () => {
    const { jti } = (await right()).person;
    const foreign = createTokens(new Uint8Array(32).fill(1));

    const token = await foreign.signAdmin(jti, now, HOUR);
    expect(await codeOf(authenticateAdmin(deps, token))).toBe("UNAUTHENTICATED");
  });
});

test("a tenant that somebody has no part in is as unknown as one that does not exist", async () => {
  const { person } = await right();
  const failures = await Promise.all(
    [newId("tenant"), newId("tenant")].map((tenant) =>
      resolveTenant(deps, person, tenant).catch((thrown) => thrown),
    ),
  );

  expect(failures.map(({ code, message }) => [code, message])).toEqual([
    ["NOT_FOUND", failures[0].message],
    ["NOT_FOUND", failures[0].message],
  ]);
  expect((await resolveTenant(deps, person, null)).role).toBe("owner");
});
