import { AppError } from "../errors.ts";
import { isRecord } from "./adapter.ts";
import { fromSdkCause } from "./upstream.ts";
import type { RefusableParameter } from "./upstream-errors.ts";

/** What a refused parameter is sent as instead. Leaving out `tools` would change the answer, so they stay. */
const REPLACEMENTS: Partial<Record<RefusableParameter, string | null>> = {
  stream_options: null,
  temperature: null,
  max_tokens: "max_completion_tokens",
};

/**
 * Sends a request, and once more without what the server said it does not take: models that think refuse a
 * temperature, older servers refuse `stream_options`, newer ones `max_tokens`.
 */
export async function sendTolerantly<Body extends object, Answer>(
  body: Body,
  send: (body: Body) => PromiseLike<Answer>,
): Promise<Answer> {
  try {
    return await send(body);
  } catch (thrown) {
    const plainer = withoutRefused(body, refusedParameters(thrown));
    if (!plainer) throw thrown;
    return await send(plainer);
  }
}

function refusedParameters(thrown: unknown): string[] {
  const error = fromSdkCause(thrown);
  const details = error instanceof AppError ? error.details : null;
  return isRecord(details) && Array.isArray(details.refused) ? details.refused.map(String) : [];
}

/** Null when there is nothing to leave out. */
function withoutRefused<Body extends object>(body: Body, refused: string[]): Body | null {
  const replacements = new Map(Object.entries(REPLACEMENTS));
  const affected = refused.filter((name) => name in body && replacements.has(name));
  if (affected.length === 0) return null;
  const entries = Object.entries(body).flatMap(([name, value]): [string, unknown][] => {
    if (!affected.includes(name)) return [[name, value]];
    const replacement = replacements.get(name);
    return replacement ? [[replacement, value]] : [];
  });
  return Object.fromEntries(entries) as Body;
}
