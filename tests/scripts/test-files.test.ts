import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { quickTestFiles } from "../../scripts/test-files.ts";

const REPOSITORY = join(import.meta.dir, "../..");
const read = (path: string): Promise<string> => Bun.file(join(REPOSITORY, path)).text();

describe("bun run check", () => {
  test("runs every test but those that start the binary or a browser", async () => {
    const quick = new Set(quickTestFiles());

    expect(quick.size).toBeGreaterThan(80);
    expect(quick).toContain("tests/scripts/test-files.test.ts");
    for (const path of quick) {
      expect({ path, needsMore: /helpers\/(parley|binary|browser)\.ts"/.test(await read(path)) }).toEqual({
        path,
        needsMore: false,
      });
    }
    const folders = new Set([...quick].map((path) => path.split("/")[1]));
    for (const folder of [
      "domain",
      "rag",
      "store",
      "services",
      "vectors",
      "workers",
      "commands",
      "web",
      "widget",
    ])
      expect(folders).toContain(folder);
  });
});
