/** Who a visitor is: the secret that a tenant's pages sign with, and what a signed token proves. */
import type { Deps } from "../../deps.ts";
import type { Visitor } from "../../domain/conversation.ts";
import type { IdentityClaims, IdentitySecret } from "../../domain/identity.ts";
import { newId, type TenantId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import { claimProblems, visitorOf } from "./identity-claims.ts";

export type IdentityDeps = Pick<Deps, "store" | "tokens" | "now">;

/** So long the secret before stays valid, for pages to be changed one after the other. */
const OVERLAP_MS = 24 * 3_600_000;
export const SECRET_PREFIX = "pis_";
/** When one was last believed is written down this often, or each visit would be a commit. */
const TOUCH_EVERY_MS = 3_600_000;

export type IdentitySettings = {
  isSet: boolean;
  createdAt: number | null;
  lastUsedAt: number | null;
  /** Until when the secret before is believed, too; null when it is not. */
  previousUntil: number | null;
  previousLastUsedAt: number | null;
};

export async function getIdentitySettings(deps: IdentityDeps, tenantId: TenantId): Promise<IdentitySettings> {
  const secrets = await validSecrets(deps, tenantId);
  const present = secrets.find(({ validUntil }) => validUntil === null);
  const previous = secrets.filter(({ validUntil }) => validUntil !== null);
  return {
    isSet: present !== undefined,
    createdAt: present?.createdAt ?? null,
    lastUsedAt: present?.lastUsedAt ?? null,
    previousUntil: latest(previous.map(({ validUntil }) => validUntil)),
    previousLastUsedAt: latest(previous.map(({ lastUsedAt }) => lastUsedAt)),
  };
}

/** Makes another secret, which is shown this once. */
export async function replaceIdentitySecret(
  deps: IdentityDeps,
  tenantId: TenantId,
  immediately: boolean,
): Promise<string> {
  const secret = deps.tokens.random(SECRET_PREFIX);
  const now = deps.now();
  const next: IdentitySecret = {
    ...{ id: newId("identity-secret"), tenantId, secret },
    ...{ createdAt: now, validUntil: null, lastUsedAt: null },
  };
  await deps.store.identitySecrets.replace(tenantId, next, now, immediately ? null : now + OVERLAP_MS);
  return secret;
}

/** From now on no page's word is taken. */
export async function removeIdentitySecret(deps: IdentityDeps, tenantId: TenantId): Promise<void> {
  await deps.store.identitySecrets.replace(tenantId, null, deps.now(), null);
}

/**
 * The visitor that a token names.
 *
 * @throws AppError IDENTITY_INVALID for anything that is not exactly right
 */
export async function verifiedVisitor(
  deps: IdentityDeps,
  tenantId: TenantId,
  token: string,
): Promise<Visitor> {
  const { claims, secret } = await believed(deps, tenantId, token);
  const now = deps.now();
  if (now - (secret.lastUsedAt ?? 0) > TOUCH_EVERY_MS)
    await deps.store.identitySecrets.touch(tenantId, secret.id, now);
  return visitorOf(claims);
}

export type Believed = { claims: IdentityClaims; secret: IdentitySecret };

/** What a token says that is exactly right, and by which secret. @throws AppError as `verifiedVisitor` */
export async function believed(deps: IdentityDeps, tenantId: TenantId, token: string): Promise<Believed> {
  const secrets = await validSecrets(deps, tenantId);
  if (secrets.length === 0)
    throw invalid(
      "This Parley has no identity secret. Make one under Identity, or remove data-identity from the page.",
    );
  const now = deps.now();
  for (const secret of secrets) {
    const claims =
      secret.secret === null ? null : await deps.tokens.verifyIdentity(token, secret.secret, now);
    if (claims === null) continue;
    const [problem] = claimProblems(claims, now);
    if (problem !== undefined) throw invalid(problem);
    return { claims, secret };
  }
  throw invalid(
    "The visitor's identity is not signed with this tenant's secret by HS256, or has expired. The page has to make a new token.",
  );
}

async function validSecrets({ store, now }: IdentityDeps, tenantId: TenantId): Promise<IdentitySecret[]> {
  const secrets = await store.identitySecrets.list(tenantId);
  return secrets.filter(({ validUntil }) => validUntil === null || validUntil > now());
}

function invalid(message: string): AppError {
  return new AppError("IDENTITY_INVALID", message);
}

function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}
