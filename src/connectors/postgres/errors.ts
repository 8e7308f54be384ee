/** What PostgreSQL and the way to it throw, in Parley's words. */
import type { ConnectionSettings } from "../../domain/connection.ts";
import { AppError, type ConnectionErrorCode, type ErrorCode } from "../../errors.ts";
import type { BoundParameter } from "../connector.ts";
import { codeOf, connectionError, networkError, unavailable } from "../reach.ts";
import { toText } from "./parameters.ts";

/** The server's own code; null for what is no error of a server. */
export function sqlState(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !("errno" in thrown) || typeof thrown.errno !== "string") return null;
  return /^[0-9A-Z]{5}$/.test(thrown.errno) ? thrown.errno : null;
}

export function serverWords(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message.replace(/\.*$/, "") : "";
}

/** Why no connection came about. */
export function refusal(thrown: unknown, settings: ConnectionSettings): AppError {
  const known = networkError(thrown, settings);
  if (known) return known;
  const words = serverWords(thrown);
  const { host, tls } = settings;
  switch (refusalCode(thrown)) {
    case "TLS_FAILED":
      return tls === "off"
        ? connectionError("TLS_FAILED", settings, thrown)
        : new AppError("TLS_FAILED", certificateWords(codeOf(thrown), words, host), { cause: thrown });
    case "NOT_POSTGRES":
      return new AppError(
        "CONNECTION_REFUSED",
        `What answers at ${host}:${settings.port} is no PostgreSQL.`,
        {
          cause: thrown,
        },
      );
    case "TURNED_AWAY":
      return new AppError("CONNECTION_REFUSED", `The server turns Parley away: ${words}.`, { cause: thrown });
    case "AUTHENTICATION_FAILED":
      return connectionError("AUTHENTICATION_FAILED", settings, thrown);
    case "DATABASE_NOT_FOUND":
      return connectionError("DATABASE_NOT_FOUND", settings, thrown);
    case "CONNECTION_TIMEOUT":
      return connectionError("CONNECTION_TIMEOUT", settings, thrown);
    default:
      return connectionError("CONNECTION_REFUSED", settings, thrown);
  }
}

type RefusalCode = ConnectionErrorCode | "NOT_POSTGRES" | "TURNED_AWAY";

function refusalCode(thrown: unknown): RefusalCode {
  const state = sqlState(thrown);
  if (state === "3D000") return "DATABASE_NOT_FOUND";
  if (state === "28000" && /no encryption|SSL off/i.test(serverWords(thrown))) return "TLS_FAILED";
  if (state?.startsWith("28")) return "AUTHENTICATION_FAILED";
  // The role may not connect to this database.
  if (state === "42501") return "DATABASE_NOT_FOUND";
  if (state !== null) return "TURNED_AWAY";
  return DRIVER_CODES.find(([pattern]) => pattern.test(codeOf(thrown)))?.[1] ?? "CONNECTION_REFUSED";
}

const DRIVER_CODES: readonly [RegExp, RefusalCode][] = [
  [/AUTHENTICATION|PASSWORD|SASL|CHANNEL_BINDING/, "AUTHENTICATION_FAILED"],
  [/TLS|CERT|SSL|SELF_SIGNED|UNABLE_TO|ISSUER|HOSTNAME/, "TLS_FAILED"],
  [/TIMEOUT/, "CONNECTION_TIMEOUT"],
  [/UNEXPECTED|UNKNOWN|INVALID/, "NOT_POSTGRES"],
];

function certificateWords(code: string, words: string, host: string): string {
  if (code === "ERR_POSTGRES_TLS_NOT_AVAILABLE")
    return "The server does not offer TLS. Set it up there, or choose TLS “off” inside a network you trust.";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `The server's certificate is for another name than “${host}”. Enter the name that it is for.`;
  if (/SELF_SIGNED|ISSUER|UNABLE_TO/.test(code))
    return `The server's certificate is from an authority that is not known here (${words}). Paste that authority's certificate into “CA”.`;
  if (code === "CERT_HAS_EXPIRED") return "The server's certificate has expired. Renew it there.";
  if (words === "Invalid CA")
    return "The CA is no certificate in PEM. Paste it with its BEGIN and END lines.";
  return `No encrypted connection came about: ${words}.`;
}

