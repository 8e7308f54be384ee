/** Every setting once: its flag, variable, key in parley.toml, default and help. The only reader of the environment. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Settings } from "./deps.ts";
import { isAddress, unmapped } from "./domain/network.ts";
import { type AllowEntry, parseAllowEntry } from "./egress/allow-list.ts";
import { certificatesIn } from "./egress/certificates.ts";
import { findStraightEntry, type OperatorProxy, parseProxy } from "./egress/proxy.ts";
import { AppError } from "./errors.ts";
import type { LogLevel } from "./log.ts";
import { readSmallFile, whyUnfit } from "./secrets/small-file.ts";

export type Config = {
  host: string;
  port: number;
  data: string;
  publicUrl: URL | null;
  offline: boolean;
  restrictEgress: boolean;
  egressAllow: AllowEntry[];
  egressProxy: OperatorProxy | null;
  /** Authorities (PEM) that are trusted beside the usual ones. */
  egressCa: string[];
  open: boolean;
  tlsCert: string | null;
  tlsKey: string | null;
  trustedProxy: string[];
  logLevel: LogLevel;
  limits: Limits;
  /** 32 bytes, when the key comes from outside the data directory. */
  secretKey: Uint8Array | null;
};

type Setting = {
  /** Flag `--name`, variable `PARLEY_NAME` and key `name` in parley.toml are all made from it. */
  name: string;
  value: string | null;
  help: string;
  default: string;
  secret?: true;
  flag?: false;
};

type Limits = Settings["limits"];

type Limit = {
  name: string;
  /** What people give; the code gets bytes. */
  unit?: "MB" | "kB";
  default: number;
  /** Beyond it the machine gives way, not the limit. */
  most: number;
  help: string;
};

/** How much there may be of something. At least one of everything, or nothing would work. */
const BYTES = { "": 1, kB: 1024, MB: 1024 ** 2 } as const;

const LIMITS: Record<keyof Limits, Limit> = {
  // An upload is held in memory and has at most 200 MB with all its files.
  uploadBytes: { name: "max-file", unit: "MB", default: 50, most: 190, help: "the largest document" },
  sourcesPerTenant: {
    ...{ name: "max-sources", default: 100_000, most: 10_000_000 },
    help: "knowledge sources of a tenant",
  },
  answerBytes: {
    ...{ name: "max-answer", unit: "kB", default: 64, most: 4_096 },
    help: "the longest answer; a model that writes more is cut off",
  },
  passageTokens: {
    ...{ name: "passage-tokens", default: 3_000, most: 200_000 },
    help: "tokens of passages that a language model reads for an answer; they must fit its context",
  },
  concurrentGenerations: {
    ...{ name: "max-answers", default: 1_500, most: 100_000 },
    help: "answers of one tenant that are written at the same time; all others have a quarter as many besides",
  },
  concurrentGenerationsPerSession: {
    ...{ name: "max-answers-per-visitor", default: 2, most: 100 },
    help: "of these, for one visitor",
  },
  sockets: {
    ...{ name: "max-sockets", default: 12_000, most: 1_000_000 },
    help: "open chats, by socket or by event stream",
  },
  socketsPerSession: {
    ...{ name: "max-sockets-per-visitor", default: 5, most: 100 },
    help: "of these, for one visitor and of each kind: a tab of a browser has one",
  },
  messagesPerMinutePerTenant: {
    ...{ name: "messages-per-minute", default: 600, most: 1_000_000 },
    help: "messages to one tenant in a minute",
  },
  messagesPerMinutePerSession: {
    ...{ name: "messages-per-minute-per-visitor", default: 20, most: 10_000 },
    help: "of these, from one visitor",
  },
  changesPerMinutePerSession: {
    ...{ name: "changes-per-minute-per-visitor", default: 30, most: 10_000 },
    help: "new conversations and ratings in a minute from one visitor",
  },
  sessionsPerMinutePerTenant: {
    ...{ name: "visitors-per-minute-per-tenant", default: 3_000, most: 1_000_000 },
    help: "new visitors in a minute to one tenant",
  },
  sessionsPerMinutePerAddress: {
    ...{ name: "visitors-per-minute", default: 30, most: 1_000_000 },
    help: "of these, from one public address; private ones have no limit of their own",
  },
  signInsPerAccount: {
    ...{ name: "sign-ins-per-account", default: 10, most: 1_000 },
    help: "wrong passwords for one account until it has to wait",
  },
  signInsPerAddress: {
    ...{ name: "sign-ins-per-address", default: 60, most: 100_000 },
    help: "wrong passwords from one public address until it has to wait",
  },
};

