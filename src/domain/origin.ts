/** Which pages may embed the widget. */

export type OriginRule = { protocol: string | null; host: string; wildcard: boolean; port: string | null };

/**
 * `https://intranet.corp:8443`, `intranet.corp`, `*.corp`, `https://*.corp`. A rule without a scheme
 * takes http and https; a rule without a port takes the scheme's own port, and with no scheme any port.
 * Null when the text is no rule.
 */
export function parseOriginRule(text: string): OriginRule | null {
  const match = /^(?:(https?):\/\/)?(\*\.)?(\[[0-9a-f:]+\]|[^/:*@\s\\]+)(?::(\d{1,5}))?\/?$/i.exec(
    text.trim(),
  );
  if (!match) return null;
  const [, protocol, wildcard, host, port] = match;
  const parsed = URL.parse(`http://${host}`);
  if (!parsed || parsed.hostname === "") return null;
  return {
    protocol: protocol ? `${protocol.toLowerCase()}:` : null,
    host: parsed.hostname,
    wildcard: wildcard !== undefined,
    port: port ?? null,
  };
}

/**
 * Whether a page of `origin` (the header's value) may embed. Hosts are compared as parsed, whole and
 * case-folded: no prefix, no suffix, no trailing dot. `null` and anything that is no origin never pass.
 */
export function originAllowed(origin: string, allowedDomains: readonly string[]): boolean {
  const url = URL.parse(origin);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) return false;
  if (url.origin !== origin.toLowerCase() || url.hostname.endsWith(".")) return false;
  return allowedDomains.some((text) => {
    const rule = parseOriginRule(text);
    return rule !== null && matches(rule, url);
  });
}

function matches(rule: OriginRule, url: URL): boolean {
  if (rule.protocol !== null && rule.protocol !== url.protocol) return false;
  if (rule.port !== null ? rule.port !== effectivePort(url) : rule.protocol !== null && url.port !== "")
    return false;
  return rule.wildcard ? url.hostname.endsWith(`.${rule.host}`) : url.hostname === rule.host;
}

function effectivePort(url: URL): string {
  return url.port || (url.protocol === "https:" ? "443" : "80");
}
