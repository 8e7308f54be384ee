import { Hono } from "hono";
import type { TenantId } from "../../domain/ids.ts";
import { hasRole } from "../../domain/user.ts";
import { AppError } from "../../errors.ts";
import { createTenantSchema, updateTenantSchema } from "../../protocol/admin-api/tenants.ts";
import { resolveTenant } from "../../services/access/sign-in.ts";
import { createTenant, rotateEmbedKey } from "../../services/access/tenants.ts";
import type { AdminEnv, AppContext, HttpDeps } from "../env.ts";
import { requireOperator } from "../middleware/admin-session.ts";
import { jsonBody, pathId } from "../validate.ts";
import { tenantView } from "../views.ts";

/** /api/admin/tenants: those the caller belongs to. */
export function tenantRoutes(deps: HttpDeps) {
  return new Hono<AdminEnv>()
    .get("/", async (c) => {
      const memberships = await deps.store.users.memberships(c.var.user.id);
      const tenants = await Promise.all(memberships.map(({ tenantId }) => deps.store.tenants.get(tenantId)));
      return c.json({ items: tenants.map(tenantView), nextCursor: null });
    })

    .post("/", requireOperator, async (c) => {
      const { name } = await jsonBody(c, createTenantSchema);
      return c.json(tenantView(await createTenant(deps, c.var.user.id, name)), 201);
    })

    .get("/:id", async (c) => {
      const tenantId = await memberTenant(deps, c, c.var.user, "viewer");
      return c.json(tenantView(await deps.store.tenants.get(tenantId)));
    })

    .patch("/:id", async (c) => {
      const { name } = await jsonBody(c, updateTenantSchema);
      const tenantId = await memberTenant(deps, c, c.var.user, "admin");
      return c.json(tenantView(await deps.store.tenants.update(tenantId, { name })));
    })

    .post("/:id/rotate-key", async (c) => {
      const tenantId = await memberTenant(deps, c, c.var.user, "admin");
      return c.json(tenantView(await rotateEmbedKey(deps, tenantId)));
    });
}

/** The tenant in the path, when the caller has at least `role` there. */
async function memberTenant(
  deps: HttpDeps,
  c: AppContext,
  user: AdminEnv["Variables"]["user"],
  role: "viewer" | "admin",
): Promise<TenantId> {
  const found = await resolveTenant(deps, user, pathId(c, "tenant"));
  if (!hasRole(found.role, role))
    throw new AppError("FORBIDDEN", "You may see this tenant but not change it. Ask an owner.");
  return found.tenantId;
}
