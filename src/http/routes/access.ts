import { Hono } from "hono";
import type { User } from "../../domain/user.ts";
import { toAppError } from "../../errors.ts";
import { loginRequestSchema, type Me, setupRequestSchema } from "../../protocol/admin-api/access.ts";
import { initialise } from "../../services/access/setup.ts";
import { listMemberships, signIn, signOut, startSession } from "../../services/access/sign-in.ts";
import type { AppContext, AppEnv, HttpDeps } from "../env.ts";
import { clearAdminCookie, identify, setAdminCookie } from "../middleware/admin-session.ts";
import { requireSameOrigin } from "../same-origin.ts";
import { jsonBody } from "../validate.ts";

/** /api/setup */
export function setupRoutes(deps: HttpDeps) {
  return new Hono<AppEnv>()
    .get("/", async (c) => {
      const initialised = await deps.store.instance.initialised();
      return c.json({ initialised, requiresToken: !initialised && !c.var.loopback });
    })

    .post("/", async (c) => {
      requireSameOrigin(deps, c);
      const request = await jsonBody(c, setupRequestSchema);
      const { token, ...rest } = request;
      const user = await initialise(
        deps,
        { ...rest, ...(token !== undefined && { token }) },
        c.var.loopback ? null : deps.setupToken(),
      );
      await deps.store.audit.append(auditEntry(deps, c, user.id, "setup.done"));
      setAdminCookie(deps, c, (await startSession(deps, user)).token);
      return c.json(await me(deps, c, user), 201);
    });
}

/** /api/auth */
export function authRoutes(deps: HttpDeps) {
  return new Hono<AppEnv>()
    .post("/login", async (c) => {
      requireSameOrigin(deps, c);
      const { email, password } = await jsonBody(c, loginRequestSchema);
      try {
        const { user, token } = await signIn(deps, email, password, c.var.address);
        await deps.store.audit.append(auditEntry(deps, c, user.id, "sign-in.done"));
        setAdminCookie(deps, c, token);
        return c.json(await me(deps, c, user));
      } catch (thrown) {
        // Recorded for whoever looks into an attack, then answered like any other error.
        const { address, requestId } = c.var;
        const { code } = toAppError(thrown);
        await deps.rejections.record({ action: "sign-in.failed", code, address, requestId });
        throw thrown;
      }
    })

    .post("/logout", async (c) => {
      const { jti } = await identify(deps, c);
      await signOut(deps, jti);
      deps.sockets.closeWhere((socket) => socket.owner === jti, 4401, "Signed out");
      clearAdminCookie(deps, c);
      return c.body(null, 204);
    })

    .get("/me", async (c) => {
      const { user } = await identify(deps, c);
      return c.json(await me(deps, c, user));
    });
}

async function me(deps: HttpDeps, c: AppContext, user: User): Promise<Me> {
  const memberships = await listMemberships(deps, user);
  const { version, tls, offline } = deps.settings;
  return {
    user: { id: user.id, name: user.name, email: user.email, operator: user.operator },
    memberships: memberships.map(({ tenantId, tenantName, tenantSlug, role }) => ({
      tenant: { id: tenantId, name: tenantName, slug: tenantSlug },
      role,
    })),
    instance: { version, tls, offline, loopback: c.var.loopback },
  };
}

function auditEntry(deps: HttpDeps, c: AppContext, actor: string, action: string) {
  return {
    ...{ at: deps.now(), tenantId: null, actor, address: c.var.address, requestId: c.var.requestId, action },
    ...{ target: null, changes: null },
  };
}
