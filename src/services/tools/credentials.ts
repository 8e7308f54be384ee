/** What a tenant's APIs want to see: added, changed, removed, and never shown again. */
import type { Deps } from "../../deps.ts";
import { type Credential, type CredentialDetails, PURGE_CREDENTIAL } from "../../domain/credential.ts";
import { type CredentialId, type McpServerId, newId, type TenantId, type ToolId } from "../../domain/ids.ts";
import { type JobHandler, newJob, retryForEver, UNDO_MS } from "../../domain/job.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import { AppError } from "../../errors.ts";
import { MAX_MCP_SERVERS } from "./mcp-servers.ts";
import { MAX_TOOLS } from "./tools.ts";

type CredentialDeps = Pick<Deps, "store" | "now">;
type SavingDeps = CredentialDeps & Pick<Deps, "outbound">;

/** Nobody has more APIs. */
export const MAX_CREDENTIALS = 200;

export type NewCredential = Pick<Credential, "name" | "hosts" | "details"> & { secret: string };
/** `details` are fields of the kind that there is; other fields are refused. */
export type CredentialChanges = {
  name?: string | undefined;
  hosts?: string[] | undefined;
  details?: Record<string, unknown> | undefined;
  secret?: string | undefined;
};

export type CredentialUse = { id: ToolId | McpServerId; label: string };
export type CredentialUses = ReadonlyMap<CredentialId, readonly CredentialUse[]>;

/** @throws AppError UNSAFE_URL for where tokens are fetched · CONFLICT · RESOURCE_LIMIT */
export async function addCredential(
  deps: SavingDeps,
  tenantId: TenantId,
  given: NewCredential,
): Promise<Credential> {
  requireSafe(deps, given.details);
  const at = deps.now();
  const credential = {
    ...given,
    id: newId("credential"),
    tenantId,
    createdAt: at,
    updatedAt: at,
    deletedAt: null,
  };
  await deps.store.credentials.create(credential, MAX_CREDENTIALS);
  return credential;
}

export async function getCredential(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  credentialId: CredentialId,
): Promise<Credential> {
  return store.credentials.get(tenantId, credentialId);
}

export async function listCredentials(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  page: PageRequest,
): Promise<Page<Credential>> {
  return store.credentials.list(tenantId, page);
}

/** What shows each credential to somebody: tools to their APIs, then MCP servers that are shown it. */
export async function credentialUses(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
): Promise<CredentialUses> {
  const [tools, servers] = await Promise.all([
    store.tools.list(tenantId, { cursor: null, limit: MAX_TOOLS }),
    store.mcpServers.list(tenantId, { cursor: null, limit: MAX_MCP_SERVERS }),
  ]);
  const ofTools = tools.items.map(({ id, label, action }) => ({
    credential: action.type === "rest_api" ? action.credential : null,
    use: { id, label },
  }));
  const ofServers = servers.items.map(({ id, name, credential }) => ({
    credential,
    use: { id, label: name },
  }));
  const uses = new Map<CredentialId, CredentialUse[]>();
  for (const { credential, use } of [...ofTools, ...ofServers])
    if (credential !== null) uses.set(credential, [...(uses.get(credential) ?? []), use]);
  return uses;
}

/**
 * A stored secret goes only where it was entered for.
 *
 * @throws AppError CREDENTIAL_REENTRY_REQUIRED when it would be sent elsewhere · VALIDATION for a field that its kind does
 *   not have · UNSAFE_URL · CONFLICT
 */
export async function updateCredential(
  deps: SavingDeps,
  tenantId: TenantId,
  credentialId: CredentialId,
  changes: CredentialChanges,
): Promise<Credential> {
  const before = await deps.store.credentials.get(tenantId, credentialId);
  const details = changedDetails(before.details, changes.details ?? {});
  requireSafe(deps, details);
  const { name = before.name, hosts = before.hosts } = changes;
  if (changes.secret === undefined && goesElsewhere(before, hosts, details)) throw reentryRequired();
  const updatedAt = Math.max(deps.now(), before.updatedAt + 1);
  const { keyLost, ...known } = before;
  const credential: Credential = {
    ...{ ...known, name, hosts, details, updatedAt },
    ...(changes.secret === undefined ? { keyLost } : { secret: changes.secret }),
  };
  await deps.store.credentials.update(credential);
  return credential;
}

function requireSafe({ outbound }: Pick<Deps, "outbound">, details: CredentialDetails): void {
  if (details.kind === "oauth2") outbound.requireSafe(details.tokenUrl);
}

/** Hides it at once; `restoreCredential` brings it back for 30 s. @throws AppError CONFLICT while tools or MCP servers use it */
export async function removeCredential(
  deps: CredentialDeps & { wakeQueue: () => void },
  tenantId: TenantId,
  credentialId: CredentialId,
): Promise<void> {
  const now = deps.now();
  const purge = { ...newJob(now, tenantId, PURGE_CREDENTIAL, credentialId), runAt: now + UNDO_MS };
  await deps.store.credentials.remove(tenantId, credentialId, now, purge);
  deps.wakeQueue();
}

export async function restoreCredential(
  deps: CredentialDeps,
  tenantId: TenantId,
  credentialId: CredentialId,
): Promise<Credential> {
  return deps.store.credentials.restore(tenantId, credentialId, deps.now());
}

/** The job: deletes a removed credential for good. */
export const credentialPurge: JobHandler<Pick<Deps, "store">> = {
  priority: 0,
  shown: false,
  lane: "background",
  retryAt: retryForEver,
  async run({ store }, { tenantId, subject }) {
    await store.credentials.purge(tenantId, subject as CredentialId);
    return "done";
  },
};

function changedDetails(before: CredentialDetails, changes: Record<string, unknown>): CredentialDetails {
  for (const field of Object.keys(changes)) {
    if (field in before && field !== "kind") continue;
    const sentence = `A credential of the kind “${before.kind}” has no field “${field}”. Delete it and add another one.`;
    throw new AppError("VALIDATION", sentence, { details: { fields: { [field]: sentence } } });
  }
  // The schema has checked each field by itself, and all of them are of this kind.
  return { ...before, ...changes } as CredentialDetails;
}

function goesElsewhere(before: Credential, hosts: readonly string[], details: CredentialDetails): boolean {
  const isWider =
    before.hosts.length > 0 && (hosts.length === 0 || hosts.some((host) => !before.hosts.includes(host)));
  const tokenHost = (each: CredentialDetails) =>
    each.kind === "oauth2" ? new URL(each.tokenUrl).origin : "";
  return isWider || tokenHost(before.details) !== tokenHost(details);
}

function reentryRequired(): AppError {
  return new AppError(
    "CREDENTIAL_REENTRY_REQUIRED",
    "The stored secret will not be sent to another host than it was entered for. Enter it again.",
  );
}
