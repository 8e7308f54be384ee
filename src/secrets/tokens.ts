import { createHash, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import type { Tokens } from "../deps.ts";
import { argonPasswords } from "./passwords.ts";

const ALGORITHM = "HS256";
const AUDIENCE = "parley-admin";
const TYPE = "parley-admin+jwt";
const TOKEN_BYTES = 32;

/** @param masterKey 32 bytes; the key that signs is derived from it, so tokens outlive a restart */
export function createTokens(masterKey: Uint8Array): Tokens {
  const signingKey = new Uint8Array(hkdfSync("sha256", masterKey, "", "parley admin token", 32));
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
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setAudience(AUDIENCE)
        .setJti(jti)
        .setIssuedAt(toSeconds(issuedAt))
        .setExpirationTime(toSeconds(issuedAt + lifetimeMs))
        .sign(signingKey),

    verifyAdmin: (token, now) => verifyAdmin(signingKey, token, now),
  };
}

async function verifyAdmin(
  signingKey: Uint8Array,
  token: string,
  now: number,
): ReturnType<Tokens["verifyAdmin"]> {
  const expected = {
    algorithms: [ALGORITHM],
    audience: AUDIENCE,
    typ: TYPE,
    requiredClaims: ["jti", "iat", "exp"],
    // Nothing is expired in 1970: an expired token of ours is renewed by whoever looks up its jti.
    currentDate: new Date(0),
  };
  try {
    const { payload } = await jwtVerify(token, signingKey, expected);
    const { jti, iat, exp } = payload;
    if (typeof jti !== "string" || iat === undefined || exp === undefined) return null;
    return { jti, issuedAt: iat * 1000, expired: exp * 1000 <= now };
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
