/** Everything below the data directory, opened in the order in which one thing needs another. */
import { join } from "node:path";
import type { Config } from "../config.ts";
import type { Deps, Log } from "../deps.ts";
import { installNativeParts, type NativeParts } from "../native/native.ts";
import { keyFileMadeAt, keyFileOpenTo, openMasterKey } from "../secrets/key-file.ts";
import { openSecrets } from "../secrets/seal.ts";
import { createTokens } from "../secrets/tokens.ts";
import { sweepFiles } from "../services/operations/file-sweep.ts";
import { makeDataDirectory, requireAccess, requireRoom } from "../store/data-access.ts";
import { openFiles } from "../store/files.ts";
import { lockDataDirectory } from "../store/lock.ts";
import { refuseLostDatabase } from "../store/lost-database.ts";
import { databasePath, openStore } from "../store/open.ts";
import { openReserve, type Reserve, sweepReserve } from "../store/reserve.ts";

export type DataDirectory = Pick<Deps, "store" | "files" | "tokens"> & {
  native: NativeParts;
  reserve: Reserve;
  close(): Promise<void>;
};

/** @throws AppError why it cannot be used: see StartErrorCode. Nothing is changed then. */
export async function openDataDirectory(config: Config, log: Log, now: Deps["now"]): Promise<DataDirectory> {
  makeDataDirectory(config.data);
  requireAccess(config.data, { keyIsGiven: config.secretKey !== null });
  requireRoom(config.data);
  const native = await installNativeParts(config.data);
  const lock = lockDataDirectory(config.data, native.sqliteBinding);
  const database = { path: databasePath(config.data), nativeBinding: native.sqliteBinding };
  const found = await refuseLostDatabase(config.data, database);

  const keyPlace = { dataDirectory: config.data, given: config.secretKey };
  const isNeeded = () => found === "never-set-up" || found === "in-use";
  const masterKey = openMasterKey({ ...keyPlace, isNeeded });
  warnOfOpenKey(keyPlace, log);
  const secrets = await openSecrets(masterKey);
  const reservePath = join(config.data, "ballast");
  const place = { url: null, dataDirectory: config.data, reservePath };
  const store = await openStore({ ...place, native, secrets, now, log });

  const reserve = setRoomAside(reservePath, log);
  const files = await openFiles(join(config.data, "files"), reserve);
  await sweepFiles({ store, files, log, now }, keyFileMadeAt(keyPlace));
  return {
    ...{ store, files, reserve, native, tokens: createTokens(masterKey) },
    async close() {
      await store.close();
      lock.release();
    },
  };
}

/** Before anybody can ask for anything, so that nobody finds it half done. */
function setRoomAside(path: string, log: Log): Reserve {
  sweepReserve(path);
  const reserve = openReserve(path);
  if (!reserve.isHeld()) {
    const message =
      "The disk is almost full: people can sign in and delete, but documents and questions are refused until there is room again.";
    log.warn("disk-almost-full", { message });
  }
  return reserve;
}

/** Whoever can read the key and a copy of the database has every key of a provider. */
function warnOfOpenKey(place: Parameters<typeof keyFileOpenTo>[0], log: Log): void {
  const mode = keyFileOpenTo(place);
  if (mode === null) return;
  const path = join(place.dataDirectory, "secret.key");
  const message = `Others on this machine may use ${path}, the key to everything secret. Keep it to its owner: chmod 600 ${path}`;
  log.warn("secret-key-open-to-others", { mode, message });
}
