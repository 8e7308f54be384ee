import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { compactVerify, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify, SignJWT } from "jose";
import type { PasswordReset, Tokens } from "../deps.ts";
import type { IdentityClaims } from "../domain/identity.ts";
import { argonPasswords } from "./passwords.ts";

const ALGORITHM = "HS256";
/** A token of one kind is never taken for one of another: each has its own key, audience and type. */
const ADMIN = { audience: "parley-admin", typ: "parley-admin+jwt" };
const RESET = { audience: "parley-reset", typ: "parley-reset+jwt" };
const TOKEN_BYTES = 32;
/** Clocks are set back a little all the time. */
const MAX_AHEAD_MS = 60_000;
const IDENTITY_LEEWAY_S = 60;

/** @param masterKey 32 bytes; the key that signs is derived from it, so tokens outlive a restart */
export function createTokens(masterKey: Uint8Array): Tokens {
  const keyFor = (purpose: string) => new Uint8Array(hkdfSync("sha256", masterKey, "", purpose, 32));
  const signingKey = keyFor("parley admin token");
  const resetKey = keyFor("parley password reset");
  const deviceKey = keyFor("parley known device");
  const passwords = argonPasswords();

  return {
    random: (prefix) => `${prefix}${randomBytes(TOKEN_BYTES).toString("base64url")}`,
    hash: (token) => digest(token).toString("hex"),
    equal: (left, right) => timingSafeEqual(digest(left), digest(right)),
    hashPassword: passwords.hash,
    verifyPassword: passwords.verify,
    verifyDummy: passwords.verifyDummy,

    signAdmin: (jti, issuedAt, lifetimeMs) =>
      new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM, typ: ADMIN.typ })
        .setAudience(ADMIN.audience)
        .setJti(jti)
        .setIssuedAt(toSeconds(issuedAt))
        .setExpirationTime(toSeconds(issuedAt + lifetimeMs))
        .sign(signingKey),

    verifyAdmin: (token, now) => verifyAdmin(signingKey, token, now),
    verifyIdentity: (token, secret, now) => verifyIdentity(new TextEncoder().encode(secret), token, now),
    isSignedWith: (token, key) =>
      isSignedWith(typeof key === "string" ? new TextEncoder().encode(key) : key, token),

    proveDevice: (device, account) =>
      createHmac("sha256", deviceKey).update(`${device}|${account}`).digest("base64url"),

    signReset: ({ email, fingerprint }, issuedAt, lifetimeMs) =>
      new SignJWT({ fingerprint })
        .setProtectedHeader({ alg: ALGORITHM, typ: RESET.typ })
        .setAudience(RESET.audience)
        .setSubject(email)
        .setIssuedAt(toSeconds(issuedAt))
        .setExpirationTime(toSeconds(issuedAt + lifetimeMs))
        .sign(resetKey),

    verifyReset: (token, now) => verifyReset(resetKey, token, now),
  };
}

async function verifyAdmin(
  signingKey: Uint8Array,
  token: string,
  now: number,
): ReturnType<Tokens["verifyAdmin"]> {
  const expected = {
    algorithms: [ALGORITHM],
    ...ADMIN,
    requiredClaims: ["jti", "iat", "exp"],
    // Nothing is expired in 1970: an expired token of ours is renewed by whoever looks up its jti.
    currentDate: new Date(0),
  };
  const payload = await verified(token, signingKey, expected);
  const { jti, iat, exp } = payload ?? {};
  if (typeof jti !== "string" || iat === undefined || exp === undefined) return null;
  return { jti, issuedAt: iat * 1000, expired: exp * 1000 <= now };
}

async function verifyIdentity(key: Uint8Array, token: string, now: number): Promise<IdentityClaims | null> {
  return verified(token, key, {
    algorithms: [ALGORITHM],
    requiredClaims: ["sub", "exp"],
    clockTolerance: IDENTITY_LEEWAY_S,
    currentDate: new Date(now),
  });
}

async function isSignedWith(key: Uint8Array, token: string): Promise<boolean> {
  try {
    await compactVerify(token, key, { algorithms: [ALGORITHM] });
    return true;
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError || thrown instanceof TypeError) return false;
    throw thrown;
  }
}

async function verifyReset(key: Uint8Array, token: string, now: number): Promise<PasswordReset | null> {
  const expected = {
    algorithms: [ALGORITHM],
    ...RESET,
    requiredClaims: ["sub", "iat", "exp", "fingerprint"],
    currentDate: new Date(now),
  };
  const { sub, iat = 0, fingerprint } = (await verified(token, key, expected)) ?? {};
  // Made under a clock that was ahead, it would be good for as long as that clock was.
  if (iat * 1000 > now + MAX_AHEAD_MS) return null;
  return typeof sub === "string" && typeof fingerprint === "string" ? { email: sub, fingerprint } : null;
}

/** What a token says; null for any that is not as expected. */
async function verified(
  token: string,
  key: Uint8Array,
  expected: JWTVerifyOptions,
): Promise<JWTPayload | null> {
  try {
    return (await jwtVerify(token, key, expected)).payload;
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError || thrown instanceof TypeError) return null;
    throw thrown;
  }
}

function toSeconds(time: number): number {
  return Math.floor(time / 1000);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
