/**
 * The `fetch` that an SDK gets: egress below it, and every failure of the vendor already one of ours, so
 * that no SDK's own error handling, logging or header habits matter.
 */
import type { Fetch } from "../egress/egress.ts";
import { AppError } from "../errors.ts";
import { type Framing, readEvents } from "./framing.ts";
import {
  badResponse,
  cutOff,
  fromErrorEvent,
  fromErrorStatus,
  fromNetworkError,
  type Upstream,
} from "./upstream-errors.ts";

export type UpstreamCall = {
  upstream: Upstream;
  fetch: Fetch;
  /** One JSON document, read and checked here; or a stream, given on as it comes, to be read by `streamedEvents`. */
  form: AnswerForm;
  /** The only headers that carry a secret. */
  credentials: Record<string, string>;
  signal: AbortSignal;
};

export type AnswerForm = "document" | "stream";

/** SDKs add the machine's platform and read headers from the environment; neither is the vendor's business. */
const HEADERS_THAT_PASS = ["accept", "anthropic-version", "content-type"];
const MAX_DOCUMENT_BYTES = 4_000_000;
const MAX_ERROR_BYTES = 64_000;

/** @throws AppError (the returned fetch and the body it gives) as the port says; the signal's reason when aborted. */
export function upstreamFetch({ upstream, fetch, form, credentials, signal }: UpstreamCall): Fetch {
  return async (input, init = {}) => {
    const headers = passingHeaders(init.headers, credentials);
    const response = await send(upstream, fetch, input, { ...init, headers, signal }, signal);
    if (!response.ok) throw await toError(upstream, response);
    if (/html/i.test(response.headers.get("content-type") ?? "")) {
      await response.body?.cancel();
      throw badResponse(upstream, "answered with a web page instead of a model's reply");
    }
    if (!response.body) throw badResponse(upstream, "answered with nothing");
    return form === "document" ? wholeDocument(upstream, response, signal) : response;
  };
}

/**
 * The data of each event of an answer that streams. Read here and not by the SDK, whose reader wants a second stream
 * around the first: that costs more per token than everything else that a turn does.
 *
 * @throws AppError as the port says; the signal's reason when aborted
 */
export function streamedEvents(
  upstream: Upstream,
  response: Response,
  framing: Framing,
  signal: AbortSignal,
): AsyncGenerator<unknown, void> {
  if (!response.body) throw badResponse(upstream, "answered with nothing");
  return readEvents(response.body, framing, framingErrors(upstream, signal));
}

/**
 * What an SDK threw, as the port promises it: our own error from within it, the signal's reason, or
 * UPSTREAM_BAD_RESPONSE for an answer that the SDK could not make sense of.
 */
export function fromSdkError(upstream: Upstream, thrown: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  return fromSdkCause(thrown) ?? badResponse(upstream, "answered in a way that Parley does not understand");
}

/** SDKs wrap what their `fetch` throws; this is our own error from within, or null. */
export function fromSdkCause(thrown: unknown): AppError | null {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    if (error instanceof AppError) return error;
  }
  return null;
}

function passingHeaders(given: RequestInit["headers"], credentials: Record<string, string>): Headers {
  const all = new Headers(given);
  const passing = HEADERS_THAT_PASS.flatMap((name): [string, string][] => {
    const value = all.get(name);
    return value === null ? [] : [[name, value]];
  });
  return new Headers([...passing, ["user-agent", "Parley"], ...Object.entries(credentials)]);
}

async function send(
  upstream: Upstream,
  fetch: Fetch,
  input: Parameters<Fetch>[0],
  init: RequestInit,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(input, init);
  } catch (thrown) {
    throw signal.aborted ? signal.reason : fromNetworkError(upstream, thrown);
  }
}

async function toError(upstream: Upstream, response: Response): Promise<AppError> {
  // An error that comes without a readable reason is still that error.
  const body = await readText(response, MAX_ERROR_BYTES).catch(() => null);
  return fromErrorStatus(upstream, response.status, body ?? "", response.headers.get("retry-after"));
}

async function wholeDocument(upstream: Upstream, response: Response, signal: AbortSignal): Promise<Response> {
  const text = await readText(response, MAX_DOCUMENT_BYTES).catch((thrown: unknown) => {
    throw signal.aborted ? signal.reason : cutOff(upstream, thrown);
  });
  if (text === null) throw badResponse(upstream, "answered with far too much");
  if (!isJson(text)) throw badResponse(upstream, "answered with something that is not JSON");
  return new Response(text, { headers: { "content-type": "application/json" } });
}

/** Null when there is more than `limit` bytes of it. */
async function readText(response: Response, limit: number): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const bytes of response.body ?? []) {
    size += bytes.length;
    if (size > limit) return null;
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}

function framingErrors(upstream: Upstream, signal: AbortSignal) {
  return {
    bad: (problem: string) => badResponse(upstream, problem),
    cut: (cause?: unknown) => (signal.aborted ? signal.reason : cutOff(upstream, cause)),
    reported: (event: unknown) => fromErrorEvent(upstream, event),
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
