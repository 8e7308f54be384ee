/** A page of somebody's intranet on an origin of its own and plain HTTP, with the script tag and a strict policy. */
import { INTRANET_HOST } from "../../helpers/browser.ts";

export type Intranet = { origin: string; stop(): void };

/** @param snippet what the Widget page gives to copy */
export function startIntranet(snippet: () => string): Intranet {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () =>
      new Response(
        `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Harbour news</title><link rel="icon" href="data:,">
        ${snippet()}</head><body><h1>Harbour news</h1></body></html>`,
        {
          headers: {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": policyFor(snippet()),
          },
        },
      ),
  });
  return { origin: `http://${INTRANET_HOST}:${server.port}`, stop: () => void server.stop(true) };
}

function policyFor(snippet: string): string {
  const parley = new URL(/src="([^"]+)"/.exec(snippet)?.[1] ?? "http://127.0.0.1").origin;
  return `default-src 'none'; script-src ${parley}; style-src 'self'; img-src data: ${parley}; connect-src ${parley} ${parley.replace("http", "ws")}`;
}
