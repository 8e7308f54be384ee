import { AppError } from "../errors.ts";
import { parseAddress } from "./address-classes.ts";

/**
 * Parses an address that Parley is to call. Parsed once: the URL that comes back is the one to dial, so no
 * second parser can read the text differently.
 *
 * @throws AppError UNSAFE_URL for other schemes than http and https, a name or password in the address,
 *   backslashes, control characters and zone ids
 */
export function parseOutboundUrl(text: string): URL {
  const trimmed = text.trim();
  if (hasForbiddenCharacter(trimmed))
    throw unsafe("The address has a backslash, a space or a control character in it.");
  if (!/^https?:\/\/[^/]/i.test(trimmed)) throw unsafe("The address has to begin with http:// or https://.");
  const url = URL.parse(trimmed);
  if (!url?.hostname) throw unsafe("That is not an address that Parley can read.");
  if (url.username !== "" || url.password !== "") {
    throw unsafe("The address has a name or password in it. Leave them out; a key has its own field.");
  }
  if (isDisguised(trimmed, url.hostname)) {
    throw unsafe(`The address is ${url.hostname} in another spelling. Write it as that.`);
  }
  return url;
}

/**
 * Whether the text names this machine or an IPv4 address in a way that people do not read as it (`2130706433`, `0x7f.1`,
 * `localhost.`), or any host in letters that only look like it (`ⓛocalhost`).
 */
function isDisguised(text: string, hostname: string): boolean {
  const written = /^https?:\/\/([^/?#]*?)(?::\d*)?(?:[/?#]|$)/i.exec(text)?.[1] ?? "";
  if (parseAddress(hostname)?.length === 4 && !hostname.includes(":")) return written !== hostname;
  if (/(^|\.)localhost\.$/.test(hostname)) return true;
  const labels = hostname.split(".");
  // A name in another script becomes xn--…; what becomes plain letters was written to look like something else.
  return written
    .split(/[.。．｡]/)
    .some((label, index) => /[^\x20-\x7e]/.test(label) && !labels[index]?.startsWith("xn--"));
}

/** One host and port, as the resolver wants the name and as a person reads both. */
export type OutboundHost = { hostname: string; port: number; shown: string };

export function outboundHostOf(url: URL): OutboundHost {
  return { hostname: hostnameOf(url), port: portOf(url), shown: url.host };
}

/**
 * Parses the host that a driver is to connect to. It goes through the URL parser as every address does, so that
 * `0x7f.1` is judged as the 127.0.0.1 that a driver would make of it.
 *
 * @throws AppError UNSAFE_URL for anything but one host name or address, and a port from 1 to 65535
 */
export function parseOutboundHost(text: string, port: number): OutboundHost {
  const host = text.trim().replace(/^\[(.*)\]$/, "$1");
  // What has a colon is an IPv6 address or not a host alone, which no URL can have between brackets.
  const url = URL.parse(`http://${host.includes(":") ? `[${host}]` : host}`);
  if (!url?.hostname || hasForbiddenCharacter(host) || /[/?#@]/.test(host)) {
    throw new AppError(
      "UNSAFE_URL",
      "That is not a host that Parley can read. Enter a name or an address alone, like db.example.org; the port has its own field.",
    );
  }
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new AppError("UNSAFE_URL", "A port is a number from 1 to 65535.");
  return { hostname: hostnameOf(url), port, shown: `${url.hostname}:${port}` };
}

/** The host as the resolver wants it: no brackets, no trailing dot. */
export function hostnameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

export function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}

function hasForbiddenCharacter(text: string): boolean {
  return [...text].some((character) => character <= " " || character === "\u007f" || character === "\\");
}

function unsafe(problem: string): AppError {
  return new AppError("UNSAFE_URL", `${problem} An address looks like https://models.example.org/v1.`);
}
