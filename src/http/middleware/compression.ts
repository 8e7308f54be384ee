import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { createMiddleware } from "hono/factory";
import { acceptedEncodings } from "../encodings.ts";
import type { AppEnv } from "../env.ts";

const compressed = promisify(gzip);
/** Below that a packet is not saved. */
const MIN_BYTES = 1024;
/** Lists shrink to a fifth with it; a higher level takes twice as long for a few percent. */
const LEVEL = 4;

/**
 * Compresses JSON answers, off the main thread. Nothing else: files are compressed at build, and a stream that
 * waits for a compressor to be full would hold back what is written.
 */
export const compression = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  const answer = c.res;
  const isJson = /^application\/json\b/.test(answer.headers.get("content-type") ?? "");
  if (!isJson || answer.body === null || answer.headers.has("content-encoding")) return;
  c.header("Vary", "Accept-Encoding", { append: true });
  if (acceptedEncodings(c.req.header("accept-encoding"), ["gzip"]).length === 0) return;
  const bytes = new Uint8Array(await c.res.arrayBuffer());
  if (bytes.length < MIN_BYTES) {
    c.res = new Response(bytes, c.res);
    return;
  }
  c.res = new Response(new Uint8Array(await compressed(bytes, { level: LEVEL })), c.res);
  c.header("Content-Encoding", "gzip");
  c.header("Content-Length", undefined);
});
