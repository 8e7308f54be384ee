import type { Deps } from "../../deps.ts";
import type { User } from "../../domain/user.ts";
import { AppError } from "../../errors.ts";
import { requireUncommon } from "./common-passwords.ts";

export type PasswordResetDeps = Pick<Deps, "store" | "tokens" | "now">;

/** Long enough to walk over to whoever forgot the password, short enough for a printed line. */
export const RESET_LIFETIME_MS = 60 * 60_000;

/** What is set anew: the user, and the hash of the password that a new one replaces. */
export type Resettable = { user: User; passwordHash: string };

/**
 * The token of a link that sets a new password. It works once, because it names the password that it replaces, and
 * needs no row: a command can make it beside a running server.
 */
export function createResetToken(
  { tokens, now }: Pick<Deps, "tokens" | "now">,
  { user, passwordHash }: Resettable,
): Promise<string> {
  const reset = { email: user.email, fingerprint: tokens.hash(passwordHash) };
  return tokens.signReset(reset, now(), RESET_LIFETIME_MS);
}

/**
 * Sets a new password and ends all sessions of the user.
 *
 * @throws AppError TOKEN_INVALID for a link that is too old, was used or is not ours · VALIDATION for a password
 *   that is easily guessed
 */
export async function resetPassword(deps: PasswordResetDeps, token: string, password: string): Promise<User> {
  const reset = await deps.tokens.verifyReset(token, deps.now());
  const found = reset && (await deps.store.users.findByEmail(reset.email));
  if (!found || found.user.disabled || deps.tokens.hash(found.passwordHash) !== reset.fingerprint)
    throw linkInvalid();
  requireUncommon(password);
  const passwordHash = await deps.tokens.hashPassword(password);
  await deps.store.users.replacePassword(found.user.id, found.passwordHash, passwordHash).catch((thrown) => {
    // Two browsers with one link: the first one has it.
    throw thrown instanceof AppError && thrown.code === "CONFLICT" ? linkInvalid() : thrown;
  });
  return found.user;
}

function linkInvalid(): AppError {
  return new AppError(
    "TOKEN_INVALID",
    "This link is too old or was used already. Print a new one on the server: parley user reset-password EMAIL",
  );
}
