import { z } from "zod";
import { lineText } from "../text.ts";
import { isoTime, pageOf, pageQuery } from "./common.ts";

/** More than anybody looks through; a network or `*.` stands for many. */
const MOST_ENTRIES = 1_000;

const allow = z
  .array(lineText(300))
  .max(MOST_ENTRIES)
  .describe("host:port, *.host:port or host:port=NETWORK");

export const egressSchema = z.strictObject({
  allow: z.array(z.string()).describe("kept here"),
  fromSettings: z.array(z.string()).describe("of --egress-allow, PARLEY_EGRESS_ALLOW or parley.toml"),
  offline: z.boolean(),
  restricted: z.boolean(),
  proxy: z.string().nullable().describe("host:port of what calls over HTTP go through; null for none"),
});
export const replaceEgressSchema = z.strictObject({ allow });

export const egressUseSchema = z.strictObject({
  destination: z.string().describe("host:port"),
  purpose: z.string().describe("llm, embeddings, database, tool, mcp, import, proxy"),
  tenant: z.string().nullable().describe("id; null for the whole installation"),
  tenantName: z.string().nullable(),
  outcome: z.enum(["allowed", "refused"]),
  calls: z.number(),
  sentBytes: z
    .number()
    .nullable()
    .describe("of bodies; null for a database, whose driver has connections of its own"),
  receivedBytes: z.number().nullable(),
  firstAt: isoTime,
  lastAt: isoTime,
});
export const egressUsePageSchema = pageOf(egressUseSchema);
export const listEgressUsesSchema = z.strictObject(pageQuery);

export type EgressUseView = z.infer<typeof egressUseSchema>;
export type EgressView = z.infer<typeof egressSchema>;
