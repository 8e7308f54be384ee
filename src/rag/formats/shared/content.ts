/** What the first bytes of a file say about it. */

/** All that detecting a format looks at. */
export const HEAD_BYTES = 4_096;

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

export function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

export function isZip(head: Uint8Array): boolean {
  return startsWith(head, [0x50, 0x4b]);
}

/** The beginning of a text, whatever it is encoded in: enough to see markup by. */
export function asciiOf(head: Uint8Array): string {
  return latin1(head)
    .replaceAll("\0", "")
    .replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, "");
}

/** It says so, or begins with an element that it ends and that no page has. Pages in XHTML are pages. */
export function looksLikeXml(head: Uint8Array): boolean {
  const text = asciiOf(head).replace(/^\s*(?:<!--[\s\S]*?-->\s*)*/, "");
  if (/<html[\s>]/i.test(text)) return false;
  const [, root = ""] = /^<([A-Za-z_][\w.:-]*)(?:\s[^<>]*)?>/.exec(text) ?? [];
  return (
    /^<\?xml\s/.test(text) ||
    (root !== "" &&
      !OF_PAGES.test(root) &&
      new RegExp(`</${RegExp.escape(root)}>|^<[^>]*>\\s*<[A-Za-z]`).test(text))
  );
}

/** Elements with which pieces of pages, and of Markdown, begin. */
const OF_PAGES =
  /^(?:html|head|body|title|meta|div|p|span|a|b|i|u|em|strong|small|font|center|h[1-6]|ul|ol|li|dl|table|tr|td|img|br|hr|pre|code|kbd|blockquote|details|summary|section|article|header|footer|main|nav|aside|figure|picture|svg|script|style|link|form|iframe|video|sub|sup)$/i;

/**
 * Which package of documents a ZIP is, by the first parts in it: "word", "xl" and "ppt" of Office, the media type
 * that an OpenDocument declares, null when nothing tells. Any mark of another program outweighs Word's: its parts
 * may stand in theirs.
 */
export function packageOf(head: Uint8Array): string | null {
  const names = latin1(head);
  const [, declared, office] = /mimetype(application\/[a-z0-9.+-]*)|(xl|ppt)\//.exec(names) ?? [];
  return declared ?? office ?? (names.includes("word/") ? "word" : null);
}

/** No control characters but those of text files; zero bytes only as halves of UTF-16. */
export function looksLikeText(bytes: Uint8Array): boolean {
  if (isUtf16(bytes)) return true;
  if (bytes.includes(0)) return false;
  return controlsIn(bytes) * 100 <= bytes.length && !isImage(bytes);
}

function controlsIn(bytes: Uint8Array): number {
  return bytes.filter((byte) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b).length;
}

/** A byte order mark, zeros in (nearly) every other place as in European text, or units that make up other text. */
function isUtf16(bytes: Uint8Array): boolean {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) {
    return hasTextUnits(bytes, bytes[0] === 0xff);
  }
  return bytes.length >= 8 && utf16WithoutMark(bytes) !== null;
}

/** "utf-16le" or "utf-16be" for text without a mark whose bytes can be nothing else, else null. */
export function utf16WithoutMark(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  const sample = bytes.subarray(0, HEAD_BYTES);
  const pairs = Math.floor(sample.length / 2);
  let low = 0;
  let high = 0;
  for (let i = 0; i + 1 < sample.length; i += 2) {
    if (sample[i] === 0) high++;
    if (sample[i + 1] === 0) low++;
  }
  if (low > pairs * 0.7 && high === 0) return "utf-16le";
  if (high > pairs * 0.7 && low === 0) return "utf-16be";
  // In one-byte encodings and UTF-8 there are no such control characters; there halves of letters look like them.
  const isOther = controlsIn(sample) * 100 <= sample.length;
  if (isOther || pairs < 8) return null;
  if (isOneScript(sample, "utf-16le")) return "utf-16le";
  return isOneScript(sample, "utf-16be") ? "utf-16be" : null;
}

/** Scripts whose letters take both bytes, with the signs and blanks that go with them. */
const WIDE_SCRIPTS = [
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/gu,
  /\p{Script=Hangul}/gu,
  /\p{Script=Cyrillic}/gu,
  /\p{Script=Greek}/gu,
  /\p{Script=Arabic}/gu,
  /\p{Script=Hebrew}/gu,
  /\p{Script=Thai}/gu,
  /\p{Script=Devanagari}/gu,
];

function isOneScript(sample: Uint8Array, encoding: "utf-16le" | "utf-16be"): boolean {
  const text = new TextDecoder(encoding).decode(sample.subarray(0, sample.length & ~1));
  // By chance half of all units are Chinese; text has blanks, full stops and line ends, too.
  if (!/[ \n\u3000-\u3002\uff0c\u060c]/.test(text) || /[\ufffd\ue000-\uf8ff]/.test(text)) return false;
  const plain = text.match(/[\t\n\r -~]/g)?.length ?? 0;
  return WIDE_SCRIPTS.some((script) => (text.match(script)?.length ?? 0) + plain >= text.length * 0.95);
}

/** Two bytes of a mark can begin any binary file; text has no NUL units and few control units. */
function hasTextUnits(bytes: Uint8Array, littleEndian: boolean): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let controls = 0;
  for (let i = 2; i + 1 < bytes.length; i += 2) {
    const unit = view.getUint16(i, littleEndian);
    if (unit === 0) return false;
    if (unit < 0x20 && !(unit >= 0x09 && unit <= 0x0d)) controls++;
  }
  return controls * 50 <= bytes.length;
}

function isImage(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0xff, 0xd8, 0xff]) || startsWith(bytes, [0x89, 0x50, 0x4e, 0x47]);
}
