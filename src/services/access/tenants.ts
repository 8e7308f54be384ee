import type { Deps } from "../../deps.ts";
import { newId, type TenantId, type UserId } from "../../domain/ids.ts";
import { type LlmConfig, QUOTING, UNSAID } from "../../domain/llm.ts";
import type { Person } from "../../domain/principal.ts";
import type { Tenant, WidgetConfig } from "../../domain/tenant.ts";
import { cut } from "../../domain/text.ts";
import { hasRole, type Role } from "../../domain/user.ts";
import { AppError } from "../../errors.ts";
import { listMemberships, resolveTenant } from "./sign-in.ts";

export type TenantDeps = Pick<Deps, "store" | "tokens" | "now">;

/** A tenant with the settings it starts with: quotes from its documents, no model, no page allowed to embed it. */
export function newTenant(
  deps: Pick<TenantDeps, "tokens" | "now">,
  name: string,
): { tenant: Tenant; widget: WidgetConfig; llm: LlmConfig } {
  const id = newId("tenant");
  const createdAt = deps.now();
  return {
    tenant: { id, name, slug: toSlug(name, id), embedKey: deps.tokens.random("pk_"), createdAt },
    widget: {
      displayName: cut(`Ask ${name}`, 60),
      subtitle: "",
      greeting: "Hello. Ask me anything about how things work here.",
      primaryColor: "#00655b",
      theme: "auto",
      position: "bottom-right",
      logoFile: null,
      allowedDomains: [],
      suggestedQuestions: [],
      contact: "",
      ownReplies: [],
    },
    llm: {
      id: newId("llm-config"),
      tenantId: id,
      name: "Default",
      provider: QUOTING,
      baseUrl: null,
      apiKey: null,
      savedByOperator: false,
      model: "",
      temperature: 0.2,
      maxTokens: 1024,
      systemPrompt: "",
      ...UNSAID,
      updatedAt: createdAt,
    },
  };
}

/** Creates a tenant owned by `owner`. */
export async function createTenant(deps: TenantDeps, owner: UserId, name: string): Promise<Tenant> {
  const { tenant, widget, llm } = newTenant(deps, name);
  await deps.store.tenants.create(tenant, owner, widget, llm);
  return tenant;
}

/** The tenants that somebody belongs to. */
export async function listTenants(deps: Pick<Deps, "store">, person: Person): Promise<Tenant[]> {
  const memberships = await listMemberships(deps, person);
  return Promise.all(memberships.map(({ tenantId }) => deps.store.tenants.get(tenantId)));
}

/** @throws AppError NOT_FOUND */
export async function getTenant(deps: Pick<Deps, "store">, person: Person, id: TenantId): Promise<Tenant> {
  return deps.store.tenants.get(await ownTenant(deps, person, id, "viewer"));
}

/** @throws AppError NOT_FOUND · FORBIDDEN */
export async function renameTenant(
  deps: Pick<Deps, "store">,
  person: Person,
  id: TenantId,
  name: string,
): Promise<Tenant> {
  return deps.store.tenants.update(await ownTenant(deps, person, id, "admin"), { name });
}

/** Gives the tenant a new embed key; pages with the old one stop working at once. @throws AppError NOT_FOUND · FORBIDDEN */
export async function rotateEmbedKey(deps: TenantDeps, person: Person, id: TenantId): Promise<Tenant> {
  const tenantId = await ownTenant(deps, person, id, "admin");
  return deps.store.tenants.update(tenantId, { embedKey: deps.tokens.random("pk_") });
}

/** The tenant, when somebody has at least `role` there: it need not be the one that the call is about. */
async function ownTenant(
  deps: Pick<Deps, "store">,
  person: Person,
  id: TenantId,
  role: Role,
): Promise<TenantId> {
  const found = await resolveTenant(deps, person, id);
  if (!hasRole(found.role, role))
    throw new AppError("FORBIDDEN", "You may see this tenant but not change it. Ask an owner.");
  return found.tenantId;
}

/** Words of the name in ASCII, with the end of the id so that two tenants of one name differ. */
function toSlug(name: string, id: TenantId): string {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return [words, id.slice(-6).toLowerCase()].filter(Boolean).join("-");
}