export const LIMIT_SETTINGS: readonly Setting[] = Object.values(LIMITS).map(
  ({ name, unit, default: fallback, help }) => ({
    ...{ name, help, default: String(fallback) },
    value: unit ?? "NUMBER",
  }),
);

/** Everything but the limits, in the order of `parley --help`. */
export const GENERAL_SETTINGS: readonly Setting[] = [
  {
    name: "host",
    value: "ADDRESS",
    default: "",
    help: "address to listen on; all of this machine's addresses unless given",
  },
  { name: "port", value: "NUMBER", default: "8080", help: "port to listen on; 0 picks a free one" },
  { name: "data", value: "DIR", default: "./data", help: "the data directory: database, key and files" },
  {
    name: "public-url",
    value: "URL",
    default: "",
    help: "address that people open, when a proxy stands in front",
  },
  {
    name: "offline",
    value: null,
    default: "false",
    help: "call only what an operator has listed (egress-allow) or saved under Model; vendors only if listed",
  },
  {
    name: "restrict-egress",
    value: null,
    default: "false",
    help: "call addresses that admins of tenants enter only if an operator has listed them (egress-allow)",
  },
  {
    name: "egress-allow",
    value: "ENTRIES",
    default: "",
    help: "what may be called then, separated by commas: host:port, *.host:port or host:port=NETWORK",
  },
  {
    name: "egress-proxy",
    value: "URL",
    default: "",
    help: "HTTP proxy for calls over HTTP, such as http://proxy.corp:3128; databases are called straight",
  },
  {
    name: "egress-proxy-auth",
    value: null,
    default: "",
    secret: true,
    flag: false,
    help: "what the proxy wants to see, as name:password; also PARLEY_EGRESS_PROXY_AUTH_FILE",
  },
  {
    name: "egress-no-proxy",
    value: "HOSTS",
    default: "",
    help: "hosts that are called without it, separated by commas: corp (and all below it), 10.0.0.0/8",
  },
  {
    name: "egress-ca",
    value: "FILE",
    default: "",
    help: "certificates (PEM) of authorities that are trusted beside the usual ones in calls over HTTPS",
  },
  { name: "open", value: null, default: "false", help: "open the browser once the server listens" },
  { name: "tls-cert", value: "FILE", default: "", help: "certificate chain (PEM), to serve HTTPS" },
  { name: "tls-key", value: "FILE", default: "", help: "private key of the certificate (PEM)" },
  {
    name: "trusted-proxy",
    value: "ADDRESSES",
    default: "",
    help: "proxies whose X-Forwarded-For is believed, separated by commas",
  },
  { name: "log-level", value: "LEVEL", default: "info", help: "debug, info, warn or error" },
  { name: "config", value: "FILE", default: "./parley.toml", help: "settings file; used when it exists" },
  {
    name: "secret-key",
    value: null,
    default: "",
    secret: true,
    flag: false,
    help: "master key (base64, 32 bytes) instead of secret.key in the data directory; also PARLEY_SECRET_KEY_FILE",
  },
];

export const SETTINGS: readonly Setting[] = [...GENERAL_SETTINGS, ...LIMIT_SETTINGS];

/** Of a settings file or a key file: far more than anybody writes by hand. */
const MOST_BYTES_OF_FILE = 256 * 1024;
/** All the authorities that a system trusts are a fifth of it. */
const MOST_BYTES_OF_CERTIFICATES = 1024 ** 2;

export type SettingOrigin = "flag" | "environment" | "file" | "default";
export type EffectiveSetting = { name: string; value: string; origin: SettingOrigin };

type Environment = Record<string, string | undefined>;

