/**
 * Takes out characters that a reader cannot see but a model would read: a document must not say one thing to
 * the person who checks it and another to the model.
 */

/** Zero-width characters, direction overrides, Unicode tags and variation selectors beyond the plain ones. */
const HIDDEN =
  /[\u200b\u2060-\u2064\u202a-\u202e\u2066-\u2069\u180e\u3164\u115f\u1160]|[\u{e0000}-\u{e007f}]|[\u{e0100}-\u{e01ef}]/gu;
/** Joiners carry meaning inside Arabic, Indic and emoji; anywhere else they hide. */
const STRAY_JOINERS =
  /(?<!\p{Script=Arabic}|\p{Script=Devanagari}|\p{Script=Bengali}|\p{Script=Tamil}|\p{Script=Malayalam}|\p{Script=Sinhala}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)[\u200c\u200d]/gu;
/** Harmless and common: byte order marks, direction marks, soft hyphens, control characters. */
const NOISE = /[\ufeff\u200e\u200f\u061c\u00ad\ufff9-\ufffb]|(?![\t\n\v\f\r])\p{Cc}/gu;
/** Anything but printable ASCII, Latin, Greek, Cyrillic, Hebrew and Arabic letters. */
const SUSPECT = /[^\t\n\r\x20-\x7e\u00a1-\u00ac\u00ae-\u061b\u061e-\u115e]/;

/** The text that people see, and how many hidden characters were taken out. */
export function cleanText(text: string): { text: string; hidden: number } {
  // Most text has nothing to take out; one quick look spares four passes.
  if (!SUSPECT.test(text)) return { text: text.replace(NOISE, ""), hidden: 0 };
  const wellFormed = text.toWellFormed().replace(NOISE, "");
  const visible = wellFormed.replace(HIDDEN, "").replace(STRAY_JOINERS, "");
  return { text: visible.replace(/\u00a0/g, " "), hidden: wellFormed.length - visible.length };
}
