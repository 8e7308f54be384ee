/** The backoffice and the widget, bundled for the browser. */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bundleWidget, pathOf } from "./widget-bundles.ts";

const ADMIN_ENTRY = "web/main.ts";
const ADMIN_PAGE = "web/index.html";

/**
 * Writes into `directory` (and removes what else is there), by their paths below Parley's address:
 *
 *     index.html                        the backoffice, with the hashed names in it
 *     assets/admin-<hash>.js, .css      ES module and styles of the backoffice, and the pages that it loads later
 *     widget.js                         classic script, the name pages embed; has the panel's path inside
 *     assets/widget-panel-<hash>.js     ES module, loaded when the panel is first opened
 *     assets/widget-<hash>.js           what the panel loads later: markdown, languages
 *
 * What lies in `assets` never changes under its name, so browsers may keep it for ever.
 */
export async function bundleForBrowser(repository: string, directory: string): Promise<void> {
  for (const entry of [ADMIN_ENTRY, ADMIN_PAGE]) requireEntry(repository, entry);
  const widget = await bundleWidget(repository);
  const admin = await bundle(repository, ADMIN_ENTRY, "assets/admin-[hash].[ext]", widget.panelPath);
  const page = await adminPage(repository, admin);
  await replaceFiles(directory, new Map([["index.html", page], ...admin.files, ...widget.files]));
}

/** Files by their path, and that of the script which a page loads first. */
type Bundle = { files: Map<string, Uint8Array>; entryPath: string };

/** web/index.html names its script and styles without their hashes. */
async function adminPage(repository: string, { files, entryPath }: Bundle): Promise<Uint8Array> {
  let page = await readFile(join(repository, ADMIN_PAGE), "utf8");
  const names = { ".js": entryPath, ".css": onlyFile(files, ".css", ADMIN_ENTRY) };
  for (const [ending, path] of Object.entries(names)) {
    const reference = `"/assets/admin${ending}"`;
    if (!page.includes(reference)) throw new Error(`${ADMIN_PAGE} does not refer to ${reference}.`);
    page = page.replace(reference, `"/${path}"`);
  }
  return new TextEncoder().encode(page);
}

/**
 * The bundle's files by their path. Everything is minified; nothing refers to a source map.
 *
 * @param panelPath of the widget's panel, which the preview of the widget shows
 */
async function bundle(repository: string, entry: string, naming: string, panelPath: string): Promise<Bundle> {
  const { outputs } = await Bun.build({
    entrypoints: [join(repository, entry)],
    root: repository,
    target: "browser",
    format: "esm",
    minify: true,
    splitting: true,
    // Parts of a page come with it, one after the other; a hint in the page's head would be written by a script.
    modulePreload: false,
    sourcemap: "none",
    naming: { entry: naming, chunk: naming, asset: naming },
    define: { "process.env.NODE_ENV": '"production"', PARLEY_PANEL_PATH: JSON.stringify(panelPath) },
  });
  const files = new Map<string, Uint8Array>();
  for (const output of outputs) files.set(pathOf(output), new Uint8Array(await output.arrayBuffer()));
  const first = outputs.find(({ kind }) => kind === "entry-point");
  if (!first) throw new Error(`${entry} became no script.`);
  return { files, entryPath: pathOf(first) };
}

function requireEntry(repository: string, entry: string): void {
  if (existsSync(join(repository, entry))) return;
  throw new Error(
    `${entry} is missing: it is where this bundle starts. Without it there is nothing to build.`,
  );
}

function onlyFile(files: Map<string, Uint8Array>, ending: string, entry: string): string {
  const found = [...files.keys()].filter((path) => path.endsWith(ending));
  if (found.length === 1 && found[0] !== undefined) return found[0];
  throw new Error(`${entry} should become one ${ending} file but became ${found.join(", ") || "none"}.`);
}

/** Each file is exchanged as a whole, and only when it changed: another process may be serving them. */
async function replaceFiles(directory: string, files: Map<string, Uint8Array>): Promise<void> {
  for (const [path, bytes] of files) {
    const file = join(directory, path);
    const former = await readFile(file).catch(() => null);
    if (former?.equals(bytes)) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.${process.pid}`, bytes);
    await rename(`${file}.${process.pid}`, file);
  }
  const present = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of present.filter((found) => found.isFile())) {
    const file = join(entry.parentPath, entry.name);
    if (!files.has(file.slice(directory.length + 1).replaceAll("\\", "/"))) await rm(file, { force: true });
  }
}
