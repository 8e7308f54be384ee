/**
 * Writes the generated parts of the documentation anew: what stands between `<!-- generated:NAME -->` and
 * `<!-- /generated -->` comes from the source. `bun run docs`; tests/docs.test.ts fails when one is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PARTS } from "./docs/parts.ts";

export const GENERATED_IN = ["docs/operations.md", "docs/admin-guide.md", "docs/api.md"] as const;

const MARKED = /<!-- generated:([a-z-]+) -->\n[\s\S]*?<!-- \/generated -->/g;

/** `text` with every marked part as the source has it now. */
export function withGeneratedParts(text: string): string {
  return text.replace(MARKED, (_, name: string) => {
    const part = PARTS[name];
    if (!part)
      throw new Error(`There is no generated part “${name}”. There are: ${Object.keys(PARTS).join(", ")}.`);
    return `<!-- generated:${name} -->\n\n${part()}\n\n<!-- /generated -->`;
  });
}

if (import.meta.main) {
  for (const path of GENERATED_IN) {
    const file = join(import.meta.dir, "..", path);
    const before = readFileSync(file, "utf8");
    const after = withGeneratedParts(before);
    if (after !== before) writeFileSync(file, after);
    console.log(`${path}: ${after === before ? "up to date" : "written"}`);
  }
}
