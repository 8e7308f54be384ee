import { isId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import { readLogo } from "../../services/access/widget-settings.ts";
import { DEMO_STYLES, demoPage } from "../demo-page.ts";
import { acceptedEncodings, type ContentEncoding } from "../encodings.ts";
import { endpoint } from "../endpoint.ts";
import type { AppContext, AssetFile, HttpDeps } from "../env.ts";
import { ownOrigin } from "../same-origin.ts";

const YEAR_SECONDS = 31_536_000;
const FOR_EVER = `public, max-age=${YEAR_SECONDS}, immutable`;
const HTML = "text/html; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";

/** The admin's page, the widget's files, logos and the demo page. */
export const pages = [
  endpoint({ method: "GET", path: "/", need: "public", summary: "The backoffice" }, async (deps, { c }) => {
    c.header("Content-Security-Policy", adminPolicy(deps, c));
    return respond(c, { ...(await deps.assets.adminPage()), type: HTML }, "no-cache");
  }),

  endpoint(
    { method: "GET", path: "/widget.js", need: "public", summary: "The script that pages embed" },
    async (deps, { c }) => respond(c, { ...(await deps.assets.widgetScript()), type: SCRIPT }, "no-cache"),
  ),

  endpoint(
    {
      method: "GET",
      path: "/assets/:path{.+}",
      need: "public",
      summary:
        "Files of the backoffice and the widget; those with a hash in their name are cached for a year",
      params: { path: "text" },
    },
    async (deps, { c, params: { path } }) => {
      const asset = await deps.assets.find(path);
      if (!asset) throw new AppError("NOT_FOUND", "There is no such file.");
      return respond(c, asset, asset.immutable ? FOR_EVER : "no-cache");
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/logos/:file",
      need: "public",
      summary: "A tenant's logo",
      params: { file: "text" },
    },
    async (deps, { c, params: { file } }) => {
      const isKnown = isId("file", file) && (await deps.store.widgets.logoFiles()).includes(file);
      const logo = isKnown ? await readLogo(deps, file) : null;
      if (!logo) throw new AppError("NOT_FOUND", "There is no such logo.");
      c.header("Content-Security-Policy", "sandbox; default-src 'none'");
      return respond(c, { bytes: new Uint8Array(logo.bytes), type: logo.type, encoded: {} }, FOR_EVER);
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/demo",
      need: "public",
      summary: "A page like one of an intranet, with the widget. `?key=` chooses the tenant",
    },
    async (deps, { c }) => {
      const [tenant] = await deps.store.tenants.list();
      const wanted = c.req.query("key");
      const shown = wanted === undefined ? tenant : await deps.store.tenants.findByEmbedKey(wanted);
      if (!shown) return c.redirect("./");
      c.header("Content-Security-Policy", DEMO_POLICY);
      return respond(c, textFile(demoPage(shown.name, shown.embedKey), HTML), "no-cache");
    },
  ),

  endpoint({ method: "GET", path: "/demo.css", need: "public", summary: "Its style sheet" }, (_deps, { c }) =>
    respond(c, textFile(DEMO_STYLES, "text/css; charset=utf-8"), "no-cache"),
  ),
];

/** As strict as an intranet page can be: no inline script or style, nothing from elsewhere. */
const DEMO_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

function adminPolicy(deps: HttpDeps, c: AppContext): string {
  const socketOrigin = ownOrigin(deps, c)?.replace(/^http/, "ws") ?? "";
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "font-src 'self'",
    `connect-src 'self' ${socketOrigin}`.trimEnd(),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** With a validator, so that a page which asks again transfers nothing, and compressed where both sides can. */
function respond(c: AppContext, { bytes, type, encoded }: AssetFile, caching: string): Response {
  const [encoding] = acceptedEncodings(
    c.req.header("accept-encoding"),
    Object.keys(encoded) as ContentEncoding[],
  );
  // Another encoding is another representation: a cache must not take one for the other.
  const etag = `"${Bun.hash(bytes).toString(36)}${encoding === undefined ? "" : `-${encoding}`}"`;
  c.header("ETag", etag);
  c.header("Cache-Control", caching);
  c.header("Vary", "Accept-Encoding");
  if (c.req.header("if-none-match") === etag) return c.body(null, 304);
  c.header("Content-Type", type);
  if (encoding !== undefined) c.header("Content-Encoding", encoding);
  return c.body((encoding && encoded[encoding]) ?? bytes);
}

function textFile(text: string, type: string): AssetFile {
  return { bytes: new TextEncoder().encode(text), type, encoded: {} };
}
