import { z } from "zod";
import { isoTime } from "./common.ts";

export const identitySchema = z.strictObject({
  /** Whether there is a secret, which is shown once, when it is made. */
  secret: z.strictObject({ set: z.boolean(), createdAt: isoTime.nullable() }),
  /** Until when tokens of the secret before are believed, too. */
  previousUntil: isoTime.nullable(),
});

/** `immediately`: the secret before is not believed any more. */
export const replaceIdentitySecretSchema = z.strictObject({ immediately: z.boolean().default(false) });
export const identitySecretSchema = z.strictObject({
  /** Its UTF-8 bytes are the key of HS256. */
  secret: z.string(),
});

export type IdentityView = z.infer<typeof identitySchema>;
