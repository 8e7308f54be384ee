import { z } from "zod";

export const widgetConfigSchema = z.strictObject({
  displayName: z.string(),
  subtitle: z.string(),
  greeting: z.string(),
  primaryColor: z.string(),
  theme: z.enum(["light", "dark", "auto"]),
  position: z.enum(["bottom-right", "bottom-left"]),
  /** Path on this Parley, null for the built-in mark. */
  logoUrl: z.string().nullable(),
  allowedDomains: z.array(z.string()),
  suggestedQuestions: z.array(z.string()),
  /** Read only. */
  embedKey: z.string(),
  /** Read only: origins the widget has been opened on, newest first, at most five. */
  seenOrigins: z.array(z.string()),
});

/** An origin, or a bare host, each with an optional leading `*.`. */
export const ALLOWED_DOMAIN =
  /^(?:https?:\/\/)?(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::\d{1,5})?$|^(?:https?:\/\/)?\[[0-9a-f:]+\](?::\d{1,5})?$/i;

export const updateWidgetConfigSchema = z
  .strictObject({
    displayName: z.string().trim().min(1).max(60),
    subtitle: z.string().trim().max(120),
    greeting: z.string().trim().min(1).max(500),
    primaryColor: z.string().regex(/^#[0-9a-fA-F]{6}$/),
    theme: z.enum(["light", "dark", "auto"]),
    position: z.enum(["bottom-right", "bottom-left"]),
    allowedDomains: z.array(z.string().trim().max(300).regex(ALLOWED_DOMAIN)).max(100),
    suggestedQuestions: z.array(z.string().trim().min(1).max(120)).max(3),
  })
  .partial();

export type WidgetConfigView = z.infer<typeof widgetConfigSchema>;
export type UpdateWidgetConfig = z.input<typeof updateWidgetConfigSchema>;
