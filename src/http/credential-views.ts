/** Credentials on their way in and out: the secret goes in and never comes out. */
import type { Credential } from "../domain/credential.ts";
import { lostKeySentence } from "../domain/secret.ts";
import type {
  CredentialChangesBody,
  CredentialView,
  NewCredentialBody,
} from "../protocol/admin-api/credentials.ts";
import type { CredentialChanges, CredentialUses, NewCredential } from "../services/tools/credentials.ts";
import { toIso } from "./views.ts";

export function credentialView(credential: Credential, uses: CredentialUses): CredentialView {
  const { id, name, hosts, details, secret, keyLost, createdAt, updatedAt } = credential;
  return {
    ...{ id, name, hosts, ...details },
    secret: { set: secret !== null || keyLost === true },
    secretProblem: keyLost ? lostKeySentence(`credential “${name}”`) : null,
    usedBy: [...(uses.get(id) ?? [])],
    ...{ createdAt: toIso(createdAt), updatedAt: toIso(updatedAt) },
  };
}

export function newCredential({ name, hosts, ...kind }: NewCredentialBody): NewCredential {
  switch (kind.kind) {
    case "bearer":
      return { name, hosts, details: { kind: "bearer" }, secret: kind.token };
    case "basic":
      return { name, hosts, details: { kind: "basic", username: kind.username }, secret: kind.password };
    case "header":
      return { name, hosts, details: { kind: "header", header: kind.header }, secret: kind.value };
    case "oauth2": {
      const { clientSecret: secret, ...details } = kind;
      return { name, hosts, details, secret };
    }
  }
}

export function credentialChanges(body: CredentialChangesBody): CredentialChanges {
  const { name, hosts, token, password, value, clientSecret, ...details } = body;
  const given = Object.fromEntries(Object.entries(details).filter(([, field]) => field !== undefined));
  return { name, hosts, details: given, secret: token ?? password ?? value ?? clientSecret };
}
