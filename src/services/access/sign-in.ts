import type { Deps } from "../../deps.ts";
import type { TenantId } from "../../domain/ids.ts";
import type { Person } from "../../domain/principal.ts";
import { isStorageTrouble } from "../../domain/storage.ts";
import { hasRole, type Membership, type Role, type User } from "../../domain/user.ts";
import { AppError, toAppError } from "../../errors.ts";
import { type Account, knownDevice } from "./known-devices.ts";

export type SignInDeps = Pick<Deps, "store" | "tokens" | "now" | "settings">;

/** The cookie's token is renewed this often; the session behind it is looked up on every request. */
export const TOKEN_LIFETIME_MS = 10 * 60_000;
const IDLE_LIFETIME_MS = 12 * 3_600_000;
const ABSOLUTE_LIFETIME_MS = 7 * 24 * 3_600_000;
/** Writing "last seen" on every request would make every read a write. */
const TOUCH_EVERY_MS = 60_000;
const SIGN_IN_WINDOW_MS = 15 * 60_000;

export type SignedIn = { person: Person; token: string };
export type AdminIdentity = {
  person: Person;
  /** A fresh token for the cookie, null while the old one will do. */
  renewedToken: string | null;
};

/** Where a sign-in comes from: an address, and what an earlier sign-in left in the browser. */
export type SignInOrigin = { address: string; device: string | null };

/**
 * Checks e-mail and password. An unknown address costs as much and answers the same as a wrong password.
 * Only failures count towards the limits, so that a right password is never locked out by its owner's typing.
 *
 * @throws AppError UNAUTHENTICATED · RATE_LIMITED with retryAfterMs
 */
export async function signIn(
  deps: SignInDeps,
  email: string,
  password: string,
  origin: SignInOrigin,
): Promise<SignedIn> {
  const found = await deps.store.users.findByEmail(email);
  const throttles = throttlesOf(deps, email, found, origin);
  await admitAttempt(deps, throttles);
  const right = found
    ? await deps.tokens.verifyPassword(password, found.passwordHash)
    : await deps.tokens.verifyDummy(password);
  if (!found || !right || found.user.disabled) {
    if (throttles.address)
      await deps.store.throttles.hit(throttles.address.key, SIGN_IN_WINDOW_MS, deps.now());
    throw new AppError(
      "UNAUTHENTICATED",
      "This e-mail address and password do not belong together. Check both and try again.",
    );
  }
  await deps.store.throttles.clear(throttles.account.key);
  return startSession(deps, found.user);
}

/** Opens a session for a user who has just proven who they are. */
export async function startSession(deps: SignInDeps, user: User): Promise<SignedIn> {
  const jti = deps.tokens.random("");
  const now = deps.now();
  await deps.store.adminSessions.create({
    idHash: deps.tokens.hash(jti),
    userId: user.id,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + ABSOLUTE_LIFETIME_MS,
  });
  return { person: toPerson(user, jti), token: await deps.tokens.signAdmin(jti, now, TOKEN_LIFETIME_MS) };
}

/** Ends one session; its cookie and its open sockets stop working. */
export async function signOut(deps: SignInDeps, jti: string): Promise<void> {
  await deps.store.adminSessions.remove(deps.tokens.hash(jti));
}

/**
 * Who a cookie belongs to. Signature, session row, user and both lifetimes are checked every time.
 * @throws AppError UNAUTHENTICATED
 */
export async function authenticateAdmin(deps: SignInDeps, token: string): Promise<AdminIdentity> {
  const now = deps.now();
  const claims = await deps.tokens.verifyAdmin(token, now);
  const found = claims && (await findOpenSession(deps, claims.jti, now));
  if (!found) throw unauthenticated();
  const { session, user } = found;
  // Also when it was seen in a future that did not come.
  if (Math.abs(now - session.lastSeenAt) > TOUCH_EVERY_MS) await touch(deps, session.idHash, now);
  const renewedToken = claims.expired
    ? await deps.tokens.signAdmin(claims.jti, now, TOKEN_LIFETIME_MS)
    : null;
  return { person: toPerson(user, claims.jti), renewedToken };
}

/** Whoever only reads is not stopped by a disk that is full or locked: the next request tries again. */
async function touch({ store }: SignInDeps, idHash: string, now: number): Promise<void> {
  try {
    await store.adminSessions.touch(idHash, now);
  } catch (thrown) {
    if (!isStorageTrouble(thrown) && toAppError(thrown).code !== "OVERLOADED") throw thrown;
  }
}

