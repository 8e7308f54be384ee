import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bundleForBrowser } from "../../scripts/build/browser-bundles.ts";

const SOURCES = {
  "web/index.html": '<link href="/assets/admin.css"><script src="/assets/admin.js"></script>',
  "web/main.ts": 'import "./main.css"; console.log("backoffice" as string);',
  "web/main.css": "body { color: red }",
  "widget/loader/main.ts": "declare const PARLEY_PANEL_PATH: string; console.log(PARLEY_PANEL_PATH);",
  "widget/panel/main.ts": 'export const panel: string = "panel";',
};

let repository: string;
let output: string;
beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), "parley-bundles-"));
  output = join(repository, "dist/assets");
  for (const [path, text] of Object.entries(SOURCES)) await writeSource(path, text);
});
afterEach(() => rm(repository, { recursive: true }));

async function writeSource(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(repository, path)), { recursive: true });
  await writeFile(join(repository, path), text);
}

test("the widget keeps its name and finds its panel, whose name changes with its content", async () => {
  await bundleForBrowser(repository, output);
  const before = await readFile(join(output, "widget.js"), "utf8");
  await writeSource("widget/panel/main.ts", 'export const panel = "another panel";');
  await bundleForBrowser(repository, output);
  const after = await readFile(join(output, "widget.js"), "utf8");

  const panels = (await readdir(join(output, "assets"))).filter((name) => name.startsWith("widget-panel-"));
  expect(panels).toHaveLength(1);
  expect(after).toContain(`/assets/${panels[0]}`);
  expect(before).not.toContain(`/assets/${panels[0]}`);
});

test("the backoffice's page names its script and styles as they are called now", async () => {
  await bundleForBrowser(repository, output);

  const page = await readFile(join(output, "index.html"), "utf8");
  expect(page).toMatch(
    /^<link href="\/assets\/admin-\w+\.css"><script src="\/assets\/admin-\w+\.js"><\/script>$/,
  );
});

test("what the backoffice loads later is a file of its own, which the page does not name", async () => {
  await writeSource("web/main.ts", 'import "./main.css"; void import("./later.ts");');
  await writeSource("web/later.ts", 'console.log("later");');
  await bundleForBrowser(repository, output);

  const page = await readFile(join(output, "index.html"), "utf8");
  const scripts = (await readdir(join(output, "assets"))).filter((name) => /^admin-.*\.js$/.test(name));
  expect(scripts).toHaveLength(2);
  expect(scripts.filter((name) => page.includes(name))).toHaveLength(1);
});

test("a missing entry stops the build with its name", async () => {
  await rm(join(repository, "web/main.ts"));

  await expect(bundleForBrowser(repository, output)).rejects.toThrow("web/main.ts is missing");
});
