import { z } from "zod";
import { allowedPage } from "../allowed-page.ts";
import { linesText, lineText } from "../text.ts";

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

const allowedDomain = z
  .string()
  .max(2000)
  .transform((entry, context) => {
    const { page, problem } = allowedPage(entry);
    if (page !== undefined) return page;
    context.addIssue({ code: "custom", message: problem });
    return z.NEVER;
  });

export const updateWidgetConfigSchema = z
  .strictObject({
    displayName: lineText(60),
    subtitle: lineText(120, 0),
    greeting: linesText(500).trim().min(1, "Write a greeting."),
    primaryColor: z.string().regex(/^#[0-9a-fA-F]{6}$/, "Write the colour as # and six digits."),
    theme: z.enum(["light", "dark", "auto"]),
    position: z.enum(["bottom-right", "bottom-left"]),
    allowedDomains: z.array(allowedDomain).max(100),
    suggestedQuestions: z.array(lineText(120)).max(3),
  })
  .partial();

export type WidgetConfigView = z.infer<typeof widgetConfigSchema>;
export type UpdateWidgetConfig = z.input<typeof updateWidgetConfigSchema>;
