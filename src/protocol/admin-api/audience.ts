import { z } from "zod";
import { lineText } from "../text.ts";

/** Who may use a tool: `tags` are groups of the visitor's verified identity, one of which is enough. */
export const audienceSchema = z.union([
  z.enum(["everyone", "verified"]),
  z.strictObject({ tags: z.array(lineText(100)).min(1).max(50) }),
]);