/**
 * Flags win over variables, variables over the file, the file over defaults.
 * @param flags values by setting name, as parsed from the command line
 * @throws AppError CONFIG_INVALID naming the setting, its origin and what it may be
 */
export function readConfig(
  flags: Record<string, string>,
  environment: Environment,
): { config: Config; settings: EffectiveSetting[] } {
  const settings = effectiveSettings(flags, environment);
  const text = (name: string) => settings.find((setting) => setting.name === name)?.value ?? "";
  const config: Config = {
    host: text("host"),
    port: parsePort(text("port")),
    data: resolve(text("data")),
    publicUrl: parsePublicUrl(text("public-url")),
    offline: parseSwitch("offline", text("offline")),
    restrictEgress: parseSwitch("restrict-egress", text("restrict-egress")),
    egressAllow: listOf(text("egress-allow")).map(parseAllowEntry),
    egressProxy: parseEgressProxy(text),
    egressCa: parseEgressCa(text("egress-ca")),
    open: parseSwitch("open", text("open")),
    tlsCert: text("tls-cert") || null,
    tlsKey: text("tls-key") || null,
    trustedProxy: parseProxies(text("trusted-proxy")),
    logLevel: parseLogLevel(text("log-level")),
    limits: parseLimits(text),
    secretKey: parseSecretKey(text("secret-key")),
  };
  if ((config.tlsCert === null) !== (config.tlsKey === null)) {
    throw new AppError("CONFIG_INVALID", "tls-cert and tls-key belong together: give both, or neither.");
  }
  return { config, settings };
}

function effectiveSettings(flags: Record<string, string>, environment: Environment): EffectiveSetting[] {
  const configFile = flags.config ?? environment.PARLEY_CONFIG ?? "./parley.toml";
  const file = readSettingsFile(
    configFile,
    flags.config !== undefined || environment.PARLEY_CONFIG !== undefined,
  );
  return SETTINGS.map((setting) => {
    const { name, default: fallback } = setting;
    const flag = flags[name];
    if (flag !== undefined) return { name, value: flag, origin: "flag" };
    const variable = fromEnvironment(setting, environment);
    if (variable !== undefined) return { name, value: variable, origin: "environment" };
    const entry = file[name];
    if (entry !== undefined) return { name, value: entry, origin: "file" };
    return { name, value: fallback, origin: "default" };
  });
}

/** What is secret may stand in a file of its own, which another variable names. */
function fromEnvironment({ name, secret }: Setting, environment: Environment): string | undefined {
  const variable = `PARLEY_${name.replaceAll("-", "_").toUpperCase()}`;
  const value = environment[variable];
  const file = environment[`${variable}_FILE`];
  if (value !== undefined || !secret || file === undefined) return value;
  try {
    return readSmallFile(file, MOST_BYTES_OF_FILE).trim();
  } catch (cause) {
    throw new AppError(
      name === "secret-key" ? "KEY_MISSING" : "CONFIG_INVALID",
      `The file ${file} named by ${variable}_FILE ${whyUnfit(cause)}.`,
      { cause },
    );
  }
}

function readSettingsFile(path: string, required: boolean): Record<string, string> {
  if (!existsSync(path)) {
    if (required) throw new AppError("CONFIG_INVALID", `The settings file ${path} does not exist.`);
    return {};
  }
  let parsed: Record<string, unknown>;
  const text = readSettings(path);
  try {
    parsed = Bun.TOML.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new AppError("CONFIG_INVALID", `The settings file ${path} is not valid TOML: ${String(cause)}`, {
      cause,
    });
  }
  const known = new Set(SETTINGS.map((setting) => setting.name));
  return Object.fromEntries(
    Object.entries(parsed).map(([key, value]) => {
      const name = key.replaceAll("_", "-");
      if (!known.has(name))
        throw new AppError("CONFIG_INVALID", `${path} has an unknown setting “${key}”. See parley --help.`);
      return [name, Array.isArray(value) ? value.join(",") : String(value)];
    }),
  );
}

