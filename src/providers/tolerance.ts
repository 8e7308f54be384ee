import { isRecord } from "./adapter.ts";
import { fromSdkCause } from "./upstream.ts";
import type { RefusableParameter } from "./upstream-errors.ts";

/** What a server said it does not take, by address and model; learned once, so that it costs one request. */
export type Refusals = Map<string, Set<string>>;

/** What a refused parameter is sent as instead. Leaving out `tools` would change the answer, so they stay. */
const REPLACEMENTS: ReadonlyMap<string, string | null> = new Map<RefusableParameter, string | null>([
  ["stream_options", null],
  ["temperature", null],
  ["max_tokens", "max_completion_tokens"],
]);

/**
 * Sends a request, and again without what the server said it does not take: models that think refuse a
 * temperature, older servers refuse `stream_options`, newer ones `max_tokens`.
 *
 * @param key names the server and the model in `refusals`
 */
export async function sendTolerantly<Body extends object, Answer>(
  refusals: Refusals,
  key: string,
  body: Body,
  send: (body: Body) => PromiseLike<Answer>,
): Promise<Answer> {
  const refused = refusals.get(key) ?? new Set();
  for (;;) {
    try {
      return await send(withoutRefused(body, refused));
    } catch (thrown) {
      const fresh = refusedParameters(thrown).filter((name) => name in body && !refused.has(name));
      if (fresh.length === 0) throw thrown;
      for (const name of fresh) refused.add(name);
      refusals.set(key, refused);
    }
  }
}

function refusedParameters(thrown: unknown): string[] {
  const details = fromSdkCause(thrown)?.details;
  const named = isRecord(details) && Array.isArray(details.refused) ? details.refused.map(String) : [];
  return named.filter((name) => REPLACEMENTS.has(name));
}

function withoutRefused<Body extends object>(body: Body, refused: ReadonlySet<string>): Body {
  const entries = Object.entries(body).flatMap(([name, value]): [string, unknown][] => {
    if (!refused.has(name)) return [[name, value]];
    const replacement = REPLACEMENTS.get(name);
    return replacement ? [[replacement, value]] : [];
  });
  return Object.fromEntries(entries) as Body;
}
