/** `parley index rebuild`: the indexes made anew from the stored passages, while Parley is stopped. */
import { existsSync } from "node:fs";
import type { Config } from "../config.ts";
import type { TenantId } from "../domain/ids.ts";
import { AppError } from "../errors.ts";
import { installNativeParts, type NativeParts } from "../native/native.ts";
import { openMasterKey } from "../secrets/key-file.ts";
import { openSecrets } from "../secrets/seal.ts";
import { type Rebuilt, rebuildIndexes } from "../services/knowledge/rebuild.ts";
import { requireAccess } from "../store/data-access.ts";
import { lockDataDirectory } from "../store/lock.ts";
import { refuseLostDatabase } from "../store/lost-database.ts";
import { databasePath, openStore } from "../store/open.ts";
import type { Store } from "../store/store.ts";

/** A few seconds of work. */
const REPORT_EVERY = 2_000;

/**
 * @param slug of the tenant whose indexes are made anew; undefined: everybody's
 * @returns the summary
 * @throws AppError USAGE for an unknown tenant or where there is no database · DATA_DIR_LOCKED while Parley runs ·
 *   DB_MISSING
 */
export async function rebuildIndexesByCommand(
  config: Config,
  { slug, vectors }: { slug: string | undefined; vectors: boolean },
  report: (line: string) => void,
): Promise<string> {
  requireAccess(config.data, { keyIsGiven: config.secretKey !== null });
  if (!existsSync(databasePath(config.data))) {
    throw new AppError("USAGE", `There is no database in ${config.data}. Name its folder with --data.`);
  }
  const native = await installNativeParts(config.data);
  const lock = lockDataDirectory(config.data, native.sqliteBinding);
  try {
    await refuseLostDatabase(config.data, connectionTo(config, native));
    const store = await openExistingStore(config, native);
    try {
      const tenantId = slug === undefined ? null : await tenantOf(store, slug);
      return summary(await rebuild(store, tenantId, vectors, report));
    } finally {
      await store.close();
    }
  } finally {
    lock.release();
  }
}

function rebuild(
  store: Store,
  tenantId: TenantId | null,
  vectors: boolean,
  report: (line: string) => void,
): Promise<Rebuilt> {
  // Nobody listens: the server is stopped.
  const live = { publish() {}, subscribe: () => () => {} };
  let reported = 0;
  return rebuildIndexes({ store, live, now: Date.now }, { tenantId, vectors }, (done, total) => {
    if (done - reported < REPORT_EVERY) return;
    reported = done;
    report(`made anew: ${done} of ${total} passages`);
  });
}

function connectionTo({ data }: Config, { sqliteBinding, vec0 }: NativeParts) {
  return { path: databasePath(data), nativeBinding: sqliteBinding, vec0 };
}

async function openExistingStore(config: Config, native: NativeParts): Promise<Store> {
  const masterKey = openMasterKey({
    dataDirectory: config.data,
    given: config.secretKey,
    isNeeded: () => true,
  });
  return openStore({
    ...{ url: null, dataDirectory: config.data, native },
    secrets: await openSecrets(masterKey),
    now: Date.now,
    lexicalIndexMayBeDamaged: true,
  });
}

async function tenantOf(store: Store, slug: string): Promise<TenantId> {
  const tenants = await store.tenants.list();
  const found = tenants.find((tenant) => tenant.slug === slug);
  if (found) return found.id;
  const known = tenants.map((tenant) => tenant.slug).join(", ");
  throw new AppError("USAGE", `There is no tenant “${slug}”. There are: ${known}.`);
}

function summary({ passages, orphans, forgotten, incomplete }: Rebuilt): string {
  const parts = [
    `${passages} passages are indexed anew`,
    `${orphans.terms} left-over rows and ${orphans.vectors} left-over vectors are removed`,
  ];
  if (forgotten > 0) parts.push(`${forgotten} vectors are deleted`);
  if (incomplete > 0) parts.push(`the next start adds the vectors that ${incomplete} embedding indexes lack`);
  return `${parts.join("; ")}.`;
}
