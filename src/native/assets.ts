import { AppError } from "../errors.ts";
import type { AssetFile, Assets } from "../http/env.ts";
import { embeddedAsset } from "./embedded.ts";

/** Read once: they are small, and the binary they come from does not change while it runs. */
const loaded = new Map<string, AssetFile>();

/** The backoffice and the widget, from inside the binary or, in development, from the bundler's folder. */
export const embeddedAssets: Assets = {
  async find(path) {
    const file = await load(`assets/${path}`);
    // Their names carry a hash of what is in them.
    return file && { ...file, immutable: true };
  },
  adminPage: () => required("index.html"),
  widgetScript: () => required("widget.js"),
};

async function load(path: string): Promise<AssetFile | null> {
  const known = loaded.get(path);
  if (known) return known;
  const file = embeddedAsset(path);
  if (!file) return null;
  // Compressed ones are made by the build; from source there are none.
  const [br, gzip] = await Promise.all(
    ["br", "gz"].map((ending) => embeddedAsset(`${path}.${ending}`)?.bytes()),
  );
  const entry: AssetFile = {
    bytes: await file.bytes(),
    type: file.type,
    encoded: { ...(br && { br }), ...(gzip && { gzip }) },
  };
  loaded.set(path, entry);
  return entry;
}

async function required(path: string): Promise<AssetFile> {
  const file = await load(path);
  if (!file) throw new AppError("INTERNAL", `This binary of Parley lacks ${path}. Build it again.`);
  return file;
}
