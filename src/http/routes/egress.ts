import { egressSchema, replaceEgressSchema } from "../../protocol/admin-api/egress.ts";
import { egressOverview, keepAllowed } from "../../services/operations/egress.ts";
import { endpoint } from "../endpoint.ts";
import type { HttpDeps } from "../env.ts";

/** Of the whole installation, so for operators only. */
export const egress = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/egress",
      need: "operator",
      summary: "What Parley may call: the entries of the settings, and those kept beside them",
      answer: egressSchema,
    },
    (deps) => egressView(deps),
  ),

  endpoint(
    {
      method: "PUT",
      path: "/api/admin/egress",
      need: "operator",
      summary: "Keep these entries beside those of the settings; they count from the next call on",
      body: replaceEgressSchema,
      answer: egressSchema,
    },
    async (deps, { body }) => {
      await keepAllowed(deps, body.allow);
      return egressView(deps);
    },
  ),
];

function egressView(deps: HttpDeps) {
  const { allow, fromSettings, ...modes } = egressOverview(deps);
  return { ...modes, allow: [...allow], fromSettings: [...fromSettings] };
}
