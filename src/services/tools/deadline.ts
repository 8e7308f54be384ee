/** How long somebody waits for a database, an API or an MCP server. */
import { AppError } from "../../errors.ts";

/**
 * Aborted with TOOL_TIMEOUT after so many milliseconds, or when `signal` is. The runtime's own `AbortSignal.timeout` has
 * an error as its reason that nobody made on purpose, so whoever waits would be told of a fault of Parley's.
 */
export function deadline(ms: number, signal?: AbortSignal): AbortSignal {
  const late = new AbortController();
  const sentence = `Nothing came within ${ms / 1000} seconds. Try again later, or ask for less at once.`;
  setTimeout(() => late.abort(new AppError("TOOL_TIMEOUT", sentence)), ms).unref();
  return signal ? AbortSignal.any([signal, late.signal]) : late.signal;
}
