import { AppError } from "../errors.ts";

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
  return url;
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
