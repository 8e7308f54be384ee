import {
  createTenantSchema,
  tenantPageSchema,
  tenantSchema,
  updateTenantSchema,
} from "../../protocol/admin-api/tenants.ts";
import {
  createTenant,
  getTenant,
  listTenants,
  renameTenant,
  rotateEmbedKey,
} from "../../services/access/tenants.ts";
import { endpoint } from "../endpoint.ts";
import { tenantView } from "../views.ts";

/** Those the caller belongs to. */
export const tenants = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/tenants",
      need: { role: "viewer" },
      summary: "Tenants the caller belongs to",
      answer: tenantPageSchema,
    },
    async (deps, { principal }) => {
      const found = await listTenants(deps, principal);
      return { items: found.map(tenantView), nextCursor: null };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/tenants",
      need: "operator",
      summary: "Create a tenant",
      body: createTenantSchema,
      status: 201,
      answer: tenantSchema,
    },
    async (deps, { principal, body }) => tenantView(await createTenant(deps, principal.id, body.name)),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/tenants/:id",
      need: { role: "viewer" },
      summary: "One tenant",
      params: { id: "tenant" },
      answer: tenantSchema,
    },
    async (deps, { principal, params }) => tenantView(await getTenant(deps, principal, params.id)),
  ),

  endpoint(
    {
      method: "PATCH",
      path: "/api/admin/tenants/:id",
      need: { role: "admin" },
      summary: "Rename a tenant",
      params: { id: "tenant" },
      body: updateTenantSchema,
      answer: tenantSchema,
    },
    async (deps, { principal, params, body }) =>
      tenantView(await renameTenant(deps, principal, params.id, body.name)),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/tenants/:id/rotate-key",
      need: { role: "admin" },
      summary: "New embed key; the old one stops working",
      params: { id: "tenant" },
      answer: tenantSchema,
    },
    async (deps, { principal, params }) => tenantView(await rotateEmbedKey(deps, principal, params.id)),
  ),
];
