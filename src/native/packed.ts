/** Where the files lie that come with Parley's code: inside the binary, or in the repository. */
import { join } from "node:path";
import type { PackedPart } from "./parts.ts";

/** Baked in by build.ts. */
declare const PARLEY_NATIVE_PARTS: PackedPart[] | undefined;

/** The folder's name inside the binary; build.ts fills it. */
export const PACKED_FOLDER = "packed";

export const REPOSITORY = join(import.meta.dir, "../..");

/** A path among the packed files of the binary. Code of a worker lies one folder deeper than the rest. */
export function packedPath(...names: string[]): string {
  return join(import.meta.dir.replace(/[\\/]workers$/, ""), PACKED_FOLDER, ...names);
}

/** The native parts inside the binary. */
export function packedParts(): readonly PackedPart[] {
  return typeof PARLEY_NATIVE_PARTS === "undefined" ? [] : PARLEY_NATIVE_PARTS;
}
