/**
 * What an IP address is, decided on its bytes, because text has too many spellings for one machine.
 */

/**
 * `shared` is 100.64.0.0/10 (carrier and overlay networks); `metadata` are the addresses where clouds hand
 * out credentials; `unspecified` is 0.0.0.0/8 and ::, which the kernel turns into this machine.
 */
export type AddressClass =
  | "public"
  | "private"
  | "shared"
  | "loopback"
  | "link-local"
  | "metadata"
  | "unspecified"
  | "multicast"
  | "broadcast"
  | "reserved";

type Range = readonly [address: string, prefixBits: number, addressClass: AddressClass];

/** The first range that holds the address decides. IANA's special-purpose registries, and three clouds. */
const IPV4_RANGES: readonly Range[] = [
  ["168.63.129.16", 32, "metadata"],
  ["100.100.100.200", 32, "metadata"],
  ["169.254.169.254", 32, "metadata"],
  ["169.254.170.2", 32, "metadata"],
  ["0.0.0.0", 8, "unspecified"],
  ["10.0.0.0", 8, "private"],
  ["100.64.0.0", 10, "shared"],
  ["127.0.0.0", 8, "loopback"],
  ["169.254.0.0", 16, "link-local"],
  ["172.16.0.0", 12, "private"],
  ["192.0.0.0", 24, "reserved"],
  ["192.0.2.0", 24, "reserved"],
  ["192.88.99.0", 24, "reserved"],
  ["192.168.0.0", 16, "private"],
  ["198.18.0.0", 15, "reserved"],
  ["198.51.100.0", 24, "reserved"],
  ["203.0.113.0", 24, "reserved"],
  ["224.0.0.0", 4, "multicast"],
  ["255.255.255.255", 32, "broadcast"],
  ["240.0.0.0", 4, "reserved"],
];

const IPV6_RANGES: readonly Range[] = [
  ["fd00:ec2::254", 128, "metadata"],
  ["fd20:ce::254", 128, "metadata"],
  ["::", 128, "unspecified"],
  ["::1", 128, "loopback"],
  ["100::", 64, "reserved"],
  ["2001:db8::", 32, "reserved"],
  ["2001::", 23, "reserved"],
  ["3fff::", 20, "reserved"],
  ["5f00::", 16, "reserved"],
  ["fc00::", 7, "private"],
  ["fe80::", 10, "link-local"],
  ["fec0::", 10, "reserved"],
  ["ff00::", 8, "multicast"],
  ["2000::", 3, "public"],
  ["::", 0, "reserved"],
];

/** IPv6 notations for an IPv4 address, with where its four bytes are. */
const EMBEDDINGS: readonly {
  range: readonly [string, number];
  offset: number;
  kind: "same" | "tunnel";
  inverted?: true;
}[] = [
  { range: ["::ffff:0:0", 96], offset: 12, kind: "same" },
  { range: ["::ffff:0:0:0", 96], offset: 12, kind: "same" },
  { range: ["64:ff9b::", 96], offset: 12, kind: "tunnel" },
  { range: ["64:ff9b:1::", 48], offset: 12, kind: "tunnel" },
  { range: ["2002::", 16], offset: 2, kind: "tunnel" },
  { range: ["2001::", 32], offset: 12, kind: "tunnel", inverted: true },
];

/**
 * The class of an address as the URL parser and the resolver write it; brackets and a zone id are no part
 * of an address. An IPv4 address inside an IPv6 one is looked at too, and the stricter class counts.
 *
 * @returns null when `text` is not an IP address
 */
export function classifyAddress(text: string): AddressClass | null {
  const bytes = parseAddress(text);
  return bytes && classOf(bytes);
}

/** 4 or 16 bytes; an IPv4-mapped IPv6 address becomes the IPv4 address it is. Null for anything else. */
export function parseAddress(text: string): Uint8Array | null {
  const bytes = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  if (bytes?.length === 16 && isWithin(bytes, "::ffff:0:0", 96)) return bytes.slice(12);
  return bytes;
}

function classOf(bytes: Uint8Array): AddressClass {
  if (bytes.length === 4) return firstMatch(bytes, IPV4_RANGES);
  for (const { range, offset, kind, inverted } of EMBEDDINGS) {
    if (!isWithin(bytes, ...range)) continue;
    const inner = bytes.slice(offset, offset + 4).map((byte) => (inverted ? byte ^ 0xff : byte));
    return embeddedClass(classOf(inner), kind);
  }
  return firstMatch(bytes, IPV6_RANGES);
}

/** A tunnel to this machine or its network has no honest use, so it is no way around the policy for those. */
function embeddedClass(inner: AddressClass, kind: "same" | "tunnel"): AddressClass {
  const isInside = inner === "loopback" || inner === "private" || inner === "shared";
  return kind === "tunnel" && isInside ? "reserved" : inner;
}

function firstMatch(bytes: Uint8Array, ranges: readonly Range[]): AddressClass {
  return ranges.find(([address, bits]) => isWithin(bytes, address, bits))?.[2] ?? "public";
}

/** Whether the bytes of an address are in the network of so many leading bits; never in one of the other family. */
export function isWithin(bytes: Uint8Array, address: string, prefixBits: number): boolean {
  const network = address.includes(":") ? parseIpv6(address) : parseIpv4(address);
  if (network?.length !== bytes.length) return false;
  return bytes.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefixBits - index * 8));
    const mask = (0xff << (8 - bits)) & 0xff;
    return (byte & mask) === ((network[index] ?? 0) & mask);
  });
}

function parseIpv4(text: string): Uint8Array | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return null;
  return Uint8Array.from(parts, Number);
}

function parseIpv6(text: string): Uint8Array | null {
  const halves = withoutDottedTail(text)?.split("::");
  if (!halves || halves.length > 2) return null;
  const [head, tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - (head?.length ?? 0) - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return null;
  const groups = [...(head ?? []), ...Array<string>(missing).fill("0"), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]),
  );
}

/** `::ffff:10.0.0.1` as `::ffff:a00:1`; null when the dotted part is no IPv4 address. */
function withoutDottedTail(text: string): string | null {
  if (!text.includes(".")) return text;
  const cut = text.lastIndexOf(":") + 1;
  const tail = parseIpv4(text.slice(cut));
  if (!tail) return null;
  const [first, second] = [tail.slice(0, 2), tail.slice(2)].map((pair) => Buffer.from(pair).toString("hex"));
  return `${text.slice(0, cut)}${first}:${second}`;
}
