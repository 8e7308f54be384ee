import { AppError } from "../errors.ts";
import type { Assets } from "../http/env.ts";
import { embeddedAsset } from "./embedded.ts";

type LoadedFile = { bytes: Uint8Array<ArrayBuffer>; type: string };

/** Read once: they are small, and the binary they come from does not change while it runs. */
const loaded = new Map<string, LoadedFile>();

/** The backoffice and the widget, from inside the binary or, in development, from the bundler's folder. */
export const embeddedAssets: Assets = {
  async find(path) {
    const file = await load(`assets/${path}`);
    // Their names carry a hash of what is in them.
    return file && { ...file, immutable: true };
  },
  adminPage: async () => (await required("index.html")).bytes,
  widgetScript: async () => (await required("widget.js")).bytes,
};

async function load(path: string): Promise<LoadedFile | null> {
  const known = loaded.get(path);
  if (known) return known;
  const file = embeddedAsset(path);
  if (!file) return null;
  const entry = { bytes: await file.bytes(), type: file.type };
  loaded.set(path, entry);
  return entry;
}

async function required(path: string): Promise<LoadedFile> {
  const file = await load(path);
  if (!file) throw new AppError("INTERNAL", `This binary of Parley lacks ${path}. Build it again.`);
  return file;
}
