/** Before Parley serves: proof that this build, on this machine, refuses what it must. */
import { AppError } from "../errors.ts";
import { parseAllowEntry } from "./allow-list.ts";
import { createEgress, type EgressOptions } from "./egress.ts";
import { parseProxy } from "./proxy.ts";

type Attempt = {
  what: string;
  /** The host that is asked for, at the canary's port. */
  host: string;
  allow: (port: number) => string[];
  /** Whether the canary is the proxy that is to be asked. */
  proxied?: true;
  /** Null when it must get through: a canary that nobody reaches would prove nothing. */
  refusedAs: "EGRESS_DENIED" | "UNSAFE_URL" | null;
};

/** A name that leads to this machine, for as long as the test runs. */
const MOVED_NAME = "moved.invalid";

const ATTEMPTS: readonly Attempt[] = [
  { what: "an address that is not listed", host: "127.0.0.1", allow: () => [], refusedAs: "EGRESS_DENIED" },
  {
    what: "another port than the one listed",
    host: "127.0.0.1",
    allow: (port) => [`127.0.0.1:${port === 1 ? 2 : port - 1}`],
    refusedAs: "EGRESS_DENIED",
  },
  {
    what: "a listed name that was moved to this machine",
    host: MOVED_NAME,
    allow: (port) => [`${MOVED_NAME}:${port}`],
    refusedAs: "UNSAFE_URL",
  },
  {
    what: "a listed name outside of its network",
    host: MOVED_NAME,
    allow: (port) => [`${MOVED_NAME}:${port}=10.0.0.0/8`],
    refusedAs: "EGRESS_DENIED",
  },
  {
    what: "the addresses where clouds hand out credentials",
    host: "169.254.169.254",
    allow: (port) => [`169.254.169.254:${port}`],
    refusedAs: "UNSAFE_URL",
  },
  {
    what: "this machine by its other name",
    host: "0.0.0.0",
    allow: (port) => [`0.0.0.0:${port}`],
    refusedAs: "UNSAFE_URL",
  },
  {
    what: "a name that is not listed, behind a proxy",
    ...{ host: MOVED_NAME, proxied: true },
    allow: () => [],
    refusedAs: "EGRESS_DENIED",
  },
  {
    // The runtime's own rules about proxies would look for the name here, and call what nobody has vetted.
    what: "a listed name through a proxy",
    ...{ host: MOVED_NAME, proxied: true },
    allow: (port) => [`${MOVED_NAME}:${port}`],
    refusedAs: null,
  },
  {
    what: "an address that is listed",
    host: "127.0.0.1",
    allow: (port) => [`127.0.0.1:${port}`],
    refusedAs: null,
  },
];

/**
 * Has a listener of its own on this machine called, in ways that must be refused and in one that must not.
 *
 * @param create for tests, a guard that is broken
 * @throws AppError EGRESS_BROKEN naming what was not refused
 */
export async function proveEgress(
  create: (options: EgressOptions) => Pick<ReturnType<typeof createEgress>, "fetchFor"> = createEgress,
): Promise<void> {
  let reached = 0;
  const canary = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: () => void reached++,
      data: (socket) => void socket.end("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
    },
  });
  try {
    for (const attempt of ATTEMPTS) {
      const before = reached;
      const code = await codeOf(create, attempt, canary.port);
      const isReached = reached > before;
      if (code !== attempt.refusedAs || isReached !== (attempt.refusedAs === null)) throw broken(attempt);
    }
  } finally {
    canary.stop(true);
  }
}

async function codeOf(
  create: Parameters<typeof proveEgress>[0],
  { host, allow, proxied }: Attempt,
  port: number,
): Promise<string | null> {
  const egress = (create ?? createEgress)({
    ...{ log: { warn: () => {} }, offline: false, vendorHosts: new Set<string>(), ownAddresses: () => [] },
    allow: () => allow(port).map(parseAllowEntry),
    ...(proxied && { proxy: { proxy: parseProxy(`http://127.0.0.1:${port}`, null), straight: [] } }),
    resolve: async () => ["127.0.0.1"],
  });
  const url = new URL(`http://${host}:${port}/`);
  try {
    await (await egress.fetchFor({ purpose: "tool", baseUrl: url, tenantId: null })(url)).body?.cancel();
    return null;
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : String(thrown);
  }
}

function broken({ what, refusedAs }: Attempt): AppError {
  const problem = refusedAs === null ? "cannot call" : "does not refuse";
  return new AppError(
    "EGRESS_BROKEN",
    `Parley does not start: a test of what it may call shows that it ${problem} ${what}. Install an unaltered Parley, and report this with its version.`,
  );
}
