import { z } from "zod";
import { exactText, lineText } from "../text.ts";

const name = lineText(120);
const email = lineText(254).pipe(z.email("Enter an e-mail address, such as ada@example.org."));
/** Length only, no composition rules; the most common passwords are refused by name. */
export const PASSWORD_MIN = 15;
const password = exactText().min(PASSWORD_MIN).max(256);

export const setupStateSchema = z.strictObject({
  initialised: z.boolean(),
  requiresToken: z.boolean(),
  /** There when the page was opened at an address that Parley does not know: it will refuse what is sent from there. */
  unknownAddress: z
    .strictObject({
      /** The address that `--public-url` names; null when it names none. */
      publicUrl: z.string().nullable(),
    })
    .optional(),
});

export const setupRequestSchema = z.strictObject({
  token: exactText().max(200).optional(),
  organisation: name,
  name,
  email,
  password,
});

export const loginRequestSchema = z.strictObject({
  email: exactText().max(254),
  password: exactText().max(1024),
});

/** `token` is in the link that `parley user reset-password` prints. */
export const resetPasswordSchema = z.strictObject({ token: exactText().max(2000), password });

export const roleSchema = z.enum(["owner", "admin", "agent", "viewer"]);

export const membershipSchema = z.strictObject({
  tenant: z.strictObject({ id: z.string(), name: z.string(), slug: z.string() }),
  role: roleSchema,
});

/** `GET /api/auth/me`, and the answer to setup and sign-in. */
export const meSchema = z.strictObject({
  user: z.strictObject({ id: z.string(), name: z.string(), email: z.string(), operator: z.boolean() }),
  memberships: z.array(membershipSchema),
  /** What a person should know about this Parley. */
  instance: z.strictObject({
    version: z.string(),
    tls: z.boolean(),
    offline: z.boolean(),
    loopback: z.boolean(),
    /** Origins under which visitors may find this machine, the likeliest first. */
    origins: z.array(z.string()),
  }),
});

export type SetupState = z.infer<typeof setupStateSchema>;
export type SetupRequest = z.input<typeof setupRequestSchema>;
export type LoginRequest = z.input<typeof loginRequestSchema>;
export type ResetPassword = z.input<typeof resetPasswordSchema>;
export type Me = z.infer<typeof meSchema>;
