/** Whether anybody is there, found out within a few seconds: `fetch` itself waits for a connection as long as for an answer. */
import { AppError } from "../errors.ts";
import { type Dial, dialByFetch } from "./dial.ts";
import { portOf } from "./outbound-url.ts";
import { openSocket } from "./socket.ts";

/** A machine of the same network answers within milliseconds. */
const CONNECT_MS = 5_000;
/** For so long a server that was there is taken to be there. */
const KNOWN_FOR_MS = 5_000;

/** Dials by `fetch` once a connection could be opened. */
export function createPatientDial(connectMs = CONNECT_MS): Dial {
  const reachedAt = new Map<string, number>();

  return async (url, address, request, way) => {
    const port = way.proxy?.port ?? portOf(url);
    const key = `${address} ${port}`;
    if (performance.now() - (reachedAt.get(key) ?? Number.NEGATIVE_INFINITY) > KNOWN_FOR_MS) {
      reachedAt.delete(key);
      await tryToConnect(way.proxy?.shown ?? url.host, address, port, connectMs, request.signal);
      reachedAt.set(key, performance.now());
    }
    try {
      return await dialByFetch(url, address, request, way);
    } catch (thrown) {
      reachedAt.delete(key);
      throw thrown;
    }
  };
}

async function tryToConnect(
  shown: string,
  address: string,
  port: number,
  connectMs: number,
  signal: AbortSignal | null | undefined,
): Promise<void> {
  const late = new AbortController();
  const message = `${shown} cannot be reached: nothing answers there. Try again later.`;
  const timer = setTimeout(() => late.abort(new AppError("TOOL_UNAVAILABLE", message)), connectMs);
  try {
    const signals = [late.signal, ...(signal ? [signal] : [])];
    (await openSocket({ addresses: [address], port }, AbortSignal.any(signals))).destroy();
  } finally {
    clearTimeout(timer);
  }
}