type Meaning = { code: ErrorCode; message: string };

/** By SQLSTATE, or by its first two characters. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  "57014": { code: "QUERY_TIMEOUT", message: "The database took too long for this query." },
  "55P03": { code: "QUERY_TIMEOUT", message: "The database has locked what this query reads." },
  "42501": { code: "TOOL_FORBIDDEN", message: "The database does not let Parley's role read this." },
  "2F003": { code: "TOOL_FORBIDDEN", message: "The database does not let Parley's role do this." },
  "25006": { code: "TOOL_FORBIDDEN", message: "The query would change something, and Parley only reads." },
  "25001": { code: "TOOL_FORBIDDEN", message: "The query would change something, and Parley only reads." },
  "22": {
    code: "TOOL_FAILED",
    message:
      "The database could not run this query: a value does not fit its type, or a number is divided by zero.",
  },
  "53": {
    code: "TOOL_UNAVAILABLE",
    message: "The database has no room for another query now. Try again later.",
  },
};
/** Of a value that the server was given: it cannot be read, or lies outside. */
const VALUE_STATES = /^22(P02|P03|003|007|008|009|021|022|023|P05)$/;

/** Why a query gave nothing. What the server said is for those who may see the query: it stands in `details`. */
export function queryError(thrown: unknown, parameters: readonly BoundParameter[]): AppError {
  if (thrown instanceof AppError) return thrown;
  const state = sqlState(thrown);
  if (state === null)
    return isConnectionLoss(thrown)
      ? unavailable(thrown)
      : new AppError("TOOL_FAILED", "The database could not run this query.", { cause: thrown });
  if (/^(08|57P)/.test(state)) return unavailable(thrown);
  if (VALUE_STATES.test(state) && parameters.length > 0) return valueError(thrown, parameters);
  const { code, message } = MEANINGS[state] ??
    MEANINGS[state.slice(0, 2)] ?? { code: "TOOL_FAILED", message: "The database could not run this query." };
  return new AppError(code, message, {
    cause: thrown,
    details: { sqlState: state, database: serverWords(thrown) },
  });
}

export function isConnectionLoss(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    "code" in thrown &&
    /^ERR_POSTGRES_(CONNECTION|FAILED|IDLE|LIFETIME)/.test(String(thrown.code))
  );
}

/** Which value it was the server says by quoting it, if at all. */
function valueError(thrown: unknown, parameters: readonly BoundParameter[]): AppError {
  const words = serverWords(thrown);
  const quoted = parameters.filter(({ value }) => value !== null && words.includes(`"${toText(value)}"`));
  const details = (quoted.length > 0 ? quoted : parameters).map(({ name }) => ({
    parameter: name,
    problem: "is not a value that the database takes there",
  }));
  const names = details.map(({ parameter }) => parameter).join(" or ");
  return new AppError("INVALID_ARGUMENT", `${names} is not a value that the database takes there.`, {
    cause: thrown,
    details,
  });
}

/** Why a query cannot be saved. Whoever saves it may see what the server says of it. */
export function prepareError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const state = sqlState(thrown);
  const words = serverWords(thrown);
  if (state === "25006" || state === "0A000" || /multiple commands|SELECT \.\.\. INTO/.test(words))
    return new AppError(
      "UNSAFE_QUERY",
      `A query of the catalogue only reads, and is one statement: ${words}.`,
      { cause: thrown },
    );
  if (state === null || /^(08|53|57)/.test(state)) return queryError(thrown, []);
  const isForbidden = MEANINGS[state]?.code === "TOOL_FORBIDDEN";
  const message = `The database does not ${isForbidden ? "allow" : "understand"} the query: ${words}.`;
  const details = { fields: { query: message } };
  return new AppError(isForbidden ? "TOOL_FORBIDDEN" : "VALIDATION", message, { cause: thrown, details });
}
