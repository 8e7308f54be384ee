import { randomBytes } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { storageTrouble, systemCode } from "../domain/storage.ts";
import { AppError } from "../errors.ts";

/** Hex. Null when there is no such file. */
export async function sha256OfFile(path: string): Promise<string | null> {
  const isThere = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isThere) return null;
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const part of Bun.file(path).stream()) hasher.update(part);
  return hasher.digest("hex");
}

/**
 * Makes `target` the file that `read` gives, unless its SHA-256 is the expected one already. The file is exchanged
 * as a whole, so a process that has loaded the former one keeps it. Whether it had to be written.
 *
 * @throws DATA_DIR_NOT_WRITABLE · STORAGE_FULL
 */
export async function copyOutVerified(
  read: () => Promise<Uint8Array>,
  target: string,
  sha256: string,
): Promise<boolean> {
  if (await isThere(target, sha256)) return false;
  const partial = `${target}.${randomBytes(6).toString("hex")}.partial`;
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(partial, await read(), { mode: 0o600 });
    await rename(partial, target);
  } catch (thrown) {
    // What cannot be removed now is removed at the next start.
    await rm(partial, { force: true }).catch(() => {});
    throw cannotWrite(target, thrown);
  }
  return true;
}

/** One that cannot be read is written anew, under the rights of this user. */
async function isThere(target: string, sha256: string): Promise<boolean> {
  return (await sha256OfFile(target).catch(() => null)) === sha256;
}

function cannotWrite(target: string, thrown: unknown): AppError {
  const reason = systemCode(thrown) ?? "unknown reason";
  if (storageTrouble(reason) === "full") {
    return new AppError(
      "STORAGE_FULL",
      `The disk is full: Parley could not write ${target}. Free some space.`,
      {
        cause: thrown,
      },
    );
  }
  return new AppError(
    "DATA_DIR_NOT_WRITABLE",
    `Parley could not write ${target} (${reason}). Give it a data directory it may write to, with --data.`,
    { cause: thrown },
  );
}
