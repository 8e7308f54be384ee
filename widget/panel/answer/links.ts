import type { CitationView } from "../../../src/protocol/chat-protocol.ts";

/** Only addresses that a browser opens as a page, a mail or a call. */
const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/**
 * The address to link to, or null when it is to be shown as text. A model can be talked into writing an
 * address that carries off what it read, so web links must come from what the server retrieved (its
 * documents' addresses, or an address in a passage) or lead to this page's or Parley's own host.
 */
export function allowedHref(
  href: string,
  citations: readonly CitationView[],
  hosts: readonly string[],
): string | null {
  const url = parse(href);
  if (!url || !SCHEMES.has(url.protocol)) return null;
  if (url.protocol === "mailto:" || url.protocol === "tel:") return url.href;
  if (hosts.includes(url.host)) return url.href;
  const retrieved = citations.some(
    (citation) =>
      (citation.kind === "tool" ? JSON.stringify(citation.rows) : citation.text).includes(href) ||
      ("url" in citation && citation.url && parse(citation.url)?.host === url.host),
  );
  return retrieved ? url.href : null;
}

function parse(href: string): URL | null {
  try {
    return new URL(href);
  } catch {
    return null;
  }
}
