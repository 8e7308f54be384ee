/**
 * On Parley's own pages, browsers leave every trace of the origin off a GET over plain HTTP, and Parley
 * would refuse it as a stranger's. This header says it instead: no other origin is able to send it.
 */
export function ownPageMark(base: string): Record<string, string> {
  return new URL(base).origin === location.origin ? { "x-parley-page": "own" } : {};
}
