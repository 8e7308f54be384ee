import { audienceOf, type Endpoint, endpoint } from "../endpoint.ts";
import { openApiDocument } from "../openapi.ts";

/** What Parley says of its own API. @param api the endpoints that are described, in order */
export function documentation(api: readonly Endpoint[]): Endpoint[] {
  return [
    endpoint(
      {
        method: "GET",
        path: "/api/openapi.json",
        need: "public",
        summary: "This page for programs",
      },
      () => openApiDocument(api),
    ),

    endpoint(
      { method: "GET", path: "/docs/api", need: "public", summary: "This page for people, shorter" },
      (_deps, { c }) => {
        c.header("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:");
        return c.html(apiPage(api));
      },
    ),

    endpoint(
      { method: "GET", path: "/docs/api.css", need: "public", summary: "Its style sheet" },
      (_deps, { c }) => c.body(STYLES, 200, { "Content-Type": "text/css; charset=utf-8" }),
    ),
  ];
}

/** Parley's own paper, ink and signal colour, as in web/design/tokens.css. */
const STYLES = `
:root { color-scheme: light dark; --paper: oklch(0.982 0.004 85); --sunk: oklch(0.962 0.005 85); --line: oklch(0.912 0.006 85); --ink: oklch(0.245 0.012 75); --ink-3: oklch(0.53 0.014 75); --signal: oklch(0.4 0.075 182); }
@media (prefers-color-scheme: dark) { :root { --paper: oklch(0.205 0.006 75); --sunk: oklch(0.178 0.006 75); --line: oklch(0.318 0.008 75); --ink: oklch(0.935 0.006 85); --ink-3: oklch(0.68 0.01 85); --signal: oklch(0.8 0.08 182); } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1040px; padding: 40px 24px 80px; background: var(--paper); color: var(--ink); font: 14px/20px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 26px; line-height: 32px; margin: 0 0 8px; }
h2 { font-size: 16px; line-height: 24px; margin: 32px 0 4px; scroll-margin-top: 16px; }
p { max-width: 66ch; margin: 0 0 8px; }
a { color: var(--signal); }
a:focus-visible { outline: 2px solid var(--signal); outline-offset: 2px; border-radius: 3px; }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 12px 0 0; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
td { padding: 8px 12px 8px 0; border-top: 1px solid var(--line); vertical-align: top; }
td:nth-child(1) { width: 48%; } td:nth-child(3) { width: 96px; color: var(--ink-3); text-align: end; padding-inline-end: 0; }
code { font: 13px/20px ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
p code { background: var(--sunk); padding: 1px 4px; border-radius: 4px; }
@media (max-width: 700px) {
  tr { display: grid; padding: 8px 0; border-top: 1px solid var(--line); }
  td, td:nth-child(n) { width: auto; border: 0; padding: 0; text-align: start; }
}
`;

/** What people call the parts of the address that are named after something else. */
const WORDS: Record<string, string> = {
  healthz: "Health",
  readyz: "Health",
  auth: "Sign-in",
  dashboard: "Overview",
  jobs: "Overview",
  llm: "Model",
};

/** Calls by the part of Parley that they belong to, in the order in which the parts are first listed. */
function groups(api: readonly Endpoint[]): [name: string, endpoints: Endpoint[]][] {
  const found = new Map<string, Endpoint[]>();
  for (const endpoint of api) {
    const [, part = ""] = /^\/(?:api\/(?:admin\/)?)?([^/]+)/.exec(endpoint.path) ?? [];
    const name = WORDS[part] ?? part.charAt(0).toUpperCase() + part.slice(1);
    found.set(name, [...(found.get(name) ?? []), endpoint]);
  }
  return [...found];
}

/** Only our own words and paths go into it, so nothing needs escaping. */
function apiPage(api: readonly Endpoint[]): string {
  const parts = groups(api);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parley API</title><link rel="icon" href="data:,"><link rel="stylesheet" href="api.css"></head><body><main>
<h1>Parley API</h1>
<p>The schemas of bodies and answers are in <a href="../api/openapi.json">openapi.json</a>. Every error is
<code>{"error":{"code","message","details","requestId"}}</code>; the message says what to do.</p>
<nav aria-label="Parts">${parts.map(([name]) => `<a href="#${name}">${name}</a>`).join("")}</nav>
${parts
  .map(
    ([name, endpoints]) =>
      `<h2 id="${name}">${name}</h2><table><tbody>\n${endpoints.map(endpointRow).join("\n")}\n</tbody></table>`,
  )
  .join("\n")}
</main></body></html>`;
}

function endpointRow({ method, path, need, summary }: Endpoint): string {
  return `<tr><td><code>${method} ${path}</code></td><td>${summary}</td><td>${audienceOf(need)}</td></tr>`;
}
