import { websocket } from "hono/bun";
import { type App, openApp } from "../app.ts";
import type { Config } from "../config.ts";
import type { Log } from "../deps.ts";
import { proveEgress } from "../egress/self-test.ts";
import { AppError } from "../errors.ts";
import { readSmallFile, whyUnfit } from "../secrets/small-file.ts";
import { VERSION } from "../version.ts";
import { openBrowser } from "./open-browser.ts";
import { warnOfFewOpenFiles } from "./open-files.ts";
import { listensEverywhere, networkOrigins } from "./own-addresses.ts";

/** A model with what multipart puts around it; every other body has its own, far smaller limit. */
const MAX_REQUEST_BYTES = 2 * 1024 ** 3 + 1024 ** 2;
const SOCKET_SETTINGS = {
  maxPayloadLength: 32 * 1024,
  backpressureLimit: 1024 * 1024,
  closeOnBackpressureLimit: true,
  perMessageDeflate: false,
  idleTimeout: 60,
};
/** Bun closes a request that is silent for longer; streams send heartbeats well within it. */
const IDLE_TIMEOUT_S = 30;
/** A chain of certificates has a few kilobytes. */
const MAX_PEM_BYTES = 1024 ** 2;
/** The first ones are the machine's own; bridges of containers and machines come behind. */
const MAX_SHOWN_ADDRESSES = 2;

/** Starts the server and prints what a person needs next. Resolves when it has been stopped. */
export async function serve(config: Config, log: Log, print: (line: string) => void): Promise<void> {
  warnOfFewOpenFiles(config.limits, log);
  await proveEgress();
  const app = await openApp(config, log);
  const server = await listen(config, app, log).catch(async (thrown) => {
    await app.stop();
    throw thrown;
  });
  app.listensOn(server.port ?? config.port);
  const address = shownAddress(config, server.port ?? config.port);
  announce(config, app, [address, ...networkAddresses(config, server.port ?? config.port)], print);
  if (config.open) openBrowser(address, log);
  await stopSignal();
  print("Stopping. Running answers get 20 s to finish; press Ctrl+C again to stop at once.");
  server.stop();
  await app.stop();
  await server.stop(true);
}

/** @throws AppError PORT_IN_USE · PORT_NOT_ALLOWED · TLS_INVALID */
async function listen(config: Config, app: App, log: Log): Promise<Bun.Server<unknown>> {
  try {
    return Bun.serve({
      port: config.port,
      ...(config.host && { hostname: config.host }),
      ...tls(config),
      development: false,
      // In production Bun shares a port with whoever else asks for it: a second Parley would answer half of the
      // requests, as an open setup.
      reusePort: false,
      maxRequestBodySize: MAX_REQUEST_BYTES,
      idleTimeout: IDLE_TIMEOUT_S,
      fetch: (request, server) => app.http.fetch(request, server),
      websocket: { ...websocket, ...SOCKET_SETTINGS },
      error(thrown) {
        log.error("request-crashed", { cause: thrown });
        return Response.json(
          { error: { code: "INTERNAL", message: "Something went wrong on the server.", requestId: "" } },
          { status: 500 },
        );
      },
    });
  } catch (cause) {
    throw listenError(config, cause);
  }
}

function tls({ tlsCert, tlsKey }: Config): { tls?: { cert: string; key: string } } {
  if (tlsCert === null || tlsKey === null) return {};
  return { tls: { cert: readPem("certificate", tlsCert), key: readPem("key of the certificate", tlsKey) } };
}

function readPem(what: string, path: string): string {
  try {
    return readSmallFile(path, MAX_PEM_BYTES);
  } catch (cause) {
    throw new AppError("TLS_INVALID", `The ${what} ${path} ${whyUnfit(cause)}.`, { cause });
  }
}

function listenError(config: Config, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "EADDRINUSE") {
    return new AppError(
      "PORT_IN_USE",
      `Port ${config.port} is in use by another program. Stop it, or start Parley with another --port.`,
      { cause },
    );
  }
  if (code === "EACCES") {
    return new AppError(
      "PORT_NOT_ALLOWED",
      `This user may not listen on port ${config.port}. Use a port above 1023.`,
      { cause },
    );
  }
  if (config.tlsCert !== null && code === "") {
    return new AppError(
      "TLS_INVALID",
      `The certificate ${config.tlsCert} and the key ${config.tlsKey} do not work together.`,
      { cause },
    );
  }
  return new AppError(
    "CONFIG_INVALID",
    `Parley cannot listen on ${config.host || "this machine"}, port ${config.port}: ${String(cause)}`,
    { cause },
  );
}

/** The token comes before anything longer, so that a script finds it as the first long word. */
function announce(
  config: Config,
  app: App,
  [address = "", ...others]: string[],
  print: (line: string) => void,
): void {
  print(`Parley ${VERSION}`);
  if (app.setupToken) {
    print("");
    print(`  Setup token  ${app.setupToken}`);
    print(`  Set it up    ${address}`);
    print("               (on this machine without the token)");
    for (const other of others) print(`               ${other} (from elsewhere, with it)`);
    print("");
  } else for (const shown of [address, ...others]) print(`  Address      ${shown}`);
  print(`  Data         ${config.data}`);
}

/** Few servers have a screen. */
function networkAddresses(config: Config, port: number): string[] {
  return networkOrigins(config, port)
    .slice(0, MAX_SHOWN_ADDRESSES)
    .map((origin) => `${origin}/`);
}

function shownAddress(config: Config, port: number): string {
  if (config.publicUrl) return config.publicUrl.href;
  const scheme = config.tlsCert ? "https" : "http";
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  return `${scheme}://${listensEverywhere(config) ? "localhost" : host}:${port}/`;
}

/** Resolves at the first SIGINT or SIGTERM; the second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.kill(process.pid, "SIGKILL");
      asked = true;
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}
