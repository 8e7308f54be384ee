import type { CredentialPage, CredentialView } from "../../src/protocol/admin-api/credentials.ts";
import { getJson, sendJson } from "./client.ts";
import { query } from "./query.ts";

const CREDENTIALS = "/api/admin/credentials";

export type CredentialKind = CredentialView["kind"];

/** Of every kind at once, as the page has it: what a kind does not have is not sent. */
export type CredentialDraft = Pick<CredentialView, "name" | "kind" | "hosts"> &
  Record<"username" | "header" | "tokenUrl" | "clientId" | "scope", string> & {
    /** Null keeps the one that is stored. */
    secret: string | null;
  };

/** What each kind has beside its name, and what its secret is called. */
const FIELDS: Record<CredentialKind, readonly (keyof CredentialDraft)[]> = {
  bearer: [],
  basic: ["username"],
  header: ["header"],
  oauth2: ["tokenUrl", "clientId", "scope"],
};
export const SECRET_NAMES = {
  bearer: "token",
  basic: "password",
  header: "value",
  oauth2: "clientSecret",
} as const satisfies Record<CredentialKind, string>;

export const listCredentials = (cursor: string | null, signal?: AbortSignal) =>
  getJson<CredentialPage>(`${CREDENTIALS}${query({ cursor })}`, signal ? { signal } : {});
/** All there are, by name: a tenant has at most 200. */
export async function everyCredential(signal: AbortSignal): Promise<CredentialView[]> {
  const all: CredentialView[] = [];
  let cursor: string | null = null;
  do {
    const page: CredentialPage = await listCredentials(cursor, signal);
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}
export const getCredential = (id: string, signal?: AbortSignal) =>
  getJson<CredentialView>(`${CREDENTIALS}/${id}`, signal ? { signal } : {});
export const addCredential = (draft: CredentialDraft) =>
  sendJson<CredentialView>("POST", CREDENTIALS, {
    kind: draft.kind,
    ...fieldsOf(draft),
    [SECRET_NAMES[draft.kind]]: draft.secret ?? "",
  });
/** The kind of a credential stays. */
export const updateCredential = (id: string, draft: CredentialDraft) =>
  sendJson<CredentialView>("PATCH", `${CREDENTIALS}/${id}`, {
    ...fieldsOf(draft),
    ...(draft.secret !== null && { [SECRET_NAMES[draft.kind]]: draft.secret }),
  });
export const removeCredential = (id: string) => sendJson<void>("DELETE", `${CREDENTIALS}/${id}`);
export const restoreCredential = (id: string) => sendJson<void>("POST", `${CREDENTIALS}/${id}/restore`);

function fieldsOf(draft: CredentialDraft): Record<string, unknown> {
  const own = FIELDS[draft.kind].map((field) => [field, draft[field]] as const);
  const { name, hosts } = draft;
  return {
    ...{ name, hosts, ...Object.fromEntries(own) },
    ...(draft.kind === "oauth2" && { scope: draft.scope.trim() === "" ? null : draft.scope }),
  };
}
