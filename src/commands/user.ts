/** `parley user reset-password EMAIL`: a link with which a person sets a new password, once. Parley may be running. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { installNativeParts } from "../native/native.ts";
import { openMasterKey } from "../secrets/key-file.ts";
import { createTokens } from "../secrets/tokens.ts";
import { createResetToken, RESET_LIFETIME_MS, type Resettable } from "../services/access/password-reset.ts";
import { requireAccess } from "../store/data-access.ts";
import { readOnlyUsers } from "../store/sqlite/read-only.ts";

/** @returns what to print. @throws AppError USAGE where there is no database or no such user · KEY_MISSING */
export async function resetPasswordByCommand(config: Config, email: string): Promise<string> {
  requireAccess(config.data, { keyIsGiven: config.secretKey !== null });
  const database = join(config.data, "parley.db");
  if (!existsSync(database))
    throw new AppError("USAGE", `There is no database in ${config.data}. Name its folder with --data.`);
  const given = { dataDirectory: config.data, given: config.secretKey, isNeeded: () => true };
  const tokens = createTokens(openMasterKey(given));
  const found = await findUser(config, database, email);
  const token = await createResetToken({ tokens, now: Date.now }, found);
  return [
    `${found.user.name} can set a new password within ${RESET_LIFETIME_MS / 60_000} minutes, once, at`,
    "",
    `  ${addressOf(config)}#/reset-password/${token}`,
    "",
    "On another machine, put the name of this one in place of localhost. All sessions end when it is set.",
  ].join("\n");
}

async function findUser({ data }: Config, path: string, email: string): Promise<Resettable> {
  const native = await installNativeParts(data);
  const users = readOnlyUsers({ path, nativeBinding: native.sqliteBinding });
  try {
    const found = await users.findByEmail(email.trim());
    if (found) return found;
    throw new AppError("USAGE", `Nobody has the e-mail address ${email} here. Check it, and --data.`);
  } finally {
    users.close();
  }
}

function addressOf({ publicUrl, tlsCert, port }: Config): string {
  return publicUrl?.href ?? `${tlsCert ? "https" : "http"}://localhost:${port}/`;
}
