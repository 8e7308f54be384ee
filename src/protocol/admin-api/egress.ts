import { z } from "zod";
import { lineText } from "../text.ts";

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
});
export const replaceEgressSchema = z.strictObject({ allow });

export type EgressView = z.infer<typeof egressSchema>;
