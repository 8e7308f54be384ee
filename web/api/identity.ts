import type { CheckIdentityAnswer, IdentityView } from "../../src/protocol/admin-api/identity.ts";
import { getJson, sendJson } from "./client.ts";

const IDENTITY = "/api/admin/identity";

export const getIdentity = (signal?: AbortSignal) =>
  getJson<IdentityView>(IDENTITY, signal ? { signal } : {});
/** `immediately`: the secret before is not believed any more. */
export const makeIdentitySecret = (immediately: boolean) =>
  sendJson<{ secret: string }>("POST", `${IDENTITY}/secret`, { immediately });
export const removeIdentitySecret = () => sendJson<void>("DELETE", `${IDENTITY}/secret`);
export const checkIdentity = (token: string) =>
  sendJson<CheckIdentityAnswer>("POST", `${IDENTITY}/check`, { token });
