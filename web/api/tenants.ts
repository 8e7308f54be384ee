import type { TenantView } from "../../src/protocol/admin-api/tenants.ts";
import { sendJson } from "./client.ts";

export const createTenant = (name: string) => sendJson<TenantView>("POST", "/api/admin/tenants", { name });
export const renameTenant = (id: string, name: string) =>
  sendJson<TenantView>("PATCH", `/api/admin/tenants/${id}`, { name }, { tenant: id });
/** The old key stops working at once: every page that carries it needs the new snippet. */
export const rotateKey = (id: string) =>
  sendJson<TenantView>("POST", `/api/admin/tenants/${id}/rotate-key`, undefined, { tenant: id });
