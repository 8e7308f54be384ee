import type { Deps } from "../../deps.ts";
import type { FileId, TenantId } from "../../domain/ids.ts";
import type { WidgetConfig } from "../../domain/tenant.ts";
import { AppError } from "../../errors.ts";
import { writeFileFor } from "../operations/written-file.ts";

export type WidgetSettingsDeps = Pick<Deps, "store" | "files" | "now">;

const MAX_LOGO_BYTES = 256 * 1024;
const ORIGINS_SHOWN = 5;

export type WidgetSettings = { widget: WidgetConfig; embedKey: string; seenOrigins: string[] };

export async function getWidgetSettings(
  deps: WidgetSettingsDeps,
  tenantId: TenantId,
): Promise<WidgetSettings> {
  const [widget, tenant, seenOrigins] = await Promise.all([
    deps.store.widgets.get(tenantId),
    deps.store.tenants.get(tenantId),
    deps.store.chatSessions.recentOrigins(tenantId, ORIGINS_SHOWN),
  ]);
  return { widget, embedKey: tenant.embedKey, seenOrigins };
}

export async function updateWidgetSettings(
  deps: WidgetSettingsDeps,
  tenantId: TenantId,
  changes: Partial<Omit<WidgetConfig, "logoFile">>,
): Promise<WidgetSettings> {
  const current = await deps.store.widgets.get(tenantId);
  await deps.store.widgets.replace(tenantId, { ...current, ...changes }, deps.now());
  return getWidgetSettings(deps, tenantId);
}

/**
 * Stores a logo and uses it from now on.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE for anything but PNG, JPEG and WebP by content · PAYLOAD_TOO_LARGE
 */
export async function setLogo(
  deps: WidgetSettingsDeps,
  tenantId: TenantId,
  bytes: Uint8Array,
): Promise<WidgetSettings> {
  if (bytes.length > MAX_LOGO_BYTES) {
    throw new AppError(
      "PAYLOAD_TOO_LARGE",
      "A logo may have at most 256 kB. Save it smaller, 128 × 128 pixels are enough.",
    );
  }
  if (imageType(bytes) === null) {
    throw new AppError(
      "UNSUPPORTED_MEDIA_TYPE",
      "A logo must be a PNG, JPEG or WebP image. SVG is not taken because it can carry scripts.",
    );
  }
  const current = await deps.store.widgets.get(tenantId);
  await writeFileFor(deps, bytes, (logoFile) =>
    deps.store.widgets.replace(tenantId, { ...current, logoFile }, deps.now()),
  );
  return withoutFormerLogo(deps, tenantId, current);
}

export async function removeLogo(deps: WidgetSettingsDeps, tenantId: TenantId): Promise<WidgetSettings> {
  const current = await deps.store.widgets.get(tenantId);
  await deps.store.widgets.replace(tenantId, { ...current, logoFile: null }, deps.now());
  return withoutFormerLogo(deps, tenantId, current);
}

/** The logo's bytes and media type, or null. */
export async function readLogo(
  deps: Pick<Deps, "files">,
  fileId: FileId,
): Promise<{ bytes: Uint8Array; type: string } | null> {
  const bytes = await deps.files.read(fileId);
  const type = bytes && imageType(bytes);
  return bytes && type ? { bytes, type } : null;
}

async function withoutFormerLogo(
  deps: WidgetSettingsDeps,
  tenantId: TenantId,
  { logoFile }: WidgetConfig,
): Promise<WidgetSettings> {
  if (logoFile) await deps.files.remove(logoFile as FileId);
  return getWidgetSettings(deps, tenantId);
}

/** Media type by the image's own first bytes; names and headers say nothing. */
function imageType(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("RIFF") && head.slice(8) === "WEBP") return "image/webp";
  return null;
}
