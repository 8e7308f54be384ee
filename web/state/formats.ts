import { signal } from "@preact/signals";
import type { FormatView } from "../../src/protocol/admin-api/knowledge.ts";
import { listFormats } from "../api/knowledge.ts";
import { tenantId } from "./session.ts";

/** What Parley reads. Empty until the server has told. */
export const formats = signal<FormatView[]>([]);

export function startFormats(): void {
  tenantId.subscribe(() => void readFormats());
}

async function readFormats(): Promise<void> {
  if (tenantId.peek() === "" || formats.peek().length > 0) return;
  try {
    formats.value = (await listFormats()).items;
  } catch {
    // Sources then show their format by its short name, and any file can be chosen: the server decides anyway.
  }
}
