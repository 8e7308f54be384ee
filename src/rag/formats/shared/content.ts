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
  let controls = 0;
  for (const byte of bytes) {
    if (byte === 0) return false;
    if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) controls++;
  }
  return controls * 100 <= bytes.length && !isImage(bytes);
}

/** A byte order mark, or zeros in (nearly) every other place as in European text. */
function isUtf16(bytes: Uint8Array): boolean {
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) {
    return hasTextUnits(bytes, bytes[0] === 0xff);
  }
  return bytes.length >= 8 && utf16WithoutMark(bytes) !== null;
}

/** "utf-16le" or "utf-16be" for text whose every other byte is zero, else null. */
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
  return null;
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
