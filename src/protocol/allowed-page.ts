/** A page that may embed the widget, as people enter it. Without zod, for the backoffice checks it while they type. */

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*$|^\\[[0-9a-f:.]+\\]$`);
const MOST_PORT = 65_535;

export type AllowedPage = { page: string; problem?: never } | { problem: string; page?: never };

/** An origin or a bare host, each with an optional `*.` in front. Of the address of a page, its origin is taken. */
export function allowedPage(entry: string): AllowedPage {
  const text = entry.trim();
  if (text === "") return { problem: "Enter an address, or remove this line." };
  if (text === "*")
    return { problem: "A lone * would allow every page there is. Name a host, such as *.acme.example." };
  if (/[\p{Cc}\s]/u.test(text)) return { problem: "One address a line, without spaces or tabs." };
  const [, scheme, rest = text] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  if (scheme !== undefined && !/^https?$/i.test(scheme))
    return { problem: "Begin with http:// or https://, or leave the scheme out." };
  const [authority = ""] = rest.split(/[/?#]/);
  if (authority.includes("@")) return { problem: "Leave out the name in front of the @." };
  const host = hostAndPort(authority);
  if (host === null)
    return { problem: "Enter a host such as intranet.acme.example, with http:// or https:// if it matters." };
  return { page: `${scheme === undefined ? "" : `${scheme.toLowerCase()}://`}${host}` };
}

function hostAndPort(authority: string): string | null {
  const [, wildcard = "", name = "", port] =
    /^(\*\.)?(\[[^\]]*\]|[^:]+)(?::(\d{1,5}))?$/.exec(authority) ?? [];
  if (Number(port ?? 0) > MOST_PORT || /[\\%*]/.test(name)) return null;
  // As browsers have it in an origin: small letters, and beyond ASCII what stands for them.
  const host = hostnameOf(name);
  if (!HOST.test(host) || (wildcard !== "" && host.startsWith("["))) return null;
  return `${wildcard}${host}${port === undefined ? "" : `:${Number(port)}`}`;
}

/** Empty for what is none. */
function hostnameOf(name: string): string {
  try {
    return new URL(`http://${name}`).hostname;
  } catch {
    return "";
  }
}
