import type { Deps } from "../../deps.ts";
import { newId, type TenantId, type UserId } from "../../domain/ids.ts";
import type { LlmConfig } from "../../domain/llm.ts";
import type { Tenant, WidgetConfig } from "../../domain/tenant.ts";

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
      displayName: `Ask ${name}`.slice(0, 60),
      subtitle: "",
      greeting: "Hello. Ask me anything about how things work here.",
      primaryColor: "#00655b",
      theme: "auto",
      position: "bottom-right",
      logoFile: null,
      allowedDomains: [],
      suggestedQuestions: [],
    },
    llm: {
      id: newId("llm-config"),
      tenantId: id,
      provider: "extractive",
      baseUrl: null,
      apiKey: null,
      model: "",
      temperature: 0.2,
      maxTokens: 1024,
      systemPrompt: "",
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

/** Gives the tenant a new embed key; pages with the old one stop working at once. */
export async function rotateEmbedKey(deps: TenantDeps, tenantId: TenantId): Promise<Tenant> {
  return deps.store.tenants.update(tenantId, { embedKey: deps.tokens.random("pk_") });
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
