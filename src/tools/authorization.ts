/** What an API is shown: made of a credential, sent in a header and nowhere else. */
import type { Credential } from "../domain/credential.ts";
import { requireKeyNotLost } from "../domain/secret.ts";
import type { Egress } from "../egress/egress.ts";
import { parseOutboundUrl } from "../egress/outbound-url.ts";
import { AppError } from "../errors.ts";

export type Authorization = {
  /** Sets the header. @throws AppError CREDENTIAL_UNDECRYPTABLE · TOOL_FORBIDDEN for a client that gets no token */
  add(headers: Headers, credential: Credential, signal: AbortSignal): Promise<void>;
  /** Forgets a token that was not taken. */
  forget(credential: Credential): void;
};

type Token = { text: string; expiresAt: number };

/** A token that is about to expire is on its way for too long. */
const SPARE_MS = 30_000;
/** Where nothing is said of it. */
const USUAL_LIFETIME_S = 300;

export function createAuthorization(egress: Pick<Egress, "fetchFor">, now: () => number): Authorization {
  const tokens = new Map<string, Token>();

  async function tokenOf(credential: Credential, secret: string, signal: AbortSignal): Promise<string> {
    const key = keyOf(credential);
    const known = tokens.get(key);
    if (known && known.expiresAt > now()) return known.text;
    const token = await fetchToken(egress, credential, secret, signal);
    tokens.set(key, { text: token.text, expiresAt: now() + token.lifetimeMs - SPARE_MS });
    return token.text;
  }

  return {
    async add(headers, credential, signal) {
      requireKeyNotLost(credential, `credential “${credential.name}”`);
      const { details } = credential;
      const secret = credential.secret ?? "";
      if (details.kind === "header") headers.set(details.header, secret);
      else if (details.kind === "bearer") headers.set("authorization", `Bearer ${secret}`);
      else if (details.kind === "basic") headers.set("authorization", basic(details.username, secret));
      else headers.set("authorization", `Bearer ${await tokenOf(credential, secret, signal)}`);
    },
    forget: (credential) => void tokens.delete(keyOf(credential)),
  };
}

/** Another secret is another key. */
function keyOf({ id, updatedAt }: Credential): string {
  return `${id} ${updatedAt}`;
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** RFC 6749, 4.4. */
async function fetchToken(
  egress: Pick<Egress, "fetchFor">,
  { details, name, tenantId }: Credential,
  secret: string,
  signal: AbortSignal,
): Promise<{ text: string; lifetimeMs: number }> {
  if (details.kind !== "oauth2") throw new TypeError(`A ${details.kind} has no tokens.`);
  const baseUrl = parseOutboundUrl(details.tokenUrl);
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (details.scope !== null) form.set("scope", details.scope);
  const response = await egress.fetchFor({ purpose: "tool", baseUrl, tenantId })(baseUrl, {
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      authorization: basic(encodeURIComponent(details.clientId), encodeURIComponent(secret)),
    },
    body: form.toString(),
    signal,
  });
  const token = tokenIn(await response.text());
  if (response.ok && token !== null) return token;
  throw new AppError(
    "TOOL_FORBIDDEN",
    `${baseUrl.host} gives no token for the credential “${name}” (${response.status}). An admin checks its client and its secret.`,
  );
}

function tokenIn(text: string): { text: string; lifetimeMs: number } | null {
  try {
    const { access_token: token, expires_in: lifetime } = JSON.parse(text) as Record<string, unknown>;
    if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) return null;
    const seconds = Number(lifetime ?? USUAL_LIFETIME_S);
    return { text: token, lifetimeMs: (Number.isFinite(seconds) ? seconds : USUAL_LIFETIME_S) * 1000 };
  } catch {
    return null;
  }
}

/** @throws AppError VALIDATION for a credential that is not for this host */
export function requireForHost({ name, hosts }: Credential, url: URL): void {
  const host = `${url.hostname}:${url.port || (url.protocol === "https:" ? "443" : "80")}`;
  if (hosts.length === 0 || hosts.includes(host)) return;
  const sentence = `The credential “${name}” is not sent to ${host}. It is for ${hosts.join(", ")}.`;
  throw new AppError("VALIDATION", sentence, { details: { fields: { credential: sentence } } });
}
