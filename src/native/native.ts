/** Puts the compiled libraries where the system's loader can find them: it cannot load from inside the binary. */
import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AppError } from "../errors.ts";
import { copyOutVerified } from "./copy-out.ts";
import { packedParts, packedPath, REPOSITORY } from "./packed.ts";
import { currentTarget, type NativePart, type NativePartsOf, nativePartsOf } from "./parts.ts";

export type NativeParts = {
  /** For better-sqlite3: `new Database(path, { nativeBinding: sqliteBinding })`. */
  sqliteBinding: string;
  /** For `loadExtension`. */
  vec0: string;
  /** The folder of ONNX Runtime, checked and copied at the first call. Null where there is none. */
  onnxRuntime(): Promise<string | null>;
};

/**
 * Makes the native parts loadable. In the binary they are copied to `<data>/native` once, and compared with
 * what the build packed at every start; from source they are those of node_modules.
 *
 * @throws DATA_DIR_NOT_WRITABLE · STORAGE_FULL
 */
export async function installNativeParts(dataDirectory: string): Promise<NativeParts> {
  const target = currentTarget();
  if (target === null) {
    const machine = `${process.platform} on ${process.arch}`;
    throw new AppError(
      "CONFIG_INVALID",
      `Parley does not run on ${machine}. See the README for what it runs on.`,
    );
  }
  const parts = nativePartsOf(target);
  if (!Bun.isStandaloneExecutable) return developmentParts(parts);

  const directory = resolve(dataDirectory, "native");
  await prepareDirectory(directory);
  await installPart(parts.sqliteBinding, directory);
  await installPart(parts.vec0, directory);
  return {
    sqliteBinding: join(directory, parts.sqliteBinding.name),
    vec0: join(directory, parts.vec0.name),
    // Not at the start: reading 45 MB costs more than everything else that a start does.
    onnxRuntime: () => installAll(parts.onnxRuntime, directory),
  };
}

function developmentParts({ sqliteBinding, vec0, onnxRuntime }: NativePartsOf): NativeParts {
  const path = (part: NativePart) => join(REPOSITORY, "node_modules", part.source);
  const library = onnxRuntime[0];
  return {
    sqliteBinding: path(sqliteBinding),
    vec0: path(vec0),
    onnxRuntime: async () => (library ? join(path(library), "..") : null),
  };
}

/** Only the owner may write here: whoever can, can make Parley run their code. */
async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await chmod(directory, 0o700);
    const leftOver = (await readdir(directory)).filter((name) => name.endsWith(".partial"));
    await Promise.all(leftOver.map((name) => rm(join(directory, name), { force: true })));
  } catch (thrown) {
    const message = `Parley cannot write to ${directory}. Give it a data directory it may write to, with --data.`;
    throw new AppError("DATA_DIR_NOT_WRITABLE", message, { cause: thrown });
  }
}

async function installAll(parts: readonly NativePart[], directory: string): Promise<string | null> {
  for (const part of parts) await installPart(part, directory);
  return parts.length > 0 ? directory : null;
}

async function installPart({ name }: NativePart, directory: string): Promise<void> {
  const packed = packedParts().find((part) => part.name === name);
  if (packed === undefined)
    throw new AppError("INTERNAL", `This binary of Parley lacks ${name}. Build it again.`);
  // Compressed, they are a third of their size, and they are unpacked once.
  const read = async () => Bun.zstdDecompress(await Bun.file(packedPath("native", `${name}.zst`)).bytes());
  await copyOutVerified(read, join(directory, name), packed.sha256);
}
