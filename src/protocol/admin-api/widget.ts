import { z } from "zod";
import { SMALL_TALK_KINDS, SMALL_TALK_LANGUAGES } from "../../domain/small-talk.ts";
import { allowedPage } from "../allowed-page.ts";
import { contactProblem, LONGEST_CONTACT } from "../contact.ts";
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
  contact: z.string().describe("how visitors reach a person; empty when none is set"),
  ownReplies: z
    .array(
      z.strictObject({
        kind: z.enum(SMALL_TALK_KINDS),
        language: z.enum(SMALL_TALK_LANGUAGES).nullable(),
        text: z.string(),
      }),
    )
    .describe("replies to small talk in the tenant's own words"),
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

/** One for each kind in each language, and for all of them. */
const MOST_OWN_REPLIES = SMALL_TALK_KINDS.length * (SMALL_TALK_LANGUAGES.length + 1);

const ownReply = z.strictObject({
  kind: z.enum(SMALL_TALK_KINDS),
  language: z.enum(SMALL_TALK_LANGUAGES).nullable(),
  text: linesText(500).trim().min(1, "Write what is answered."),
});

/** Of two for the same turns one would never be said. */
function requireEachOnce(replies: z.output<typeof ownReply>[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [at, { kind, language }] of replies.entries()) {
    const key = `${kind} ${language}`;
    if (seen.has(key))
      context.addIssue({ code: "custom", path: [at, "text"], message: "There is a reply for this already." });
    seen.add(key);
  }
}

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
    contact: lineText(LONGEST_CONTACT, 0)
      .superRefine((text, context) => {
        const problem = contactProblem(text);
        if (problem !== null) context.addIssue({ code: "custom", message: problem });
      })
      .describe("a mail address, a link or a line of text; empty for none"),
    ownReplies: z
      .array(ownReply)
      .max(MOST_OWN_REPLIES)
      .superRefine(requireEachOnce)
      .describe("in place of the replies that were there; `language` null is for visitors of every language"),
  })
  .partial();

export type WidgetConfigView = z.infer<typeof widgetConfigSchema>;
export type UpdateWidgetConfig = z.input<typeof updateWidgetConfigSchema>;
