/** Intranet pages that embed the widget, on an origin of their own and over plain HTTP. */
import { EMBED_KEY } from "./fake-parley.ts";

/** Names that the browser maps to this machine, so that the pages are no secure context. */
export const PAGE_HOST = "intranet.test";
export const PARLEY_HOST = "chat.test";

export type HostPage = {
  /** Attributes of the script tag besides key and source. */
  attributes?: string;
  head?: string;
  body?: string;
  /** Header of the page; `{parley}` becomes Parley's address. */
  csp?: string;
  /** Left out, the tag is in the head. */
  tags?: string;
};

export function startHostPages(parleyPort: number) {
  const parley = `http://${PARLEY_HOST}:${parleyPort}`;
  let current: HostPage = {};
  const tag = (attributes = "") =>
    `<script src="${parley}/widget.js" data-api-key="${EMBED_KEY}" ${attributes} async></script>`;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/page.css") {
        return new Response(PAGE_CSS, { headers: { "content-type": "text/css" } });
      }
      const { attributes, head = "", body = PAGE_BODY, csp, tags = tag(attributes) } = current;
      const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Travelling for Acme</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="stylesheet" href="/page.css">${head}${tags}</head><body>${body}</body></html>`;
      const headers = new Headers({ "content-type": "text/html" });
      if (csp)
        headers.set(
          "content-security-policy",
          csp.replaceAll("{parley}", parley).replaceAll("{ws}", parley.replace("http", "ws")),
        );
      return new Response(html, { headers });
    },
  });
  return {
    parley,
    tag,
    address: `http://${PAGE_HOST}:${server.port}/travel?from=menu#secret-token`,
    show: (page: HostPage) => {
      current = page;
    },
    stop: () => server.stop(true),
  };
}

const PAGE_CSS = `body{margin:0;background:#fff;font:17px/28px Georgia,serif;color:#333}
.top{background:#1d3557;color:#fff;padding:14px 48px;font:600 15px/20px Arial}
main{max-width:720px;margin:0 auto;padding:40px 24px}h1{font:700 34px/42px Georgia,serif;margin:0 0 12px}`;

const PAGE_BODY = `<div class="top">Acme Logistics · Intranet</div><main><h1>Travelling for Acme</h1>
<p>Everything about booking trains, flights and hotels. The travel desk answers from 8 to 17 h.</p>
<p>Book through the portal whenever you can. Keep receipts for everything above 25 euros.</p>
<button id="elsewhere">A button of the page</button></main>`;
