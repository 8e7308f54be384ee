/**
 * A vendor's failures as ours. A vendor's own words never pass: they may repeat a key or a prompt. Its error
 * type does, when it looks like an identifier.
 */
import { ProxyFailure } from "../egress/proxy.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import { isRecord } from "./adapter.ts";

/** Parameters that some servers do not take, so that an adapter can leave them out and ask again. */
const REFUSABLE_PARAMETERS = ["stream_options", "temperature", "max_tokens", "tools"] as const;
export type RefusableParameter = (typeof REFUSABLE_PARAMETERS)[number];

/** `details` of a PROVIDER_REJECTED that a status caused. */
export type RejectionDetails = { status: number; type: string | null; refused: RefusableParameter[] };

export type Upstream = { host: string; hasKey: boolean; now: () => number };

type VendorError = { type: string | null; text: string };

/** What an answer with an error status means. `body` is at most its first 64 kB. */
export function fromErrorStatus(
  upstream: Upstream,
  status: number,
  body: string,
  retryAfter: string | null,
): AppError {
  const problem = parseVendorError(body);
  const known = fromErrorType(upstream, problem, parseRetryAfter(retryAfter, upstream.now()));
  if (known) return known;
  if (status === 401 || status === 403) return keyRefused(upstream);
  if (status === 404) return notFound(upstream, problem);
  if (status === 429) return rateLimited(upstream, parseRetryAfter(retryAfter, upstream.now()));
  if (status === 408 || status === 409 || status >= 500)
    return unavailable(upstream, status, problem, retryAfter);
  return rejected(upstream, status, problem);
}

/** What an error event inside a stream means. */
export function fromErrorEvent(upstream: Upstream, event: unknown): AppError {
  const problem = toVendorError(event);
  const known = fromErrorType(upstream, problem, undefined);
  if (known) return known;
  if (/invalid_request|not_found/.test(problem.type ?? "")) return rejected(upstream, 400, problem);
  return failure(
    "PROVIDER_UNAVAILABLE",
    `${upstream.host} broke off with an error of its own${inBrackets(problem.type)}. Try again in a moment.`,
  );
}

/** What was thrown instead of an answer: no connection, no name, no trust. */
export function fromNetworkError(upstream: Upstream, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof ProxyFailure) return failure("PROVIDER_UNAVAILABLE", thrown.message, thrown);
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return failure("PROVIDER_UNAVAILABLE", networkSentence(upstream.host, code), thrown);
}

/** An answer that ended before its end marker. */
export function cutOff(upstream: Pick<Upstream, "host">, cause?: unknown): AppError {
  return failure(
    "PROVIDER_UNAVAILABLE",
    `The answer from ${upstream.host} was cut off before its end. Try again.`,
    cause,
  );
}

/** An answer that is not the protocol. `problem` is a clause of ours, without the vendor's text. */
export function badResponse(upstream: Pick<Upstream, "host">, problem: string): AppError {
  return failure(
    "UPSTREAM_BAD_RESPONSE",
    `${upstream.host} ${problem}. Check under Model that the address and the provider belong together.`,
  );
}

/** Milliseconds from a Retry-After header in seconds or as a date; undefined when it says nothing usable. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Math.round(Number(header) * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function fromErrorType(
  upstream: Upstream,
  problem: VendorError,
  retryAfterMs: number | undefined,
): AppError | null {
  switch (problem.type) {
    case "insufficient_quota":
    case "billing_error":
    case "billing_hard_limit_reached":
    case "contract_spend_limit_reached":
      return failure(
        "PROVIDER_REJECTED",
        `The account at ${upstream.host} has no credit left. Add credit there.`,
      );
    case "model_not_found":
      return modelNotAvailable(upstream);
    case "authentication_error":
    case "invalid_api_key":
    case "permission_error":
      return keyRefused(upstream);
    case "rate_limit_error":
    case "rate_limit_exceeded":
      return rateLimited(upstream, retryAfterMs);
  }
  if (!/requires more system memory/i.test(problem.text)) return null;
  return failure(
    "MODEL_NOT_AVAILABLE",
    `The model does not fit into the memory of ${upstream.host}. Choose a smaller one under Model.`,
  );
}

function keyRefused({ host, hasKey }: Upstream): AppError {
  const sentence = hasKey
    ? `The key was refused by ${host}. Check it under Model.`
    : `${host} wants a key. Enter one under Model.`;
  return failure("PROVIDER_REJECTED", sentence);
}

function notFound(upstream: Upstream, problem: VendorError): AppError {
  if (/model/i.test(problem.text)) return modelNotAvailable(upstream);
  return failure(
    "PROVIDER_REJECTED",
    `${upstream.host} answers, but not at this address. Check it under Model; for an OpenAI-compatible server it usually ends in /v1.`,
  );
}

function modelNotAvailable({ host }: Upstream): AppError {
  return failure(
    "MODEL_NOT_AVAILABLE",
    `${host} does not have this model. Choose another one under Model, or install it there.`,
  );
}

function rateLimited({ host }: Upstream, retryAfterMs: number | undefined): AppError {
  const message = `${host} is getting too many requests at the moment. Try again later.`;
  return new AppError("PROVIDER_RATE_LIMITED", message, retryAfterMs === undefined ? {} : { retryAfterMs });
}

function unavailable(
  upstream: Upstream,
  status: number,
  problem: VendorError,
  retryAfter: string | null,
): AppError {
  const retryAfterMs = parseRetryAfter(retryAfter, upstream.now());
  return new AppError(
    "PROVIDER_UNAVAILABLE",
    `${upstream.host} cannot answer at the moment (status ${status}${problem.type ? `, ${problem.type}` : ""}). Try again later.`,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}

function rejected({ host }: Upstream, status: number, { type, text }: VendorError): AppError {
  const refused = REFUSABLE_PARAMETERS.filter((parameter) => text.includes(parameter));
  const details: RejectionDetails = { status, type, refused };
  const message = `${host} refused the request (status ${status}${type ? `, ${type}` : ""}). Check the model and its settings under Model.`;
  return new AppError("PROVIDER_REJECTED", message, { details });
}

function networkSentence(host: string, code: string): string {
  if (/CERT|SELF_SIGNED|ERR_TLS|SSL|VERIFY/.test(code)) {
    return `The certificate of ${host} is not trusted (${code}). An operator names the authority that issued it with --egress-ca.`;
  }
  if (/ENOTFOUND|EAI_AGAIN|DNS/.test(code)) {
    return `The name ${host} has no address on this network. Check the address under Model, or the name server.`;
  }
  return `${host} cannot be reached${inBrackets(code)}. Check that it runs and that the address under Model is right.`;
}

function parseVendorError(body: string): VendorError {
  try {
    return toVendorError(JSON.parse(body));
  } catch {
    return { type: null, text: "" };
  }
}

/** `{error: {type, code, message}}`, `{error: "text"}`, `{type, message, code}` and `{response: {error}}` alike. */
function toVendorError(json: unknown): VendorError {
  if (!isRecord(json)) return { type: null, text: "" };
  const response = isRecord(json.response) ? json.response : json;
  const error = response.error ?? json;
  const fields = isRecord(error) ? [error.code, error.type] : [];
  return { type: fields.find(isIdentifier) ?? null, text: JSON.stringify(error) };
}

function isIdentifier(value: unknown): value is string {
  return typeof value === "string" && value !== "error" && /^[a-z_.]{3,60}$/i.test(value);
}

function inBrackets(text: string | null): string {
  return text ? ` (${text})` : "";
}

function failure(code: ErrorCode, message: string, cause?: unknown): AppError {
  return new AppError(code, message, { cause });
}
