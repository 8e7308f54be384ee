/** How long an answer may take and how large it may be, counted on what really comes. */
import { Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { AppError } from "../errors.ts";

export type FetchCaps = {
  /** From the call to the last byte of the answer; null where the caller's own signal ends it. */
  ms: number | null;
  /** Of the body as it is sent. */
  rawBytes: number;
  /** Of the body once its compression is undone. */
  decodedBytes: number;
};

/** All that is asked for, so that what comes can be undone in small pieces and counted. */
const DECODERS: Record<string, () => Transform> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};
const ACCEPTED = "gzip, deflate, br";
/** Answers of these have no body, whatever is sent. */
const WITHOUT_BODY = new Set([101, 204, 205, 304]);

/**
 * Calls with `send` and gives its answer with a body that ends in an error when it takes too long or gets too large.
 *
 * @throws AppError TOOL_TIMEOUT · RESPONSE_TOO_LARGE · UPSTREAM_BAD_RESPONSE for a compression that was not asked for,
 *   while reading the body too
 */
export async function fetchCapped(
  caps: FetchCaps,
  shown: string,
  request: RequestInit,
  send: (request: BunFetchRequestInit & { decompress: false }) => Promise<Response>,
  onBytes: (raw: number) => void = () => {},
): Promise<Response> {
  const clock = startClock(caps, shown, request.signal);
  const headers = new Headers(request.headers);
  headers.set("accept-encoding", ACCEPTED);
  try {
    const response = await send({ ...request, headers, signal: clock.signal, decompress: false });
    return await cappedResponse(caps, shown, response, { onEnd: clock.stop, onBytes });
  } catch (thrown) {
    clock.stop();
    throw thrown;
  }
}

type Clock = { signal: AbortSignal; stop: () => void };

function startClock({ ms }: FetchCaps, shown: string, given: AbortSignal | null | undefined): Clock {
  const late = new AbortController();
  const signals = [late.signal, ...(given ? [given] : [])];
  if (ms === null) return { signal: AbortSignal.any(signals), stop: () => {} };
  const message = `${shown} did not answer within ${ms / 1000} seconds.`;
  const timer = setTimeout(() => late.abort(new AppError("TOOL_TIMEOUT", message)), ms);
  return { signal: AbortSignal.any(signals), stop: () => clearTimeout(timer) };
}

async function cappedResponse(
  caps: FetchCaps,
  shown: string,
  response: Response,
  { onEnd, onBytes }: { onEnd: () => void; onBytes: (raw: number) => void },
): Promise<Response> {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  const declared = Number(headers.get("content-length") ?? 0);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  if (!response.body || WITHOUT_BODY.has(status)) {
    onEnd();
    await response.body?.cancel();
    return new Response(null, { status, statusText, headers });
  }
  if (declared > caps.rawBytes) {
    await response.body.cancel();
    throw tooLarge(shown, caps.rawBytes);
  }
  const raw = counted(response.body, caps.rawBytes, shown, onBytes);
  const body = counted(decoded(raw, encoding, shown), caps.decodedBytes, shown);
  return new Response(streamOf(body, onEnd), { status, statusText, headers });
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  most: number,
  shown: string,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const part of source) {
    bytes += part.byteLength;
    onBytes?.(part.byteLength);
    if (bytes > most) throw tooLarge(shown, most);
    yield part;
  }
}

async function* decoded(
  raw: AsyncGenerator<Uint8Array>,
  encoding: string,
  shown: string,
): AsyncGenerator<Uint8Array> {
  if (encoding === "" || encoding === "identity") return yield* raw;
  const decoder = DECODERS[encoding]?.();
  if (!decoder) {
    await raw.return(undefined);
    throw badEncoding(shown);
  }
  const source = Readable.from(raw);
  // What goes wrong before the decoder comes out behind it.
  source.on("error", (cause) => decoder.destroy(cause));
  try {
    for await (const part of source.pipe(decoder)) yield part;
  } catch (cause) {
    throw isOfTheDecoder(cause) ? badEncoding(shown, cause) : cause;
  } finally {
    source.destroy();
    decoder.destroy();
  }
}

function isOfTheDecoder(thrown: unknown): boolean {
  return (
    thrown instanceof Error && "code" in thrown && /^(Z_|ERR_BROTLI|ERR__ERROR)/.test(String(thrown.code))
  );
}

/** Read piece by piece as it is asked for; a reader that stops ends the connection. */
function streamOf(body: AsyncGenerator<Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await body.next();
        if (!done) return controller.enqueue(value);
        onEnd();
        controller.close();
      } catch (thrown) {
        onEnd();
        controller.error(thrown);
      }
    },
    async cancel() {
      onEnd();
      await body.return(undefined);
    },
  });
}

function tooLarge(shown: string, most: number): AppError {
  return new AppError(
    "RESPONSE_TOO_LARGE",
    `${shown} answered with more than ${Math.round(most / 1024)} KB, which is the most that Parley reads here. Ask it for less.`,
  );
}

function badEncoding(shown: string, cause?: unknown): AppError {
  return new AppError("UPSTREAM_BAD_RESPONSE", `${shown} answered in a compression that cannot be read.`, {
    cause,
  });
}
