import type { AdminMessageView } from "../../../src/protocol/admin-api/conversations.ts";
import { getWidget } from "../../api/widget.ts";
import { useResource } from "../../state/resource.ts";
import { tenantId } from "../../state/session.ts";

/**
 * Links in an answer may be opened when the tenant vouches for the host: an allowed domain, a cited
 * source, Parley itself. Any other address may have been made up, or smuggled in by a document.
 */
export function useOpenable(messages: readonly AdminMessageView[]): (url: URL) => boolean {
  const widget = useResource(`openable/${tenantId.value}`, getWidget);
  const cited = messages
    .flatMap((message) => message.citations)
    .flatMap((citation) => (citation.kind === "passage" && citation.url ? [hostOf(citation.url)] : []));
  const allowed = widget.value?.allowedDomains.map(hostOf) ?? [];
  return (url) => {
    if (url.protocol === "mailto:" || url.protocol === "tel:" || url.host === location.host) return true;
    return [...cited, ...allowed].some((host) =>
      host.startsWith("*.")
        ? url.hostname.endsWith(host.slice(1))
        : url.host === host || url.hostname === host,
    );
  };
}

/** Host of an origin, an address or a bare host, kept with its `*.`. */
function hostOf(address: string): string {
  return address
    .replace(/^https?:\/\//i, "")
    .replace(/\/.*$/, "")
    .toLowerCase();
}
