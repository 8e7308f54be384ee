import { AppError } from "../../errors.ts";
import { updateWidgetConfigSchema, widgetConfigSchema } from "../../protocol/admin-api/widget.ts";
import {
  getWidgetSettings,
  removeLogo,
  setLogo,
  updateWidgetSettings,
} from "../../services/access/widget-settings.ts";
import { endpoint } from "../endpoint.ts";
import { widgetConfigView } from "../views.ts";

const MAX_LOGO_REQUEST_BYTES = 1024 * 1024;

export const widget = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/widget",
      need: { role: "viewer" },
      summary: "Widget settings",
      answer: widgetConfigSchema,
    },
    async (deps, { tenantId }) => widgetConfigView(await getWidgetSettings(deps, tenantId)),
  ),

  endpoint(
    {
      method: "PUT",
      path: "/api/admin/widget",
      need: { role: "admin" },
      summary: "Change widget settings",
      body: updateWidgetConfigSchema,
      answer: widgetConfigSchema,
    },
    async (deps, { tenantId, body }) =>
      widgetConfigView(await updateWidgetSettings(deps, tenantId, definedOnly(body))),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/widget/logo",
      need: { role: "admin" },
      summary: "Set the logo: PNG, JPEG or WebP, at most 256 kB",
      body: { files: "whole", maxBytes: MAX_LOGO_REQUEST_BYTES },
      answer: widgetConfigSchema,
    },
    async (deps, { tenantId, body: [file, ...more] }) => {
      if (!file || more.length > 0) throw new AppError("VALIDATION", "Attach one image as “file”.");
      return widgetConfigView(await setLogo(deps, tenantId, file.bytes));
    },
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/widget/logo",
      need: { role: "admin" },
      summary: "Remove the logo",
      answer: widgetConfigSchema,
    },
    async (deps, { tenantId }) => widgetConfigView(await removeLogo(deps, tenantId)),
  ),
];

/** A field that is absent stays as it is; `undefined` would erase it. */
function definedOnly<Changes extends Record<string, unknown>>(
  changes: Changes,
): { [Key in keyof Changes]?: Exclude<Changes[Key], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Changes]?: Exclude<Changes[Key], undefined>;
  };
}
