import type { UpdateWidgetConfig, WidgetConfigView } from "../../src/protocol/admin-api/widget.ts";
import { getJson, sendJson } from "./client.ts";

const WIDGET = "/api/admin/widget";

export const getWidget = (signal?: AbortSignal) =>
  getJson<WidgetConfigView>(WIDGET, signal ? { signal } : {});
export const saveWidget = (change: UpdateWidgetConfig) => sendJson<WidgetConfigView>("PUT", WIDGET, change);
export const removeLogo = () => sendJson<WidgetConfigView>("DELETE", `${WIDGET}/logo`);

export function uploadLogo(file: File): Promise<WidgetConfigView> {
  const form = new FormData();
  form.append("file", file, file.name);
  return sendJson<WidgetConfigView>("POST", `${WIDGET}/logo`, form);
}
