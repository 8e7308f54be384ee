/** Host labels, an optional leading `*.`, an optional port; the server's rule is ALLOWED_DOMAIN. */
const HOST = /^(\*\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*(:\d{1,5})?$/i;
const IPV6 = /^\[[0-9a-f:]+\](:\d{1,5})?$/i;

/** Why an allowed domain would be refused, in words that say how to fix it; null when it is fine. */
export function domainProblem(entry: string): string | null {
  const text = entry.trim();
  if (!text) return "Enter an address, or remove this line.";
  if (text === "*") return "A lone * would allow every page there is. Name a host, such as *.acme.example.";
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  if (scheme && !/^https?$/i.test(scheme[1] ?? ""))
    return "Begin with http:// or https://, or leave the scheme out.";
  const host = scheme ? text.slice(scheme[0].length) : text;
  if (/[/?#]/.test(host)) return `Leave out the path: ${host.split(/[/?#]/)[0]} is enough.`;
  if (/\s/.test(host)) return "One address a line, without spaces.";
  if (HOST.test(host) || IPV6.test(host)) return null;
  return "Enter a host such as intranet.acme.example, with http:// or https:// if it matters.";
}
