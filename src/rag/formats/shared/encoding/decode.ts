/** Bytes to text, whatever encoding they are in. */
import chardet from "chardet";
import { AppError } from "../../../../errors.ts";
import { utf16WithoutMark } from "../content.ts";
import { MOST_TEXT_BYTES, resourceLimit } from "../limits.ts";
import { CODE_PAGES, decodeCodePage } from "./code-pages.ts";
import { plausibility } from "./plausible.ts";

/** TextDecoder checks the names that it is given; the types only know most of them. */
type Label = ConstructorParameters<typeof TextDecoder>[0];

/** Enough for statistics, quick on a large file. */
const SAMPLE_BYTES = 65_536;
/** What statistics of letters say least of: the encodings of Macs and of DOS. The first of equals counts. */
const OTHERS = [
  ...["windows-1252", "windows-1250", "windows-1251", "koi8-r", "ibm866", "cp858", "cp852", "cp437"],
  ...["macintosh", "x-mac-cyrillic"],
];
/** How much the statistics' own confidence counts beside what the text looks like: more where characters take several bytes. */
const STATISTICS_WEIGHT = 0.15;
const WIDE_WEIGHT = 0.5;
const WIDE = /^(?:shift_jis|euc-|gb|big5|iso-2022)/;
/** Text that looks worse than this in its best encoding is no text. */
const LEAST_PLAUSIBLE = 0;
/** A stray byte or two make no file unreadable. */
const MOST_STRAY = 0.02;

/** The text in the encoding of this name, null when there is no such encoding. */
export function decodeAs(bytes: Uint8Array, label: string): string | null {
  if (CODE_PAGES.includes(label)) return decodeCodePage(bytes, label);
  try {
    return new TextDecoder(label as Label).decode(bytes);
  } catch {
    return null;
  }
}

/** The text and the name of its encoding. Never throws: unknown bytes become U+FFFD. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: string } {
  const encoding = encodingOf(bytes);
  return { text: decodeAs(bytes, encoding) ?? "", encoding };
}

/**
 * The same for a whole document.
 * @throws RESOURCE_LIMIT for more than one document may hold, UNREADABLE_TEXT for bytes that are text in no encoding
 */
export function decodeDocument(bytes: Uint8Array): { text: string; encoding: string } {
  if (bytes.length > MOST_TEXT_BYTES) throw resourceLimit("The document holds more than 20 MB of text.");
  if (isEbcdic(bytes)) {
    throw unreadable("The file is in EBCDIC, the characters of mainframes");
  }
  const { text, encoding } = decodeText(bytes);
  if (!encoding.startsWith("utf-") && !isPlausible(text.slice(0, SAMPLE_BYTES))) {
    throw unreadable("The characters of the file make no text in any encoding that Parley knows");
  }
  return { text, encoding };
}

function isPlausible(text: string): boolean {
  const foreign = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  return foreign < text.length * MOST_STRAY || plausibility(text) >= LEAST_PLAUSIBLE;
}

function unreadable(what: string): AppError {
  return new AppError(
    "UNREADABLE_TEXT",
    `${what}. Save it as UTF-8 in the program it comes from, then upload that.`,
  );
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const unmarked = utf16WithoutMark(bytes);
  if (unmarked) return unmarked;
  return isUtf8(bytes) ? "utf-8" : guess(sampleOf(bytes));
}

/** One damaged byte in UTF-8, or a file that was cut, must not turn every accent into two letters. */
function isUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder("utf-8").decode(bytes);
  const damaged = text.split("\ufffd").length - 1;
  if (damaged === 0) return true;
  const whole = (text.match(/[^\p{ASCII}]/gu)?.length ?? 0) - damaged;
  return whole >= damaged * 4;
}

/** From the first byte that tells anything. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  const telling = bytes.findIndex((byte) => byte >= 0x80);
  const from = Math.max(0, telling - SAMPLE_BYTES / 2);
  return bytes.subarray(from, from + SAMPLE_BYTES);
}

/** What letter statistics propose, and what they do not know: the one in which the text looks most like text. */
function guess(sample: Uint8Array): string {
  const proposed = new Map(
    chardet.analyse(sample).map(({ name, confidence }) => [usual(name), confidence / 100]),
  );
  let best = { label: "windows-1252", worth: Number.NEGATIVE_INFINITY };
  for (const label of new Set([...proposed.keys(), ...OTHERS])) {
    const text = decodeAs(sample, label);
    if (text === null) continue;
    const worth =
      plausibility(text) + (WIDE.test(label) ? WIDE_WEIGHT : STATISTICS_WEIGHT) * (proposed.get(label) ?? 0);
    if (worth > best.worth) best = { label, worth };
  }
  return best.label;
}

/** Windows-1252 is what files called Latin-1 are in, and knows the same letters. */
function usual(name: string): string {
  const label = name.toLowerCase();
  return label === "iso-8859-1" || label === "ascii" || label === "utf-8" ? "windows-1252" : label;
}

/** Blanks are 0x40, letters and digits lie above 0x80: as ASCII hardly a letter is left. */
function isEbcdic(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  let blanks = 0;
  let fitting = 0;
  for (const byte of sample) {
    if (byte === 0x40) blanks++;
    if (isEbcdicCharacter(byte)) fitting++;
  }
  const ascii = sample.filter((byte) => byte === 0x20 || (byte >= 0x61 && byte <= 0x7a)).length;
  return (
    sample.length >= 16 &&
    blanks * 20 > sample.length &&
    fitting > sample.length * 0.9 &&
    ascii * 20 < sample.length
  );
}

/** Blank, line end, letters, digits and the usual signs. */
function isEbcdicCharacter(byte: number): boolean {
  const low = byte & 0x0f;
  const isLetter = byte >= 0x81 && byte <= 0xe9 && low >= 1 && low <= 9;
  return (
    isLetter ||
    byte >= 0xf0 ||
    [0x40, 0x15, 0x25, 0x0d, 0x4b, 0x6b, 0x60, 0x61, 0x7a, 0x7d, 0x4d, 0x5d].includes(byte)
  );
}
