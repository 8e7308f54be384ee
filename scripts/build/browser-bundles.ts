/** The backoffice and the widget, bundled for the browser. */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AssetManifest } from "../../src/native/embedded.ts";

const ADMIN_ENTRY = "web/main.ts";
const LOADER_ENTRY = "widget/loader/main.ts";
const PANEL_ENTRY = "widget/panel/main.ts";

/**
 * Writes into `directory` (and removes what else is there):
 *
 *     widget.js                   classic script, the name pages embed; knows its panel as PARLEY_PANEL_FILE
 *     widget/panel-<hash>.js      ES module, loaded when the panel is first opened
 *     admin/main-<hash>.js, .css  ES module and styles of the backoffice
 *     manifest.json               the names above, an AssetManifest
 */
export async function bundleForBrowser(repository: string, directory: string): Promise<void> {
  for (const entry of [ADMIN_ENTRY, LOADER_ENTRY, PANEL_ENTRY]) requireEntry(repository, entry);
  const admin = await bundle(repository, ADMIN_ENTRY, "admin/[name]-[hash].[ext]");
  const panel = await bundle(repository, PANEL_ENTRY, "widget/panel-[hash].[ext]");
  const panelScript = onlyScript(panel, PANEL_ENTRY);
  const loader = await bundle(repository, LOADER_ENTRY, "widget.[ext]", {
    format: "iife",
    define: { PARLEY_PANEL_FILE: JSON.stringify(panelScript) },
  });
  const manifest: AssetManifest = {
    adminScript: onlyScript(admin, ADMIN_ENTRY),
    adminStyles: [...admin.keys()].filter((path) => path.endsWith(".css")),
    widgetScript: onlyScript(loader, LOADER_ENTRY),
    panelScript,
  };
  const files = new Map([...admin, ...panel, ...loader]);
  files.set("manifest.json", new TextEncoder().encode(JSON.stringify(manifest, null, 2)));
  await replaceFiles(directory, files);
}

type BundleOptions = { format?: "esm" | "iife"; define?: Record<string, string> };

/** The bundle's files by their path. Everything is minified; nothing refers to a source map. */
async function bundle(
  repository: string,
  entry: string,
  naming: string,
  { format = "esm", define = {} }: BundleOptions = {},
): Promise<Map<string, Uint8Array>> {
  const { outputs } = await Bun.build({
    entrypoints: [join(repository, entry)],
    root: repository,
    target: "browser",
    format,
    minify: true,
    sourcemap: "none",
    naming: { entry: naming, chunk: naming, asset: naming },
    define: { "process.env.NODE_ENV": '"production"', ...define },
  });
  const files = new Map<string, Uint8Array>();
  for (const output of outputs) {
    files.set(output.path.replaceAll("\\", "/").replace(/^\.\//, ""), await output.bytes());
  }
  return files;
}

function requireEntry(repository: string, entry: string): void {
  if (existsSync(join(repository, entry))) return;
  throw new Error(
    `${entry} is missing: it is where this bundle starts. Without it there is nothing to build.`,
  );
}

function onlyScript(files: Map<string, Uint8Array>, entry: string): string {
  const scripts = [...files.keys()].filter((path) => path.endsWith(".js"));
  if (scripts.length === 1 && scripts[0] !== undefined) return scripts[0];
  throw new Error(`${entry} should become one script but became ${scripts.join(", ") || "none"}.`);
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
