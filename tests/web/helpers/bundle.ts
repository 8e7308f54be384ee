import { join } from "node:path";
import { bundleWidget } from "../../../scripts/build/widget-bundles.ts";

const REPOSITORY = join(import.meta.dir, "../../..");

export type Asset = { body: Blob; type: string };

let bundled: Promise<Map<string, Asset>> | undefined;

/** The backoffice and the widget as the build makes them, by path; made once a process. */
export function bundleAdmin(): Promise<Map<string, Asset>> {
  bundled ??= build();
  return bundled;
}

async function build(): Promise<Map<string, Asset>> {
  const widget = await bundleWidget(REPOSITORY);
  const result = await Bun.build({
    entrypoints: [join(REPOSITORY, "web/main.ts")],
    target: "browser",
    minify: true,
    splitting: true,
    naming: { entry: "admin.[ext]", chunk: "admin-[hash].[ext]", asset: "admin.[ext]" },
    define: { PARLEY_PANEL_PATH: JSON.stringify(widget.panelPath) },
  });
  const assets = new Map<string, Asset>();
  for (const output of result.outputs) {
    const name = output.path.replace(/^\.?\//, "");
    const type = name.endsWith(".css") ? "text/css" : "text/javascript";
    assets.set(`/assets/${name}`, { body: output, type });
  }
  for (const [path, bytes] of widget.files)
    assets.set(`/${path}`, { body: new Blob([bytes as BlobPart]), type: "text/javascript" });
  return assets;
}