function readSettings(path: string): string {
  try {
    return readSmallFile(path, MOST_BYTES_OF_FILE);
  } catch (cause) {
    throw new AppError("CONFIG_INVALID", `The settings file ${path} ${whyUnfit(cause)}.`, { cause });
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new AppError("CONFIG_INVALID", `port is “${text}”; it must be a number from 0 to 65535.`);
}

function parseLimits(text: (name: string) => string): Limits {
  const entries = Object.entries(LIMITS).map(([key, limit]) => [key, parseLimit(limit, text(limit.name))]);
  // The entries are those of LIMITS, which the type checker holds to the same keys.
  return Object.fromEntries(entries) as Limits;
}

function parseLimit({ name, unit, most }: Limit, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number * BYTES[unit ?? ""];
  const what = unit === undefined ? "a whole number" : `a whole number of ${unit}`;
  throw new AppError("CONFIG_INVALID", `${name} is “${text}”; it must be ${what} from 1 to ${most}.`);
}

function parsePublicUrl(text: string): URL | null {
  if (text === "") return null;
  const url = URL.parse(text);
  const isOrigin = url?.href === `${url?.origin}/`;
  if (url && isOrigin && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new AppError(
    "CONFIG_INVALID",
    `public-url is “${text}”; it must look like https://chat.example.org, with nothing behind the host.`,
  );
}

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);
}

/** As they are compared later: an IPv4 address written as IPv6 is the IPv4 address. */
function parseProxies(text: string): string[] {
  return listOf(text).map((address) => {
    if (isAddress(address)) return unmapped(address.toLowerCase());
    throw new AppError(
      "CONFIG_INVALID",
      `trusted-proxy names “${address}”; each must be an IP address, such as 10.0.0.5. Names and ranges are not taken.`,
    );
  });
}

/** None of its refusals repeats what was given: people write the password into the address. */
function parseEgressProxy(text: (name: string) => string): OperatorProxy | null {
  const [address, credentials] = [text("egress-proxy"), text("egress-proxy-auth")];
  if (credentials !== "" && (address === "" || !/^[^:\p{Cc}]+:[^\p{Cc}]*$/u.test(credentials)))
    throw new AppError(
      "CONFIG_INVALID",
      "egress-proxy-auth must be name:password, and belongs to egress-proxy.",
    );
  const straight = listOf(text("egress-no-proxy")).map((entry) => {
    const found = findStraightEntry(entry);
    if (found) return found;
    throw new AppError(
      "CONFIG_INVALID",
      `egress-no-proxy has “${entry}”; an entry is a name such as corp, an address or a network such as 10.0.0.0/8.`,
    );
  });
  if (address === "") return null;
  try {
    return { proxy: parseProxy(address, credentials || null), straight };
  } catch (cause) {
    throw new AppError(
      "CONFIG_INVALID",
      "egress-proxy must look like http://proxy.example.org:3128, without name and password: those are egress-proxy-auth.",
      { cause },
    );
  }
}

function parseEgressCa(path: string): string[] {
  if (path === "") return [];
  try {
    return certificatesIn(readSmallFile(path, MOST_BYTES_OF_CERTIFICATES));
  } catch (cause) {
    const problem = cause instanceof AppError ? `is not taken: ${cause.message}` : `${whyUnfit(cause)}.`;
    throw new AppError("CONFIG_INVALID", `The file ${path} named by egress-ca ${problem}`, { cause });
  }
}

function parseSwitch(name: string, text: string): boolean {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  if (/^(false|0|no|off|)$/i.test(text)) return false;
  throw new AppError("CONFIG_INVALID", `${name} is “${text}”; it must be true or false.`);
}

function parseLogLevel(text: string): LogLevel {
  if (text === "debug" || text === "info" || text === "warn" || text === "error") return text;
  throw new AppError("CONFIG_INVALID", `log-level is “${text}”; it must be debug, info, warn or error.`);
}

function parseSecretKey(text: string): Uint8Array | null {
  if (text === "") return null;
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  if (bytes.length === 32) return bytes;
  throw new AppError(
    "KEY_INVALID",
    "PARLEY_SECRET_KEY must be 32 random bytes in base64. Make one with: head -c 32 /dev/urandom | base64",
  );
}
