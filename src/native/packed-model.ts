import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MODEL_MANIFEST_FILE, parseModelManifest } from "../workers/model-manifest.ts";
import { copyOutVerified } from "./copy-out.ts";
import { packedModelDirectory } from "./embedded.ts";

/**
 * Makes the model inside the binary a folder of its own, `<data>/models/<name>`, since ONNX Runtime reads
 * files only. Writes what is missing or differs. The folder, or null when no model was packed.
 *
 * @throws DATA_DIR_NOT_WRITABLE · STORAGE_FULL
 */
export async function installPackedModel(dataDirectory: string): Promise<string | null> {
  const packed = packedModelDirectory();
  if (packed === null) return null;
  const manifestText = await readFile(join(packed, MODEL_MANIFEST_FILE), "utf8");
  const { name, files } = parseModelManifest(manifestText);
  const manifestSha256 = new Bun.CryptoHasher("sha256").update(manifestText).digest("hex");
  const directory = join(dataDirectory, "models", name);
  for (const [path, sha256] of [...Object.entries(files), [MODEL_MANIFEST_FILE, manifestSha256] as const]) {
    await copyOutVerified(() => Bun.file(join(packed, path)).bytes(), join(directory, path), sha256);
  }
  return directory;
}
