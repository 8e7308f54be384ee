import {
  type IdentityView,
  identitySchema,
  identitySecretSchema,
  replaceIdentitySecretSchema,
} from "../../protocol/admin-api/identity.ts";
import {
  getIdentitySettings,
  type IdentitySettings,
  removeIdentitySecret,
  replaceIdentitySecret,
} from "../../services/access/identity.ts";
import { endpoint } from "../endpoint.ts";
import { toIso } from "../views.ts";

export const identity = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/identity",
      need: { role: "viewer" },
      summary: "Whether pages may say who their visitors are",
      answer: identitySchema,
    },
    async (deps, { tenantId }) => identityView(await getIdentitySettings(deps, tenantId)),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/identity/secret",
      need: { role: "admin" },
      summary: "Make another secret for visitors' identities; it is shown this once",
      body: replaceIdentitySecretSchema,
      status: 201,
      answer: identitySecretSchema,
    },
    async (deps, { tenantId, body: { immediately } }) => ({
      secret: await replaceIdentitySecret(deps, tenantId, immediately),
    }),
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/identity/secret",
      need: { role: "admin" },
      summary: "Take no page's word for who its visitor is",
      status: 204,
    },
    async (deps, { tenantId }) => removeIdentitySecret(deps, tenantId),
  ),
];

function identityView({ isSet, createdAt, previousUntil }: IdentitySettings): IdentityView {
  return {
    secret: { set: isSet, createdAt: createdAt === null ? null : toIso(createdAt) },
    previousUntil: previousUntil === null ? null : toIso(previousUntil),
  };
}
