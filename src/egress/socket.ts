/** The socket that a driver is given where it would otherwise dial by itself. */
import { connect, type LookupFunction, type Socket } from "node:net";
import { isNotConnected } from "./dial.ts";
import type { VettedHost } from "./egress.ts";

export type OpenSocket = (
  host: Pick<VettedHost, "addresses" | "port">,
  signal: AbortSignal,
) => Promise<Socket>;

/** Connects to the first of the vetted addresses at which somebody listens. Errors of the network come as they are. */
export async function openSocket(
  { addresses, port }: Pick<VettedHost, "addresses" | "port">,
  signal: AbortSignal,
): Promise<Socket> {
  let refused: unknown;
  for (const address of addresses) {
    try {
      return await connectTo(address, port, signal);
    } catch (thrown) {
      if (!isNotConnected(thrown)) throw thrown;
      refused = thrown;
    }
  }
  throw refused;
}

function connectTo(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    const settle = (finish: () => void) => {
      signal.removeEventListener("abort", onAbort);
      socket.removeListener("error", onError);
      finish();
    };
    const onAbort = () => {
      socket.destroy();
      settle(() => reject(signal.reason));
    };
    const onError = (error: Error) => settle(() => reject(error));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("error", onError);
    socket.once("connect", () => settle(() => resolve(socket)));
  });
}

/** For a driver that dials by itself: asked for each connection, so that a name that has moved is vetted again. */
export function lookupBy(vetted: (signal: AbortSignal) => Promise<VettedHost>): LookupFunction {
  return (_, options, answer) => {
    vetted(new AbortController().signal).then(
      ({ addresses }) => {
        const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
        if (options.all) answer(null, found);
        else answer(null, found[0]?.address ?? "", found[0]?.family);
      },
      (thrown: Error) => answer(thrown, ""),
    );
  };
}
