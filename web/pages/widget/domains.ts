import { allowedPage } from "../../../src/protocol/allowed-page.ts";

/** Why an allowed page would be refused, in words that say how to fix it; null when it is fine. */
export function domainProblem(entry: string): string | null {
  return allowedPage(entry).problem ?? null;
}
