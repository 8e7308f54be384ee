/** What an API wants to see before it answers. The secret is told to the API and to nobody else. */
import type { CredentialId, TenantId, UnixMs } from "./ids.ts";
import type { StoredKey } from "./secret.ts";

/** The job that deletes a removed credential for good. */
export const PURGE_CREDENTIAL = "purge-credential";

export const CREDENTIAL_KINDS = ["bearer", "basic", "header", "oauth2"] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** What of it is no secret. */
export type CredentialDetails =
  | { kind: "bearer" }
  | { kind: "basic"; username: string }
  | { kind: "header"; header: string }
  /** Client credentials (RFC 6749, 4.4): the secret is the client's. */
  | { kind: "oauth2"; tokenUrl: string; clientId: string; scope: string | null };

export type Credential = {
  id: CredentialId;
  tenantId: TenantId;
  name: string;
  details: CredentialDetails;
  /** `host:port`, the only ones that it is sent to; none for whatever the operator lists. */
  hosts: string[];
  /** Null when the master key does not open it. */
  secret: string | null;
  createdAt: UnixMs;
  updatedAt: UnixMs;
  deletedAt: UnixMs | null;
} & Pick<StoredKey, "keyLost">;

/** Tokens of RFC 9110, which is what the name of a header is. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;

/** Headers that say how a message is read, or whose it is: only Parley itself sends them. */
const PARLEYS_HEADERS: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
]);

/** Why a header is not an admin's to set, in a sentence; null when it is. */
export function headerProblem(name: string): string | null {
  if (!HEADER_NAME.test(name)) return `“${name}” is no name of a header. It has letters, digits and hyphens.`;
  const isParleys =
    PARLEYS_HEADERS.has(name.toLowerCase()) || /^(proxy-|sec-|x-forwarded-|forwarded$)/i.test(name);
  return isParleys ? `The header ${name} is set by Parley alone.` : null;
}

/** What can stand in a header: no end of line, nothing that a server could read otherwise. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}
