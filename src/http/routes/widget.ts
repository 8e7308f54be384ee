import { Hono } from "hono";
import { AppError } from "../../errors.ts";
import { updateWidgetConfigSchema } from "../../protocol/admin-api/widget.ts";
import {
  getWidgetSettings,
  removeLogo,
  setLogo,
  updateWidgetSettings,
} from "../../services/access/widget-settings.ts";
import type { AdminEnv, HttpDeps } from "../env.ts";
import { filesOf } from "../multipart.ts";
import { jsonBody } from "../validate.ts";
import { widgetConfigView } from "../views.ts";

const MAX_LOGO_REQUEST_BYTES = 1024 * 1024;

/** /api/admin/widget */
export function widgetRoutes(deps: HttpDeps) {
  return new Hono<AdminEnv>()
    .get("/", async (c) => c.json(widgetConfigView(await getWidgetSettings(deps, c.var.tenantId))))

    .put("/", async (c) => {
      const changes = definedOnly(await jsonBody(c, updateWidgetConfigSchema));
      return c.json(widgetConfigView(await updateWidgetSettings(deps, c.var.tenantId, changes)));
    })

    .post("/logo", async (c) => {
      const [file, ...more] = await filesOf(c, MAX_LOGO_REQUEST_BYTES);
      if (!file || more.length > 0) throw new AppError("VALIDATION", "Attach one image as “file”.");
      return c.json(widgetConfigView(await setLogo(deps, c.var.tenantId, file.bytes)));
    })

    .delete("/logo", async (c) => c.json(widgetConfigView(await removeLogo(deps, c.var.tenantId))));
}

/** A field that is absent stays as it is; `undefined` would erase it. */
function definedOnly<Changes extends Record<string, unknown>>(
  changes: Changes,
): { [Key in keyof Changes]?: Exclude<Changes[Key], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Changes]?: Exclude<Changes[Key], undefined>;
  };
}
