/** Bytes to text, whatever encoding they are in. */
import chardet from "chardet";
import { utf16WithoutMark } from "./content.ts";
import { MOST_TEXT_BYTES, resourceLimit } from "./limits.ts";

/** TextDecoder checks the names that it is given; the types only know most of them. */
type Label = ConstructorParameters<typeof TextDecoder>[0];

/** Enough for statistics, quick on a large file. */
const SAMPLE_BYTES = 65_536;

/** The text in the encoding of this name, null when there is no such encoding. */
export function decodeAs(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label as Label).decode(bytes);
  } catch {
    return null;
  }
}

/** The text and the name of its encoding as WHATWG spells it. Never throws: unknown bytes become U+FFFD. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: string } {
  const encoding = encodingOf(bytes);
  return { text: new TextDecoder(encoding as Label).decode(bytes), encoding };
}

/** The same for a whole document. @throws RESOURCE_LIMIT for more than one document may hold */
export function decodeDocument(bytes: Uint8Array): { text: string; encoding: string } {
  if (bytes.length > MOST_TEXT_BYTES) throw resourceLimit("The document holds more than 20 MB of text.");
  return decodeText(bytes);
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const unmarked = utf16WithoutMark(bytes);
  if (unmarked) return unmarked;
  if (isUtf8(bytes)) return "utf-8";
  return guess(bytes);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** One damaged byte in UTF-8 must not turn every accent into two letters: then UTF-8 is what remains. */
function guess(bytes: Uint8Array): string {
  const found = chardet.detect(bytes.subarray(0, SAMPLE_BYTES))?.toLowerCase() ?? "windows-1252";
  // Windows-1252 is what files called Latin-1 are in, and knows the same letters.
  const label = found === "iso-8859-1" || found === "ascii" ? "windows-1252" : found;
  try {
    return new TextDecoder(label as Label).encoding;
  } catch {
    return "windows-1252";
  }
}
