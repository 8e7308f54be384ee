/** What is wrong with a visitor's token, in words, for an admin who pastes one. Nothing of it is kept or logged. */
import type { Visitor } from "../../domain/conversation.ts";
import type { IdentityClaims, IdentitySecret } from "../../domain/identity.ts";
import type { TenantId } from "../../domain/ids.ts";
import { toAppError } from "../../errors.ts";
import { type Believed, believed, type IdentityDeps, SECRET_PREFIX } from "./identity.ts";
import { claimProblems, LEEWAY_MS, visitorOf } from "./identity-claims.ts";

export type IdentityCheck = {
  /** In sentences that say what to do; none where the token would be believed. */
  problems: string[];
  signedWith: "present" | "previous" | null;
  visitor: Visitor | null;
  /** What the token says, whoever signed it; null where it cannot be read. */
  claims: IdentityClaims | null;
};

/** Judged as a session would be opened with it; the reasons are looked for only where that fails. */
export async function checkIdentity(
  deps: IdentityDeps,
  tenantId: TenantId,
  token: string,
): Promise<IdentityCheck> {
  const read = readToken(token);
  const claims = "problem" in read ? null : read.claims;
  try {
    return { problems: [], ...told(await believed(deps, tenantId, token)), claims };
  } catch (thrown) {
    const problems =
      "problem" in read ? [read.problem] : await problemsOf(deps, tenantId, { ...read, token });
    const refusal = toAppError(thrown).message;
    return { problems: problems.length > 0 ? problems : [refusal], signedWith: null, visitor: null, claims };
  }
}

function told({ claims, secret }: Believed): Pick<IdentityCheck, "signedWith" | "visitor"> {
  return { signedWith: secret.validUntil === null ? "present" : "previous", visitor: visitorOf(claims) };
}

type Read = { header: Readonly<Record<string, unknown>>; claims: IdentityClaims };

function readToken(token: string): Read | { problem: string } {
  if (token !== token.trim() || /\s/.test(token))
    return { problem: "There are spaces or line breaks in the token. It is one word." };
  const parts = token.split(".");
  if (parts.length === 5) return { problem: "The token is encrypted (JWE). Sign it only (JWS)." };
  if (parts.length !== 3)
    return {
      problem: `A token has three parts set apart by dots; this has ${parts.length}. Copy all of it, and nothing but it.`,
    };
  const [header, claims] = parts.map(objectIn);
  if (!header) return { problem: "The first part is no JSON in base64url, so this is no JWT." };
  if (!claims) return { problem: "The second part is no JSON object in base64url, so this is no JWT." };
  return { header, claims };
}

function objectIn(part: string): Readonly<Record<string, unknown>> | null {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

async function problemsOf(
  deps: IdentityDeps,
  tenantId: TenantId,
  { header, claims, token }: Read & { token: string },
): Promise<string[]> {
  const now = deps.now();
  const times = timeProblems(claims, now);
  const others = claimProblems(claims, now).filter(
    (problem) => times.length === 0 || !problem.includes("(exp)"),
  );
  const signature = await signatureProblem(deps, tenantId, header.alg, token);
  return [...(signature === null ? [] : [signature]), ...times, ...others];
}

async function signatureProblem(
  deps: IdentityDeps,
  tenantId: TenantId,
  algorithm: unknown,
  token: string,
): Promise<string | null> {
  if (algorithm === "none")
    return "The token is not signed (alg is “none”). Sign it with the secret by HS256.";
  if (algorithm !== "HS256")
    return `The token is signed by ${typeof algorithm === "string" ? `“${algorithm.slice(0, 20)}”` : "no algorithm that it names"}. Sign it with the secret by HS256.`;
  const secrets = await deps.store.identitySecrets.list(tenantId);
  if (secrets.length === 0) return "There is no identity secret yet. Make one, and sign with it.";
  for (const secret of secrets) {
    const problem = await problemWithSecret(deps, secret, token);
    if (problem !== "other") return problem;
  }
  return "The signature is not one of this tenant's secret. Sign with the secret that was shown when it was made, in full, or make another one.";
}

/** @returns null when it is signed with this secret, which is valid; `other` when it is not signed with it */
async function problemWithSecret(
  { tokens, now }: IdentityDeps,
  { secret, validUntil }: IdentitySecret,
  token: string,
): Promise<string | null> {
  if (secret === null) return "other";
  const isSigned = (key: string | Uint8Array) => tokens.isSignedWith(token, key);
  if (await isSigned(secret)) {
    if (validUntil === null || validUntil > now()) return null;
    return "It is signed with a secret from before, which is not valid any more. Sign with the present one.";
  }
  const bare = secret.slice(SECRET_PREFIX.length);
  if ((await isSigned(bare)) || (await isSigned(Buffer.from(bare, "base64url"))))
    return `The secret was taken without its beginning “${SECRET_PREFIX}”. All of its characters are the key.`;
  if (await isSigned(Buffer.from(secret, "base64url")))
    return "The secret was decoded from base64 first. Its characters themselves, as UTF-8, are the key.";
  if (await isSigned(`${secret}\n`))
    return "The secret was taken with a line break at its end. Cut that off where it is read.";
  return "other";
}

/** Seconds since 1970 of a time in a few thousand years: whoever gives more means milliseconds. */
const MOST_SECONDS = 100_000_000_000;

function timeProblems({ sub, exp, nbf, iat }: IdentityClaims, now: number): string[] {
  const problems = sub === undefined ? ["There is no sub. Put the visitor's id there."] : [];
  if (exp === undefined)
    problems.push("There is no exp. Say when the token expires, in seconds since 1970, at most a day ahead.");
  else if (typeof exp !== "number") problems.push("exp has to be a number: seconds since 1970.");
  else if (exp > MOST_SECONDS)
    problems.push("exp seems to be in milliseconds. It is in seconds: divide it by 1000.");
  else if (exp * 1000 <= now - LEEWAY_MS)
    problems.push(
      `The token expired at ${timeOf(exp)}, and it is ${timeOf(now / 1000)} here. Make one for each page that is opened; where it is new, one of the clocks is wrong.`,
    );
  if (nbf !== undefined && typeof nbf !== "number")
    problems.push("nbf has to be a number: seconds since 1970.");
  else if (typeof nbf === "number" && nbf * 1000 > now + LEEWAY_MS)
    problems.push(
      `The token is not valid before ${timeOf(nbf)} (nbf), and it is ${timeOf(now / 1000)} here.`,
    );
  if (iat !== undefined && typeof iat !== "number")
    problems.push("iat has to be a number: seconds since 1970.");
  return problems;
}

function timeOf(seconds: number): string {
  const at = new Date(seconds * 1000);
  return Number.isNaN(at.getTime())
    ? `${seconds} s`
    : `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
