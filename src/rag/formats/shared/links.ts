/** Addresses behind links: who reads a passage cannot click, and "write to us" says nothing without its address. */

/** A longer one holds more for programs than for people. */
const LONGEST_ADDRESS = 200;

/** The text of a link with its address behind it, unless it says that itself or leads to a place in the same site. */
export function withAddress(text: string, href: string): string {
  const address = addressOf(href.trim());
  if (text.trim() === "" || address === null || says(text, address)) return text;
  return `${text.trimEnd()} (${address})${/\s$/.test(text) ? " " : ""}`;
}

function addressOf(href: string): string | null {
  const [, scheme, rest = ""] = /^(mailto|tel|sms|https?):(.+)$/is.exec(href) ?? [];
  if (scheme === undefined || rest.length > LONGEST_ADDRESS) return null;
  return scheme.toLowerCase().startsWith("http") ? href : decoded(rest.replace(/\?.*$/s, ""));
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** "parley.test/help" says "https://www.parley.test/help/". */
function says(text: string, address: string): boolean {
  const plain = (each: string) =>
    each
      .toLowerCase()
      .replace(/^https?:\/\/(?:www\.)?|\/$/g, "")
      .replace(/[\s()-]/g, "");
  return plain(text).includes(plain(address)) || plain(address) === plain(text);
}
