/** Who a visitor is: the secret that a tenant's pages sign with, and what a signed token proves. */
import type { Deps } from "../../deps.ts";
import type { Visitor } from "../../domain/conversation.ts";
import type { IdentityClaims, IdentitySecret } from "../../domain/identity.ts";
import { newId, type TenantId } from "../../domain/ids.ts";
import { textProblem } from "../../domain/text.ts";
import { AppError } from "../../errors.ts";

export type IdentityDeps = Pick<Deps, "store" | "tokens" | "now">;

/** So long the secret before stays valid, for pages to be changed one after the other. */
const OVERLAP_MS = 24 * 3_600_000;
/** A token that lives longer is as good as a password that lies in a page. */
const LONGEST_LIFE_MS = 24 * 3_600_000;
const LEEWAY_MS = 60_000;
const AUDIENCE = "parley";
const MOST_GROUPS = 200;
const LONGEST = { sub: 200, name: 200, email: 320, group: 100 };

export type IdentitySettings = {
  isSet: boolean;
  createdAt: number | null;
  /** Until when the secret before is believed, too; null when it is not. */
  previousUntil: number | null;
};

export async function getIdentitySettings(deps: IdentityDeps, tenantId: TenantId): Promise<IdentitySettings> {
  const secrets = await validSecrets(deps, tenantId);
  const present = secrets.find(({ validUntil }) => validUntil === null);
  const previous = secrets.flatMap(({ validUntil }) => validUntil ?? []);
  return {
    isSet: present !== undefined,
    createdAt: present?.createdAt ?? null,
    previousUntil: previous.length === 0 ? null : Math.max(...previous),
  };
}

/** Makes another secret, which is shown this once. */
export async function replaceIdentitySecret(
  deps: IdentityDeps,
  tenantId: TenantId,
  immediately: boolean,
): Promise<string> {
  const secret = deps.tokens.random("pis_");
  const now = deps.now();
  const next = { id: newId("identity-secret"), tenantId, secret, createdAt: now, validUntil: null };
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
  const secrets = await validSecrets(deps, tenantId);
  if (secrets.length === 0)
    throw invalid(
      "This Parley has no identity secret. Make one under Widget, or remove data-identity from the page.",
    );
  for (const { secret } of secrets) {
    const claims = secret === null ? null : await deps.tokens.verifyIdentity(token, secret, deps.now());
    if (claims !== null) return toVisitor(claims, deps.now());
  }
  throw invalid(
    "The visitor's identity is not signed with this tenant's secret by HS256, or has expired. The page has to make a new token.",
  );
}

async function validSecrets({ store, now }: IdentityDeps, tenantId: TenantId): Promise<IdentitySecret[]> {
  const secrets = await store.identitySecrets.list(tenantId);
  return secrets.filter(({ validUntil }) => validUntil === null || validUntil > now());
}

function toVisitor({ sub, exp, aud, name, email, groups }: IdentityClaims, now: number): Visitor {
  if (typeof exp !== "number" || exp * 1000 > now + LONGEST_LIFE_MS + LEEWAY_MS)
    throw invalid("The visitor's identity has to expire (exp) within a day.");
  if (aud !== undefined && aud !== AUDIENCE)
    throw invalid(`The visitor's identity is for somebody else: aud is “${AUDIENCE}” or left out.`);
  return {
    id: textOf("sub", sub, LONGEST.sub),
    name: name === undefined ? null : textOf("name", name, LONGEST.name),
    email: email === undefined ? null : textOf("email", email, LONGEST.email),
    groups: groups === undefined ? [] : groupsOf(groups),
  };
}

function groupsOf(groups: unknown): string[] {
  if (!Array.isArray(groups) || groups.length > MOST_GROUPS)
    throw invalid(`The visitor's groups are a list of at most ${MOST_GROUPS} names.`);
  return groups.map((group) => textOf("groups", group, LONGEST.group));
}

function textOf(claim: string, value: unknown, longest: number): string {
  const isText = typeof value === "string" && value.trim() !== "" && value.length <= longest;
  if (!isText || textProblem(value) !== null)
    throw invalid(`The visitor's ${claim} has to be a text of at most ${longest} characters.`);
  return value;
}

function invalid(message: string): AppError {
  return new AppError("IDENTITY_INVALID", message);
}
