import { describe, expect, test } from "bun:test";
import { generateKeyPairSync, hkdfSync } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import { limitedTo } from "../../src/secrets/passwords.ts";
import { createTokens } from "../../src/secrets/tokens.ts";
import { NOW } from "../helpers/builders.ts";

const MASTER_KEY = new Uint8Array(32).fill(7);
const TEN_MINUTES = 600_000;

describe("the admin token", () => {
  const tokens = createTokens(MASTER_KEY);

  test("gives back its jti, also after a restart, and says when its short life is over", async () => {
    const token = await tokens.signAdmin("jti-1", NOW, TEN_MINUTES);
    const restarted = createTokens(MASTER_KEY);

    const valid = { jti: "jti-1", issuedAt: NOW, expired: false };
    expect(await restarted.verifyAdmin(token, NOW)).toEqual(valid);
    expect(await restarted.verifyAdmin(token, NOW + TEN_MINUTES - 1)).toEqual(valid);
    expect(await restarted.verifyAdmin(token, NOW + TEN_MINUTES)).toEqual({ ...valid, expired: true });
  });

  test("is refused unless it is our own, unaltered, of this kind and this algorithm", async () => {
    const key = new Uint8Array(hkdfSync("sha256", MASTER_KEY, "", "parley admin token", 32));
    const claims = { jti: "jti-1", aud: "parley-admin", iat: NOW / 1000, exp: NOW / 1000 + 600 };
    const header = { alg: "HS256", typ: "parley-admin+jwt" };
    const sign = (payload: object, protectedHeader = header, signingKey: Uint8Array = key) =>
      new SignJWT({ ...payload }).setProtectedHeader(protectedHeader).sign(signingKey);
    const own = await sign(claims);
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = new TextEncoder().encode(publicKey.export({ type: "spki", format: "pem" }) as string);
    const { jti: _, ...withoutJti } = claims;
    const { exp: __, ...withoutExpiry } = claims;

    expect(await tokens.verifyAdmin(own, NOW)).not.toBeNull();
    const refused = [
      new UnsecuredJWT(claims).encode(),
      await sign(claims, { ...header, alg: "HS512" }, new Uint8Array(64)),
      await sign(claims, header, new TextEncoder().encode("changeme-changeme-changeme-change")),
      await sign(claims, header, pem),
      await sign({ ...claims, aud: "parley-visitor" }),
      await sign(claims, { ...header, typ: "JWT" }),
      await sign(withoutJti),
      await sign(withoutExpiry),
      `${own.slice(0, -4)}AAAA`,
      ...["", "a.b.c", "null", `Bearer ${own}`, own.split(".").slice(0, 2).join(".")],
    ];
    for (const token of refused) expect(await tokens.verifyAdmin(token, NOW)).toBeNull();
    expect(await createTokens(new Uint8Array(32).fill(8)).verifyAdmin(own, NOW)).toBeNull();
  });
});

describe("the token that sets a new password", () => {
  const tokens = createTokens(MASTER_KEY);
  const reset = { email: "ada@example.org", fingerprint: "f" };

  test("says whose password it replaces until its time is over", async () => {
    const token = await tokens.signReset(reset, NOW, TEN_MINUTES);

    expect(await createTokens(MASTER_KEY).verifyReset(token, NOW + TEN_MINUTES - 1000)).toEqual(reset);
    expect(await tokens.verifyReset(token, NOW + TEN_MINUTES)).toBeNull();
  });

  test("is no token of a session, nor the other way round, and only of this Parley", async () => {
    const token = await tokens.signReset(reset, NOW, TEN_MINUTES);

    expect(await tokens.verifyAdmin(token, NOW)).toBeNull();
    expect(await tokens.verifyReset(await tokens.signAdmin("jti-1", NOW, TEN_MINUTES), NOW)).toBeNull();
    expect(await createTokens(new Uint8Array(32).fill(8)).verifyReset(token, NOW)).toBeNull();
    for (const bad of ["", "a.b.c", `${token.slice(0, -4)}AAAA`])
      expect(await tokens.verifyReset(bad, NOW)).toBeNull();
  });
});

describe("random tokens", () => {
  const tokens = createTokens(MASTER_KEY);

  test("have 256 bits behind their prefix and are never the same", () => {
    const made = Array.from({ length: 100 }, () => tokens.random("prl_"));

    expect(new Set(made).size).toBe(100);
    for (const token of made) expect(token).toMatch(/^prl_[\w-]{43}$/);
  });

  test("are stored as SHA-256 and compared whatever their lengths", () => {
    expect(tokens.hash("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(tokens.equal("abc", "abc")).toBe(true);
    expect(tokens.equal("abc", "abd")).toBe(false);
    expect(tokens.equal("abc", "abcd")).toBe(false);
    expect(tokens.equal("", "abc")).toBe(false);
  });
});

describe("passwords", () => {
  const tokens = createTokens(MASTER_KEY);

  test("are hashed with argon2id, 64 MiB and two passes, and verified", async () => {
    const hash = await tokens.hashPassword("correct horse battery");

    expect(hash).toStartWith("$argon2id$v=19$m=65536,t=2,p=1$");
    expect(await tokens.verifyPassword("correct horse battery", hash)).toBe(true);
    expect(await tokens.verifyPassword("correct horse", hash)).toBe(false);
  });

  test("of unknown addresses cost a verification and are never right", async () => {
    expect(await tokens.verifyDummy("correct horse battery")).toBe(false);
    expect(await tokens.verifyDummy("")).toBe(false);
  });

  test("are worked on a few at a time, in order, and past the queue nobody waits", async () => {
    const inTurn = limitedTo(2, 3);
    const gates = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
    const started: number[] = [];
    const works = gates.map((gate, index) =>
      inTurn(async () => {
        started.push(index);
        await gate.promise;
        return index;
      }),
    );

    await expect(works[5]).rejects.toMatchObject({ code: "OVERLOADED", retryAfterMs: expect.any(Number) });
    expect(started).toEqual([0, 1]);
    gates[1]?.resolve();
    await works[1];
    await Promise.resolve();
    expect(started).toEqual([0, 1, 2]);
    for (const gate of gates) gate.resolve();
    expect(await Promise.all(works.slice(0, 5))).toEqual([0, 1, 2, 3, 4]);
    expect(await inTurn(async () => "free again")).toBe("free again");
  });

  test("that fail to be worked on free their place", async () => {
    const inTurn = limitedTo(1, 0);

    await expect(inTurn(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");

    expect(await inTurn(async () => "next")).toBe("next");
  });
});
