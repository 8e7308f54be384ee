import { z } from "zod";
import { API_SCOPES } from "../../domain/api-key.ts";
import { lineText } from "../text.ts";
import { isoTime } from "./common.ts";

export const apiKeySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(API_SCOPES)),
  /** The last characters of the key, to tell it by. */
  last4: z.string(),
  createdAt: isoTime,
  expiresAt: isoTime.nullable(),
  /** To the hour. */
  lastUsedAt: isoTime.nullable(),
});
export const apiKeyListSchema = z.strictObject({ items: z.array(apiKeySchema), nextCursor: z.null() });

export const createApiKeySchema = z.strictObject({
  name: lineText(80),
  scopes: z.array(z.enum(API_SCOPES)).min(1, "Say what the key opens."),
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
});
/** `key` is shown this once. */
export const createdApiKeySchema = apiKeySchema.extend({ key: z.string() });

export type ApiKeyView = z.output<typeof apiKeySchema>;
