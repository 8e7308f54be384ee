import { Hono } from "hono";
import { ENDPOINTS, type Endpoint } from "../endpoints.ts";
import type { AppEnv } from "../env.ts";
import { openApiDocument } from "../openapi.ts";

/** /api/openapi.json for programs, /docs/api for people. */
export function documentationRoutes() {
  return new Hono<AppEnv>()
    .get("/api/openapi.json", (c) => c.json(openApiDocument()))
    .get("/docs/api", (c) => {
      c.header("Content-Security-Policy", "default-src 'none'; style-src 'self'");
      return c.html(apiPage());
    })
    .get("/docs/api.css", (c) => c.body(STYLES, 200, { "Content-Type": "text/css; charset=utf-8" }));
}

const STYLES = `
:root { color-scheme: light dark; }
body { font: 15px/23px system-ui, sans-serif; max-width: 960px; margin: 0 auto; padding: 32px 24px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: 8px 12px 8px 0; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); vertical-align: top; }
code { font: 13px/20px ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
`;

/** Only our own words and paths go into it, so nothing needs escaping. */
function apiPage(): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parley API</title><link rel="stylesheet" href="api.css"></head><body>
<h1>Parley API</h1>
<p>The schemas of bodies and answers are in <a href="../api/openapi.json">openapi.json</a>. Every error is
<code>{"error":{"code","message","details","requestId"}}</code>; the message says what to do.</p>
<table><thead><tr><th>Call</th><th>Who</th><th>What</th></tr></thead><tbody>
${ENDPOINTS.map(endpointRow).join("\n")}
</tbody></table></body></html>`;
}

function endpointRow({ method, path, who, summary }: Endpoint): string {
  return `<tr><td><code>${method} ${path}</code></td><td>${who}</td><td>${summary}</td></tr>`;
}
