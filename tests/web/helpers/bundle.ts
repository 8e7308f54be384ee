import { join } from "node:path";

export type Asset = { body: Blob; type: string };

let bundled: Promise<Map<string, Asset>> | undefined;

/** The backoffice as the build makes it, by path; made once a process. */
export function bundleAdmin(): Promise<Map<string, Asset>> {
  bundled ??= build();
  return bundled;
}

async function build(): Promise<Map<string, Asset>> {
  const result = await Bun.build({
    entrypoints: [join(import.meta.dir, "../../../web/main.ts")],
    target: "browser",
    minify: true,
    naming: "admin.[ext]",
  });
  const assets = new Map<string, Asset>();
  for (const output of result.outputs) {
    const name = output.path.replace(/^\.?\//, "");
    const type = name.endsWith(".css") ? "text/css" : "text/javascript";
    assets.set(`/assets/${name}`, { body: output, type });
  }
  return assets;
}
