/** What the shape of a single line of plain text says of it. */

const LONGEST_HEADING = 90;
const NUMBER = /^\s*(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+\p{Lu}/u;

/** It does not end like a sentence. */
function couldBeHeading(line: string): boolean {
  const text = line.trim();
  return text.length <= LONGEST_HEADING && !/[.!?:;,]$/.test(text) && /\p{L}{2}/u.test(text);
}

/** "2.1 Holidays". */
export function isNumbered(line: string): boolean {
  return couldBeHeading(line) && NUMBER.test(line);
}

export function isCapitals(line: string): boolean {
  const text = line.trim();
  return (
    couldBeHeading(line) && text === text.toUpperCase() && text !== text.toLowerCase() && text.length > 3
  );
}

/** "3. Open flap C": the number of an item, which says nothing of its depth. */
export function isStep(line: string): boolean {
  return /^\s*\d{1,2}[.)]?\s+\p{L}/u.test(line);
}

/** As titles are: it begins like a sentence and is none. */
export function isShortLine(line: string): boolean {
  return couldBeHeading(line) && /^[\p{Lu}\p{Lo}\p{N}]/u.test(line.trim()) && !/[@\t]| {3}/.test(line.trim());
}

export function numberOf(line: string): number {
  return Number(/^\s*(\d{1,2})/.exec(line)?.[1]);
}

export function headingLevel(line: string): number {
  const number = isNumbered(line) ? NUMBER.exec(line)?.[1] : undefined;
  return number ? 1 + number.split(".").length : 1;
}
