/** Addresses as far as access rules need them. The classes for dialling out are in egress. */

/** Whether `text` is an IPv4 or IPv6 address, without brackets, port or range. */
export function isAddress(text: string): boolean {
  if (/^\d+(\.\d+){3}$/.test(text)) return URL.canParse(`http://${text}`);
  return /^[0-9a-f.]*:[0-9a-f:.]*$/i.test(text) && URL.canParse(`http://[${text}]`);
}

/** Whether `address` (as the socket gives it) is this machine itself. */
export function isLoopbackAddress(address: string): boolean {
  const plain = unmapped(address);
  return plain === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(plain);
}

/** Loopback, RFC 1918, link-local and unique local addresses: an intranet behind one NAT shares them. */
export function isPrivateAddress(address: string): boolean {
  const plain = unmapped(address).toLowerCase();
  if (isLoopbackAddress(plain)) return true;
  const octets = plain.split(".").map(Number);
  const [first = -1, second = -1] = octets;
  if (octets.length === 4) {
    return (
      first === 10 ||
      (first === 172 && second >= 16 && second <= 31) ||
      (first === 192 && second === 168) ||
      (first === 169 && second === 254)
    );
  }
  return /^f[cd][0-9a-f]{2}:/.test(plain) || /^fe[89ab][0-9a-f]:/.test(plain);
}

/** Whether a `Host` header names this machine itself. */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname.toLowerCase();
  return (
    name === "localhost" || name.endsWith(".localhost") || isLoopbackAddress(name.replace(/^\[|\]$/g, ""))
  );
}

/** `::ffff:10.0.0.1` is 10.0.0.1. */
export function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}

/**
 * The visitor's address behind proxies: the right-most entry of `X-Forwarded-For` that is no trusted
 * proxy, when the peer itself is one; else the peer.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | null,
  trustedProxies: readonly string[],
): string {
  const trusted = (address: string) => trustedProxies.includes(unmapped(address));
  if (!trusted(peer) || !forwardedFor) return unmapped(peer);
  const hops = forwardedFor.split(",").map((hop) => hop.trim().replace(/^\[|\](:\d+)?$/g, ""));
  return unmapped(hops.findLast((hop) => !trusted(hop)) ?? peer);
}
