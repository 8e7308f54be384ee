import { z } from "zod";
import { exactText } from "../text.ts";
import { isoTime } from "./common.ts";

export const identitySchema = z.strictObject({
  /** Whether there is a secret, which is shown once, when it is made. */
  secret: z.strictObject({ set: z.boolean(), createdAt: isoTime.nullable(), lastUsedAt: isoTime.nullable() }),
  /** Until when tokens of the secret before are believed, too. */
  previousUntil: isoTime.nullable(),
  /** Times of use are to the hour. */
  previousLastUsedAt: isoTime.nullable(),
});

/** `immediately`: the secret before is not believed any more. */
export const replaceIdentitySecretSchema = z.strictObject({ immediately: z.boolean().default(false) });
export const identitySecretSchema = z.strictObject({
  /** Its UTF-8 bytes are the key of HS256. */
  secret: z.string(),
});

export const checkIdentitySchema = z.strictObject({ token: exactText().min(1).max(8_000) });
export const checkIdentityAnswerSchema = z.strictObject({
  ok: z.boolean(),
  /** In sentences that say what to do; none where the token would be believed. */
  problems: z.array(z.string()),
  signedWith: z.enum(["present", "previous"]).nullable(),
  visitor: z
    .strictObject({
      id: z.string(),
      name: z.string().nullable(),
      email: z.string().nullable(),
      groups: z.array(z.string()),
    })
    .nullable(),
  /** What the token says, whoever signed it; null where it cannot be read. */
  claims: z.record(z.string(), z.unknown()).nullable(),
});

export type CheckIdentityAnswer = z.infer<typeof checkIdentityAnswerSchema>;
export type IdentityView = z.infer<typeof identitySchema>;
