/** The text of a page, in the encoding that it says it is in, unless it cannot be. */
import { decodeAs, decodeDocument } from "../shared/encoding/decode.ts";
import { plausibility } from "../shared/encoding/plausible.ts";

/** A declaration further down is none: it would stand below the head. */
const HEAD_CHARACTERS = 262_144;
const DECLARED =
  /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w:.-]{2,30})|^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([\w.-]{2,30})/gi;
/** By so much the declared encoding may look worse than the one that the text seems to be in. */
const BENEFIT_OF_DOUBT = 0.3;
const SAMPLE = 65_536;

/** @throws as decodeDocument does */
export function textOfPage(bytes: Uint8Array): string {
  const declared = declaredEncoding(bytes);
  const named = declared === null ? null : decodeAs(bytes, declared);
  if (named !== null && isItself(bytes, declared ?? "")) return named;
  const { text, encoding } = decodeDocument(bytes);
  if (encoding.startsWith("utf-") || named === null) return text;
  return plausibility(sample(named)) + BENEFIT_OF_DOUBT >= plausibility(sample(text)) ? named : text;
}

/** The last one in the head counts little less than the first: they are the same in all pages but broken ones. */
function declaredEncoding(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_CHARACTERS)).toString(
    "latin1",
  );
  const end = start.search(/<\/head\s*>|<body[\s>]/i);
  const [first] = (end === -1 ? start : start.slice(0, end)).matchAll(DECLARED);
  const name = (first?.[1] ?? first?.[2])?.toLowerCase() ?? null;
  // What declares itself in bytes like ASCII's is not UTF-16.
  return name?.startsWith("utf-16") ? "utf-8" : name;
}

/** Encodings whose bytes below 0x80 are not all ASCII cannot be told from it. */
function isItself(bytes: Uint8Array, declared: string): boolean {
  return /^iso-2022/.test(declared) && bytes.every((byte) => byte < 0x80);
}

/** From where it first says more than ASCII does. */
function sample(text: string): string {
  const from = Math.max(0, text.search(/[^\p{ASCII}]/u) - SAMPLE / 2);
  return text.slice(from, from + SAMPLE);
}
