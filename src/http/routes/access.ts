import type { Person } from "../../domain/principal.ts";
import { toAppError } from "../../errors.ts";
import {
  loginRequestSchema,
  type Me,
  meSchema,
  resetPasswordSchema,
  setupRequestSchema,
  setupStateSchema,
} from "../../protocol/admin-api/access.ts";
import { rememberDevice } from "../../services/access/known-devices.ts";
import { resetPassword } from "../../services/access/password-reset.ts";
import { initialise } from "../../services/access/setup.ts";
import {
  listMemberships,
  type SignedIn,
  signIn,
  signOut,
  startSession,
} from "../../services/access/sign-in.ts";
import { clearAdminCookie, deviceCookie, setAdminCookie, setDeviceCookie } from "../admin-cookie.ts";
import { endpoint } from "../endpoint.ts";
import type { AppContext, HttpDeps } from "../env.ts";
import { knowsAddress } from "../same-origin.ts";

export const setup = [
  endpoint(
    {
      method: "GET",
      path: "/api/setup",
      need: "public",
      summary: "Whether setup is done",
      answer: setupStateSchema,
    },
    async (deps, { c }) => {
      const initialised = await deps.store.instance.initialised();
      const publicUrl = deps.settings.publicUrl?.href ?? null;
      return {
        initialised,
        requiresToken: !initialised && !c.var.loopback,
        ...(!knowsAddress(deps, c) && { unknownAddress: { publicUrl } }),
      };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/setup",
      need: "public",
      summary: "Make the first organisation and its owner, and sign in",
      body: setupRequestSchema,
      status: 201,
      answer: meSchema,
    },
    async (deps, { c, body: { token, ...request } }) => {
      const given = { ...request, ...(token !== undefined && { token }) };
      const user = await initialise(deps, given, c.var.loopback ? null : deps.setupToken());
      await deps.store.audit.append(auditEntry(deps, c, user.id, "setup.done"));
      return welcome(deps, c, await startSession(deps, user));
    },
  ),
];

export const auth = [
  endpoint(
    {
      method: "POST",
      path: "/api/auth/login",
      need: "public",
      summary: "Sign in",
      body: loginRequestSchema,
      answer: meSchema,
    },
    async (deps, { c, body: { email, password } }) => {
      const origin = { address: c.var.address, device: deviceCookie(deps, c) };
      const signedIn = await signIn(deps, email, password, origin).catch((thrown) =>
        refuseSignIn(deps, c, thrown),
      );
      await deps.store.audit.append(auditEntry(deps, c, signedIn.person.id, "sign-in.done"));
      return welcome(deps, c, signedIn);
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/auth/reset-password",
      need: "public",
      summary:
        "Set a new password with the link of `parley user reset-password`, and sign in; all other sessions end",
      body: resetPasswordSchema,
      answer: meSchema,
    },
    async (deps, { c, body: { token, password } }) => {
      const user = await resetPassword(deps, token, password);
      await deps.store.audit.append(auditEntry(deps, c, user.id, "password.reset"));
      return welcome(deps, c, await startSession(deps, user));
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/auth/logout",
      need: "signed-in",
      summary: "Sign out; the session ends at once",
      status: 204,
    },
    async (deps, { c, principal: { jti } }) => {
      await signOut(deps, jti);
      deps.sockets.closeWhere((socket) => socket.owner === jti, 4401, "Signed out");
      clearAdminCookie(deps, c);
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/auth/me",
      need: "signed-in",
      summary: "Who is signed in",
      answer: meSchema,
    },
    (deps, { c, principal }) => me(deps, c, principal),
  ),
];

/** Gives the browser its session, and makes it known to the account. */
async function welcome(deps: HttpDeps, c: AppContext, { person, token }: SignedIn): Promise<Me> {
  setAdminCookie(deps, c, token);
  const account = await deps.store.users.findByEmail(person.user.email);
  if (account) setDeviceCookie(deps, c, rememberDevice(deps.tokens, deviceCookie(deps, c), account));
  return me(deps, c, person);
}

async function me(deps: HttpDeps, c: AppContext, person: Person): Promise<Me> {
  const memberships = await listMemberships(deps, person);
  const { version, tls, offline } = deps.settings;
  const { id, name, email, operator } = person.user;
  return {
    user: { id, name, email, operator },
    memberships: memberships.map(({ tenantId, tenantName, tenantSlug, role }) => ({
      tenant: { id: tenantId, name: tenantName, slug: tenantSlug },
      role,
    })),
    instance: { version, tls, offline, loopback: c.var.loopback, origins: deps.visitorOrigins() },
  };
}

/** Recorded for whoever looks into an attack, then answered like any other error. */
async function refuseSignIn(deps: HttpDeps, c: AppContext, thrown: unknown): Promise<never> {
  const { address, requestId } = c.var;
  const { code } = toAppError(thrown);
  await deps.rejections.record({ action: "sign-in.failed", code, address, requestId });
  throw thrown;
}

function auditEntry(deps: HttpDeps, c: AppContext, actor: string, action: string) {
  return {
    ...{ at: deps.now(), tenantId: null, actor, address: c.var.address, requestId: c.var.requestId, action },
    ...{ target: null, changes: null },
  };
}
