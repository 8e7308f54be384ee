import type { Deps } from "../../deps.ts";
import type { Credential } from "../../domain/credential.ts";
import type { TenantId } from "../../domain/ids.ts";
import {
  type CredentialView,
  createCredentialSchema,
  credentialPageSchema,
  credentialSchema,
  listCredentialsQuery,
  updateCredentialSchema,
} from "../../protocol/admin-api/credentials.ts";
import {
  addCredential,
  credentialUses,
  getCredential,
  listCredentials,
  removeCredential,
  restoreCredential,
  updateCredential,
} from "../../services/tools/credentials.ts";
import { credentialChanges, credentialView, newCredential } from "../credential-views.ts";
import { endpoint } from "../endpoint.ts";

async function shown(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  credential: Credential,
): Promise<CredentialView> {
  return credentialView(credential, await credentialUses(deps, tenantId));
}

export const credentials = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/credentials",
      need: { role: "viewer" },
      summary: "What tools show to APIs, by name; never the secrets",
      query: listCredentialsQuery,
      answer: credentialPageSchema,
    },
    async (deps, { tenantId, query: { cursor = null, limit } }) => {
      const { items, nextCursor } = await listCredentials(deps, tenantId, { cursor, limit });
      const uses = await credentialUses(deps, tenantId);
      return { items: items.map((each) => credentialView(each, uses)), nextCursor };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/credentials",
      need: { role: "admin" },
      summary: "Add a credential; its secret is sealed and never shown again",
      body: createCredentialSchema,
      status: 201,
      answer: credentialSchema,
    },
    async (deps, { tenantId, body }) =>
      shown(deps, tenantId, await addCredential(deps, tenantId, newCredential(body))),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/credentials/:id",
      need: { role: "viewer" },
      summary: "One credential, without its secret",
      params: { id: "credential" },
      answer: credentialSchema,
    },
    async (deps, { tenantId, params }) =>
      shown(deps, tenantId, await getCredential(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "PATCH",
      path: "/api/admin/credentials/:id",
      need: { role: "admin" },
      summary: "Change a credential; where it would be sent elsewhere, its secret is entered again",
      params: { id: "credential" },
      body: updateCredentialSchema,
      answer: credentialSchema,
    },
    async (deps, { tenantId, params, body }) =>
      shown(deps, tenantId, await updateCredential(deps, tenantId, params.id, credentialChanges(body))),
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/credentials/:id",
      need: { role: "admin" },
      summary: "Delete a credential that no tool uses; final after 30 s",
      params: { id: "credential" },
      status: 204,
    },
    (deps, { tenantId, params }) => removeCredential(deps, tenantId, params.id),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/credentials/:id/restore",
      need: { role: "admin" },
      summary: "Undo the deletion",
      params: { id: "credential" },
      answer: credentialSchema,
    },
    async (deps, { tenantId, params }) =>
      shown(deps, tenantId, await restoreCredential(deps, tenantId, params.id)),
  ),
];
