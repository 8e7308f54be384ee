import {
  checkIdentityAnswerSchema,
  checkIdentitySchema,
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
import { checkIdentity } from "../../services/access/identity-check.ts";
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
      method: "POST",
      path: "/api/admin/identity/check",
      need: { role: "admin" },
      summary: "What is wrong with a visitor's token, in words; nothing of it is kept",
      body: checkIdentitySchema,
      answer: checkIdentityAnswerSchema,
      changesNothing: true,
    },
    async (deps, { tenantId, body: { token } }) => {
      const { problems, visitor, ...told } = await checkIdentity(deps, tenantId, token);
      return {
        ...{ ok: problems.length === 0, problems, ...told },
        claims: told.claims && { ...told.claims },
        visitor: visitor && { ...visitor, groups: [...visitor.groups] },
      };
    },
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

function identityView({ isSet, ...times }: IdentitySettings): IdentityView {
  const orNull = (at: number | null) => (at === null ? null : toIso(at));
  return {
    secret: { set: isSet, createdAt: orNull(times.createdAt), lastUsedAt: orNull(times.lastUsedAt) },
    previousUntil: orNull(times.previousUntil),
    previousLastUsedAt: orNull(times.previousLastUsedAt),
  };
}
