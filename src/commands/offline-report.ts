/** `parley doctor --offline-report`: what was called and what was refused, signed with this Parley's key. Parley may be running. */
import { existsSync } from "node:fs";
import type { Config } from "../config.ts";
import type { EgressUse } from "../domain/egress.ts";
import { formatAllowEntry } from "../egress/allow-list.ts";
import { proveEgress } from "../egress/self-test.ts";
import { AppError } from "../errors.ts";
import { installNativeParts } from "../native/native.ts";
import { openMasterKey } from "../secrets/key-file.ts";
import { isSigned, publicKeyOf, type ReportSignature, signReport } from "../secrets/report-key.ts";
import { readSmallFile, whyUnfit } from "../secrets/small-file.ts";
import { requireAccess } from "../store/data-access.ts";
import { databasePath } from "../store/open.ts";
import { readOnlyEgress } from "../store/sqlite/read-only.ts";
import { VERSION } from "../version.ts";

type ReportedUse = Omit<EgressUse, "tenantId" | "firstAt" | "lastAt"> & {
  /** By name; null for the whole installation. */
  tenant: string | null;
  firstAt: string;
  lastAt: string;
};

export type OfflineReport = {
  product: "Parley";
  version: string;
  madeAt: string;
  /** As this command was given them. */
  settings: {
    offline: boolean;
    restrictEgress: boolean;
    egressAllow: string[];
    /** `host:port` of the HTTP proxy. */
    egressProxy: string | null;
  };
  /** Kept by operators beside the settings. */
  allow: string[];
  /** Whether the guard refused what it must, just now. */
  selfTest: "passed";
  destinations: ReportedUse[];
};

const SIGNED_BELOW = "-----PARLEY SIGNATURE-----";
/** Of a report: the ledger has some thousands of rows at most. */
const MOST_BYTES = 16 * 1024 ** 2;
const PAGE = 200;

/** @throws AppError USAGE where there is no database · KEY_MISSING · EGRESS_BROKEN */
export async function offlineReport(config: Config, form: "text" | "json"): Promise<string> {
  requireAccess(config.data, { keyIsGiven: config.secretKey !== null });
  if (!existsSync(databasePath(config.data)))
    throw new AppError("USAGE", `There is no database in ${config.data}. Name its folder with --data.`);
  const key = masterKeyOf(config);
  const report = await makeReport(config);
  if (form === "json") {
    const signature = signReport(key, JSON.stringify(report));
    return JSON.stringify({ report, signature }, null, 2);
  }
  const text = reportText(report);
  const { algorithm, publicKey, value } = signReport(key, text);
  return `${text}${SIGNED_BELOW}\n${algorithm} ${publicKey}\n${value}`;
}

/** Reads a report of either form, and says whose it is and whether it was altered. @throws AppError USAGE */
export function verifyReport(config: Config, file: string): { ok: boolean; message: string } {
  const signed = signedPart(readReport(file));
  if (signed === null)
    return { ok: false, message: `${file} is no report of parley doctor --offline-report.` };
  if (!isSigned(signed.text, signed.signature))
    return { ok: false, message: `${file} was altered: it is not what was signed.` };
  const own = ownPublicKey(config);
  const { publicKey } = signed.signature;
  if (own === publicKey) return { ok: true, message: `${file} is as this Parley made it.` };
  const whose =
    own === null ? "There is no key here to compare it with." : "It is not the key of this Parley.";
  return { ok: own === null, message: `${file} is as it was signed, with the key ${publicKey}. ${whose}` };
}

async function makeReport({ data, ...config }: Config): Promise<OfflineReport> {
  await proveEgress();
  const native = await installNativeParts(data);
  const store = readOnlyEgress({ path: databasePath(data), nativeBinding: native.sqliteBinding });
  try {
    const names = new Map((await store.tenants()).map(({ id, name }) => [id, name]));
    const destinations = (await allUses(store)).map(({ tenantId, firstAt, lastAt, ...use }) => ({
      ...use,
      tenant: tenantId === null ? null : (names.get(tenantId) ?? tenantId),
      firstAt: new Date(firstAt).toISOString(),
      lastAt: new Date(lastAt).toISOString(),
    }));
    return {
      ...{ product: "Parley", version: VERSION, madeAt: new Date().toISOString() },
      settings: reportedSettings(config),
      ...{ allow: await store.allowed(), selfTest: "passed", destinations },
    };
  } finally {
    store.close();
  }
}

