import type { Deps } from "../../deps.ts";
import { newId } from "../../domain/ids.ts";
import type { User } from "../../domain/user.ts";
import { AppError } from "../../errors.ts";
import { requireUncommon } from "./common-passwords.ts";
import { endedSessionJob } from "./ended-sessions.ts";
import { newTenant } from "./tenants.ts";

export type SetupDeps = Pick<Deps, "store" | "tokens" | "now">;

export type SetupRequest = {
  token?: string;
  organisation: string;
  name: string;
  email: string;
  password: string;
};

/**
 * Makes the first tenant and its owner, who is also operator of this Parley.
 *
 * @param setupToken as printed at the start; null when the caller sits at this machine and needs none
 * @throws AppError ALREADY_INITIALISED · SETUP_TOKEN_REQUIRED · VALIDATION for a password that is easily guessed
 */
export async function initialise(
  deps: SetupDeps,
  request: SetupRequest,
  setupToken: string | null,
): Promise<User> {
  if (await deps.store.instance.initialised()) throw alreadyInitialised();
  if (setupToken !== null && !deps.tokens.equal(request.token ?? "", setupToken)) {
    throw new AppError(
      "SETUP_TOKEN_REQUIRED",
      "Enter the setup token that Parley printed when it started. It is in the console or the service's log.",
    );
  }
  requireUncommon(request.password);
  const user: User = {
    id: newId("user"),
    email: request.email.toLowerCase(),
    name: request.name,
    operator: true,
    disabled: false,
    createdAt: deps.now(),
  };
  const passwordHash = await deps.tokens.hashPassword(request.password);
  const tenant = newTenant(deps, request.organisation);
  await deps.store.instance.initialise({ ...tenant, user, passwordHash });
  // The next start queues it where the process ends in between.
  await deps.store.jobs.createUnlessQueued(endedSessionJob(deps, tenant.tenant.id));
  return user;
}

function alreadyInitialised(): AppError {
  return new AppError("ALREADY_INITIALISED", "This Parley is set up already. Sign in instead.");
}
