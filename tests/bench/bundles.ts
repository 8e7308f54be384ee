/** What a browser transfers: the widget's launcher, its panel, and the admin's first load, gzipped. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Figure } from "./figure.ts";

const ASSETS = join(import.meta.dir, "../../dist/assets");

export async function benchBundles(): Promise<Figure[]> {
  const files = readdirSync(join(ASSETS, "assets"));
  const gzipped = (paths: string[]) =>
    paths.reduce((sum, path) => sum + gzipSync(readFileSync(join(ASSETS, path)), { level: 9 }).length, 0);
  const matching = (pattern: RegExp) =>
    files.filter((name) => pattern.test(name)).map((name) => `assets/${name}`);
  const launcher = gzipped(["widget.js"]);
  const panel = gzipped(matching(/^widget-panel/));
  // What is loaded later the page does not name.
  const page = readFileSync(join(ASSETS, "index.html"), "utf8");
  const admin = gzipped(["index.html", ...matching(/^admin/).filter((path) => page.includes(path))]);
  return [
    { what: "widget.js (launcher), gzip", measured: kilobytes(launcher), target: "≤ 6 kB" },
    { what: "widget, first open, gzip", measured: kilobytes(panel), target: "≤ 30 kB" },
    { what: "widget, all, gzip", measured: kilobytes(launcher + panel), target: "≤ 45 kB" },
    { what: "admin, first load, gzip", measured: kilobytes(admin), target: "≤ 120 kB" },
  ];
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