/** Whether who was let into a tenant with this session would be let in now; asking is no use of the session. */
export async function isStillAdmitted(
  deps: Pick<Deps, "store" | "tokens" | "now">,
  jti: string,
  tenantId: TenantId,
): Promise<boolean> {
  const found = await findOpenSession(deps, jti, deps.now());
  return found !== null && (await deps.store.users.findRole(found.user.id, tenantId)) !== null;
}

async function findOpenSession({ store, tokens }: Pick<Deps, "store" | "tokens">, jti: string, now: number) {
  const found = await store.adminSessions.find(tokens.hash(jti));
  return found && !found.user.disabled && !hasEnded(found.session, now) ? found : null;
}

/**
 * The tenant of an admin call: the one asked for, else the caller's first.
 * @throws AppError NOT_FOUND for a tenant the caller has no part in, exactly as for an unknown one
 */
export async function resolveTenant(
  deps: Pick<Deps, "store">,
  { user }: Person,
  wanted: TenantId | null,
): Promise<{ tenantId: TenantId; role: Role }> {
  if (wanted === null) {
    const [first] = await deps.store.users.memberships(user.id);
    if (!first) throw new AppError("FORBIDDEN", "You belong to no tenant yet. Ask an owner to add you.");
    return { tenantId: first.tenantId, role: first.role };
  }
  const role = await deps.store.users.findRole(user.id, wanted);
  if (!role) throw new AppError("NOT_FOUND", "There is no such tenant, or you have no access to it.");
  return { tenantId: wanted, role };
}

/** @throws AppError FORBIDDEN when `role` may do less than `needed` */
export function requireRole(role: Role, needed: Role): void {
  if (!hasRole(role, needed))
    throw new AppError("FORBIDDEN", `This needs the role “${needed}”; yours is “${role}”. Ask an owner.`);
}

export async function listMemberships(deps: Pick<Deps, "store">, { user }: Person): Promise<Membership[]> {
  return deps.store.users.memberships(user.id);
}

function toPerson(user: User, jti: string): Person {
  return { kind: "person", id: user.id, user, jti };
}

type Throttle = { key: string; limit: number };
/** `account` is what the attempts of one account are counted by, `address` those of all accounts. */
type Throttles = { account: Throttle; address: Throttle | null };

/**
 * A browser that the account is known in has a count of its own, and no other: neither strangers who guess at the
 * account nor those behind the same address keep its owner out.
 */
function throttlesOf(
  deps: SignInDeps,
  email: string,
  found: Account | null,
  origin: SignInOrigin,
): Throttles {
  const { signInsPerAccount: limit, signInsPerAddress } = deps.settings.limits;
  const device = found && knownDevice(deps.tokens, origin.device, found);
  if (device !== null) {
    const key = `sign-in:device:${deps.tokens.hash(`${device}|${found?.user.id}`)}`;
    return { account: { key, limit }, address: null };
  }
  return {
    account: { key: `sign-in:account:${deps.tokens.hash(email.trim().toLowerCase())}`, limit },
    address: { key: `sign-in:address:${origin.address}`, limit: signInsPerAddress },
  };
}

/**
 * Counts the attempt against the account before the password is looked at, so that guesses sent at the same
 * moment are no way around the limit; the right password clears the count.
 */
async function admitAttempt(deps: SignInDeps, { account, address }: Throttles): Promise<void> {
  if (address) {
    const ofAddress = await deps.store.throttles.peek(address.key, SIGN_IN_WINDOW_MS, deps.now());
    if (ofAddress.count >= address.limit) throw throttled(deps, ofAddress.windowEndsAt);
  }
  const ofAccount = await deps.store.throttles.hit(account.key, SIGN_IN_WINDOW_MS, deps.now());
  if (ofAccount.count > account.limit) throw throttled(deps, ofAccount.windowEndsAt);
}

function throttled(deps: SignInDeps, windowEndsAt: number): AppError {
  const retryAfterMs = Math.max(1000, windowEndsAt - deps.now());
  const minutes = Math.ceil(retryAfterMs / 60_000);
  return new AppError("RATE_LIMITED", `Too many failed sign-ins. Try again in ${minutes} min.`, {
    retryAfterMs,
  });
}

function hasEnded(session: { lastSeenAt: number; expiresAt: number }, now: number): boolean {
  return now >= session.expiresAt || now - session.lastSeenAt >= IDLE_LIFETIME_MS;
}

function unauthenticated(): AppError {
  return new AppError("UNAUTHENTICATED", "Sign in to go on.");
}
