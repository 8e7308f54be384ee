import { FORMATS } from "../../rag/formats/catalog.ts";
import type { Format } from "../../rag/formats/format.ts";

/** What Parley reads, as pages show it and offer it to choose. */
export function listFormats(): Pick<Format, "name" | "label" | "icon" | "extensions">[] {
  return FORMATS.map(({ name, label, icon, extensions }) => ({ name, label, icon, extensions }));
}
