import { z } from "zod";
import { lineText } from "../text.ts";
import { isoTime, pageOf } from "./common.ts";

export const tenantSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  embedKey: z.string(),
  createdAt: isoTime,
});
export const tenantPageSchema = pageOf(tenantSchema);
export const createTenantSchema = z.strictObject({ name: lineText(120) });
export const updateTenantSchema = z.strictObject({ name: lineText(120) });

export type TenantView = z.infer<typeof tenantSchema>;