function reportedSettings({
  offline,
  restrictEgress,
  egressAllow,
  egressProxy,
}: Omit<Config, "data">): OfflineReport["settings"] {
  return {
    ...{ offline, restrictEgress, egressAllow: egressAllow.map(formatAllowEntry) },
    egressProxy: egressProxy?.proxy.shown ?? null,
  };
}

async function allUses(store: Pick<ReturnType<typeof readOnlyEgress>, "uses">): Promise<EgressUse[]> {
  const uses: EgressUse[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof store.uses>> = await store.uses({ cursor, limit: PAGE });
    uses.push(...page.items);
    if (page.nextCursor === null) return uses;
    cursor = page.nextCursor;
  }
}

function reportText({ version, madeAt, settings, allow, destinations }: OfflineReport): string {
  const called = destinations.filter(({ outcome }) => outcome === "allowed");
  const refused = destinations.filter(({ outcome }) => outcome === "refused");
  const listed = [...settings.egressAllow.map((entry) => `${entry} (settings)`), ...allow];
  return [
    `What Parley ${version} has called, as of ${madeAt}`,
    "",
    `Offline: ${settings.offline ? "yes" : "no"}. Restricted: ${settings.restrictEgress ? "yes" : "no"}. The guard refuses what it must: tested just now.`,
    `Listed: ${listed.join(", ") || "nothing"}.`,
    ...(settings.egressProxy === null
      ? []
      : [`Calls over HTTP go through the proxy ${settings.egressProxy}.`]),
    "",
    `Called: ${called.length === 0 ? "nobody" : ""}`,
    ...called.map(useLine),
    "",
    `Refused: ${refused.length === 0 ? "nothing" : ""}`,
    ...refused.map(useLine),
    "",
    "",
  ].join("\n");
}

/** Names of hosts and tenants are others' words: on one line, whatever is in them. */
function useLine(use: ReportedUse): string {
  const { destination, purpose, tenant, outcome, calls, sentBytes, receivedBytes, firstAt, lastAt } = use;
  const isCounted = outcome === "allowed" && purpose !== "database";
  return [
    `  ${destination}`,
    `${purpose} for ${tenant ?? "all tenants"}`,
    `${calls} ${calls === 1 ? "time" : "times"}`,
    ...(isCounted ? [`${sentBytes} bytes sent, ${receivedBytes} received`] : []),
    `${firstAt} to ${lastAt}`,
  ]
    .map((part) => part.replace(/\p{Cc}+/gu, " "))
    .join("  ");
}

function readReport(file: string): string {
  try {
    return readSmallFile(file, MOST_BYTES);
  } catch (cause) {
    throw new AppError("USAGE", `${file} ${whyUnfit(cause)}.`, { cause });
  }
}

type Signed = { text: string; signature: Pick<ReportSignature, "publicKey" | "value"> };

function signedPart(content: string): Signed | null {
  const at = content.lastIndexOf(SIGNED_BELOW);
  if (at < 0) return signedJson(content);
  const [, publicKey = "", value = ""] =
    /^-+PARLEY SIGNATURE-+\nEd25519 (\S+)\n(\S+)\s*$/.exec(content.slice(at)) ?? [];
  return { text: content.slice(0, at), signature: { publicKey, value } };
}

function signedJson(content: string): Signed | null {
  try {
    const { report, signature } = JSON.parse(content) as {
      report?: unknown;
      signature?: Partial<ReportSignature>;
    };
    if (typeof report !== "object" || !signature) return null;
    const { publicKey = "", value = "" } = signature;
    return {
      text: JSON.stringify(report),
      signature: { publicKey: String(publicKey), value: String(value) },
    };
  } catch {
    return null;
  }
}

/** Null where this machine has no Parley's key: the report says itself who signed it. */
function ownPublicKey(config: Config): string | null {
  try {
    return publicKeyOf(masterKeyOf(config));
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "KEY_MISSING") return null;
    throw thrown;
  }
}

function masterKeyOf({ data, secretKey }: Config): Uint8Array {
  return openMasterKey({ dataDirectory: data, given: secretKey, isNeeded: () => true });
}
