const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * How long to wait before reconnecting. Doubles with every failed attempt, half of it by chance, so that
 * a thousand open panels do not all come back in the moment the server does.
 *
 * @param attempt failures in a row, from 0
 * @param random from 0 to 1
 * @returns milliseconds, between half and all of min(500 · 2^attempt, 30,000)
 */
export function retryDelayMs(attempt: number, random: number): number {
  const fullMs = Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
  return fullMs / 2 + (fullMs / 2) * random;
}
