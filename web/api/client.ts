import type { ErrorAnswer } from "../../src/protocol/chat-protocol.ts";

/**
 * What every failed call throws. `message` is ready to be shown. `requestId` is null when no answer
 * came from Parley at all (code `NETWORK`) or the answer was not Parley's (code `BAD_ANSWER`).
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly requestId: string | null,
    readonly details: unknown = undefined,
  ) {
    super(message);
  }
}

export type CallOptions = { signal?: AbortSignal; tenant?: string };

type Hooks = { tenant: () => string | null; onUnauthenticated: () => void; onSetupRequired: () => void };

/** Set once by state/session.ts, which knows who is signed in; the client itself keeps no state. */
let hooks: Hooks = { tenant: () => null, onUnauthenticated: () => {}, onSetupRequired: () => {} };

export function connectClient(to: Hooks): void {
  hooks = to;
}

/** Parley may live under a path (`--base-path`); the page's own address tells. */
const BASE = typeof location === "undefined" ? "/" : location.pathname.replace(/[^/]*$/, "");

export function address(path: string): string {
  return BASE + path.replace(/^\//, "");
}

export function getJson<Answer>(path: string, options: CallOptions = {}): Promise<Answer> {
  return call<Answer>("GET", path, undefined, options);
}

/** The answer as it is, for files to save. */
export async function getText(path: string): Promise<string> {
  const answer = await dial(path, { method: "GET", headers: headersFor(undefined) });
  const text = await answer.text();
  if (!answer.ok) throw toApiError(answer.status, text);
  return text;
}

/** The same for files that may be large. */
export async function getBlob(path: string): Promise<Blob> {
  const answer = await dial(path, { method: "GET", headers: headersFor(undefined) });
  if (!answer.ok) throw toApiError(answer.status, await answer.text());
  try {
    return await answer.blob();
  } catch {
    throw unreachable();
  }
}

export function sendJson<Answer>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  options: CallOptions = {},
): Promise<Answer> {
  return call<Answer>(method, path, body, options);
}

async function call<Answer>(
  method: string,
  path: string,
  body: unknown,
  options: CallOptions,
): Promise<Answer> {
  const answer = await dial(path, {
    method,
    headers: headersFor(body, options.tenant),
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw toApiError(answer.status, text);
  return (text ? JSON.parse(text) : undefined) as Answer;
}

/** Posts JSON and yields the `data:` of each server-sent event, parsed. Throws ApiError like the rest. */
export async function* streamEvents<Event>(
  path: string,
  body: unknown,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  const answer = await dial(path, {
    method: "POST",
    headers: { ...headersFor(body), accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  });
  if (!answer.ok || !answer.body) throw toApiError(answer.status, await answer.text());
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    buffer += value;
    const events = buffer.split(/\r?\n\r?\n/);
    buffer = events.pop() ?? "";
    for (const event of events) {
      const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
      if (lines.length > 0) yield JSON.parse(lines.map((line) => line.slice(5)).join("\n")) as Event;
    }
  }
}

/**
 * One file as multipart. XMLHttpRequest because fetch cannot tell how much has been sent. `sent` is 0 to 1.
 * A refusal that carries the items it is about is an answer: they say more than its error does.
 */
export function uploadFile<Answer>(
  path: string,
  file: File,
  onSent: (sent: number) => void,
  { signal, tenant }: { signal: AbortSignal; tenant: string },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("file", file, file.name);
    const xhr = new XMLHttpRequest();
    xhr.open("POST", address(path));
    xhr.setRequestHeader("x-parley-tenant", tenant);
    xhr.upload.onprogress = (event) => event.lengthComputable && onSent(event.loaded / event.total);
    xhr.onload = () => {
      const answer = parseAnswer<Answer>(xhr.status, xhr.responseText);
      if (answer) resolve(answer);
      else reject(toApiError(xhr.status, xhr.responseText));
    };
    xhr.onerror = () => reject(unreachable());
    xhr.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    signal.addEventListener("abort", () => xhr.abort(), { once: true });
    xhr.send(form);
  });
}

function parseAnswer<Answer>(status: number, text: string): Answer | null {
  if (status >= 200 && status < 300) return JSON.parse(text) as Answer;
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === "object" && answer !== null && "items" in answer ? (answer as Answer) : null;
  } catch {
    return null;
  }
}

export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}

/** What the server found wrong with a field of the body, by its name; null when it did not complain about it. */
export function fieldProblem(error: ApiError | null, field: string): string | null {
  return fieldProblems(error)[field] ?? null;
}

/** By field, what the server found wrong with the body. */
export function fieldProblems(error: ApiError | null): Record<string, string> {
  const { fields } = (error?.details ?? {}) as { fields?: Record<string, string> };
  return fields ?? {};
}

/** Whatever was thrown, as something that can be shown. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError("CLIENT", "This page ran into a mistake of its own. Load it again.", 0, null);
}

function headersFor(body: unknown, tenant = hooks.tenant()): Record<string, string> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (tenant) headers["x-parley-tenant"] = tenant;
  if (body !== undefined && !(body instanceof FormData)) headers["content-type"] = "application/json";
  return headers;
}

async function dial(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address(path), { ...init, credentials: "same-origin", cache: "no-store" });
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    throw unreachable();
  }
}

function unreachable(): ApiError {
  return new ApiError(
    "NETWORK",
    "Parley cannot be reached. Check your network and that the server is running, then try again.",
    0,
    null,
  );
}

function toApiError(status: number, text: string): ApiError {
  const error = parseError(status, text);
  if (error.code === "SETUP_REQUIRED") hooks.onSetupRequired();
  else if (error.code === "UNAUTHENTICATED") hooks.onUnauthenticated();
  return error;
}

function parseError(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as ErrorAnswer;
    return new ApiError(error.code, error.message, status, error.requestId, error.details);
  } catch {
    // A proxy in between answers with its own page: there is no code and no request id to show.
    return new ApiError(
      "BAD_ANSWER",
      `Something between this browser and Parley answered instead of it (HTTP ${status}). Try again in a moment.`,
      status,
      null,
    );
  }
}
