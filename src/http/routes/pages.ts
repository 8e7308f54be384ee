import { Hono } from "hono";
import { isId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import { readLogo } from "../../services/access/widget-settings.ts";
import { DEMO_STYLES, demoPage } from "../demo-page.ts";
import type { AppContext, AppEnv, HttpDeps } from "../env.ts";
import { preflight } from "../middleware/page-call.ts";
import { ownOrigin } from "../same-origin.ts";

const YEAR_SECONDS = 31_536_000;

/** The admin's page, the widget's files, logos and the demo page. */
export function pageRoutes(deps: HttpDeps) {
  return new Hono<AppEnv>()
    .get("/", async (c) => {
      c.header("Content-Security-Policy", adminPolicy(deps, c));
      return respond(c, await deps.assets.adminPage(), "text/html; charset=utf-8", "no-cache");
    })

    .on("OPTIONS", ["/widget.js", "/assets/*", "/logos/*"], (c) => preflight(deps, c))

    .get("/assets/:path{.+}", async (c) => {
      const asset = await deps.assets.find(c.req.param("path"));
      if (!asset) throw new AppError("NOT_FOUND", "There is no such file.");
      allowEveryPage(c);
      return respond(
        c,
        asset.bytes,
        asset.type,
        asset.immutable ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-cache",
      );
    })

    .get("/widget.js", async (c) => {
      allowEveryPage(c);
      return respond(c, await deps.assets.widgetScript(), "text/javascript; charset=utf-8", "no-cache");
    })

    .get("/logos/:file", async (c) => {
      const file = c.req.param("file");
      const logo =
        isId("file", file) && (await deps.store.widgets.logoFiles()).includes(file)
          ? await readLogo(deps, file)
          : null;
      if (!logo) throw new AppError("NOT_FOUND", "There is no such logo.");
      allowEveryPage(c);
      c.header("Content-Security-Policy", "sandbox; default-src 'none'");
      return respond(c, new Uint8Array(logo.bytes), logo.type, `public, max-age=${YEAR_SECONDS}, immutable`);
    })

    .get("/demo", async (c) => {
      const [tenant] = await deps.store.tenants.list();
      const wanted = c.req.query("key");
      const shown = wanted === undefined ? tenant : await deps.store.tenants.findByEmbedKey(wanted);
      if (!shown) return c.redirect("./");
      c.header("Content-Security-Policy", DEMO_POLICY);
      return respond(
        c,
        new TextEncoder().encode(demoPage(shown.name, shown.embedKey)),
        "text/html; charset=utf-8",
        "no-cache",
      );
    })

    .get("/demo.css", (c) =>
      respond(c, new TextEncoder().encode(DEMO_STYLES), "text/css; charset=utf-8", "no-cache"),
    );
}

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

/** Scripts and pictures of the widget are public, so that any page may load them; what they may do is decided later. */
function allowEveryPage(c: AppContext): void {
  c.header("Access-Control-Allow-Origin", "*");
  c.header("Cross-Origin-Resource-Policy", "cross-origin");
}

/** With a validator, so that a page which asks again transfers nothing. */
function respond(c: AppContext, bytes: Uint8Array<ArrayBuffer>, type: string, caching: string): Response {
  const etag = `"${Bun.hash(bytes).toString(36)}"`;
  c.header("ETag", etag);
  c.header("Cache-Control", caching);
  if (c.req.header("if-none-match") === etag) return c.body(null, 304);
  c.header("Content-Type", type);
  return c.body(bytes);
}
