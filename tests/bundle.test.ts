/** What browsers get, as it is built: row 49 and the promise that nothing comes from elsewhere. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleForBrowser } from "../scripts/build/browser-bundles.ts";

let output: string;
let files: Map<string, string>;
beforeAll(async () => {
  output = await mkdtemp(join(tmpdir(), "parley-bundle-"));
  await bundleForBrowser(join(import.meta.dir, ".."), output);
  const names = (await readdir(output, { recursive: true })).filter((name) => /\.(js|css|html)$/.test(name));
  files = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(output, name), "utf8")] as const)),
  );
}, 60_000);
afterAll(() => rm(output, { recursive: true }));

const DANGEROUS =
  /\.(innerHTML|outerHTML|insertAdjacentHTML|srcdoc)\b|\bdocument\.write|\beval\(|\bnew Function\b/g;

const scripts = (of: RegExp) => [...files].filter(([name]) => name.endsWith(".js") && of.test(name));

describe("row 49: the bundles", () => {
  test("of the widget write no HTML and evaluate no text, its libraries included", () => {
    const widget = scripts(/widget/);
    expect(widget.length).toBeGreaterThan(1);
    for (const [name, text] of widget) expect([name, dangersIn(text)]).toEqual([name, []]);
  });

  test("of the backoffice neither", () => {
    const admin = scripts(/admin/);
    expect(admin.length).toBeGreaterThan(0);
    for (const [name, text] of admin) expect([name, dangersIn(text)]).toEqual([name, []]);
  });

  test("name no HTML that Preact would write for us", () => {
    for (const [name, text] of scripts(/./)) {
      // Once is Preact's own support for it, which nothing of ours uses: architecture.test.ts sees to that.
      expect([name, (text.match(/dangerouslySetInnerHTML/g) ?? []).length <= 2]).toEqual([name, true]);
    }
  });
});

describe("what browsers get", () => {
  test("loads nothing from anywhere else", () => {
    for (const [name, text] of files) {
      const loads = [
        ...text.matchAll(/(?:\bimport\(|\bfrom|@import|url\()\s*["']?(https?:)?\/\/[^"')\s]+/g),
        ...text.matchAll(/<(?:script|link|img)[^>]+(?:src|href)="(?:https?:)?\/\/[^"]+/g),
      ].map(([whole]) => whole);
      expect([name, loads]).toEqual([name, []]);
    }
  });

  test("has no page with a script or style of its own", () => {
    const page = files.get("index.html") ?? "";

    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|<style|\son\w+=|\sstyle=/);
    expect(page).toContain("<script");
  });

  test("holds nothing of the server: no variable, no path of this machine, no source", () => {
    for (const [name, text] of files) {
      expect([name, text.includes("PARLEY_SECRET_KEY"), text.includes(join(import.meta.dir, ".."))]).toEqual([
        name,
        false,
        false,
      ]);
      expect([name, /sourceMappingURL=/.test(text)]).toEqual([name, false]);
    }
  });
});

/**
 * All but what Preact's own renderer has: it reads and sets `innerHTML`, once each, for
 * `dangerouslySetInnerHTML`, which nothing of ours uses. One more would be somebody else's.
 */
function dangersIn(script: string): string[] {
  const found = script.match(DANGEROUS) ?? [];
  const preacts = found.filter((hit) => hit === ".innerHTML");
  return preacts.length <= 2 ? found.filter((hit) => hit !== ".innerHTML") : found;
}
