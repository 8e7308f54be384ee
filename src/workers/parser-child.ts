/** `parley internal parse`: reads documents for the server, so that a hostile one can only hurt this process. */
import { readFile } from "node:fs/promises";
import { fromSystemError, systemCode } from "../domain/storage.ts";
import { AppError } from "../errors.ts";
import { chunkDocument } from "../rag/chunk.ts";
import { parseDocument } from "../rag/formats/parse.ts";
import type { ParseRequest, ParserReply } from "./parser-protocol.ts";

const MEMORY_REPORT_MS = 250;
/** A page a message would drown the channel in a document of thousands. */
const PROGRESS_EVERY_MS = 50;

/** Serves one document at a time over IPC, until the server goes away. Resolves then. */
export async function runParserChild(): Promise<void> {
  if (!process.send)
    throw new AppError("USAGE", "“internal parse” is started by Parley itself and not by hand.");
  const gone = new Promise<void>((resolve) => process.once("disconnect", resolve));
  // Waiting for a busy loop to end would leave an orphan, so a lost server ends the process at once.
  process.once("disconnect", () => process.exit(0));
  process.on("message", (request: ParseRequest) => void serve(request));
  if (process.platform !== "linux") {
    setInterval(() => reply({ type: "memory", bytes: process.memoryUsage.rss() }), MEMORY_REPORT_MS).unref();
  }
  reply({ type: "ready" });
  await gone;
}

async function serve({ id, path, filename, format }: ParseRequest): Promise<void> {
  try {
    const bytes = await readDocument(path);
    const { blocks, ...document } = await parseDocument(bytes, filename, format, throttledProgress(id));
    // Cut here and not in the server: it takes 10 ms a megabyte, which there everybody would wait for.
    const chunks = chunkDocument({ ...document, blocks });
    reply({ type: "parsed", id, document: { ...document, chunks } });
  } catch (thrown) {
    const error = thrown instanceof AppError ? thrown : unexpected(thrown);
    reply({ type: "failed", id, code: error.code, message: error.message });
  }
}

async function readDocument(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT")
      throw new AppError("INTERNAL", "The uploaded file is no longer there.");
    // Otherwise the document would be blamed for the server's disk.
    throw fromSystemError(thrown);
  }
}

function throttledProgress(
  id: number,
): (progress: { done: number; total: number; unit: "page" | "part" }) => void {
  let lastAt = 0;
  return (progress) => {
    const now = performance.now();
    if (progress.done < progress.total && now - lastAt < PROGRESS_EVERY_MS) return;
    lastAt = now;
    reply({ type: "progress", id, ...progress });
  };
}

function unexpected(thrown: unknown): AppError {
  return new AppError("MALFORMED_DOCUMENT", "The file cannot be read. Save it again, then upload that.", {
    cause: thrown,
  });
}

function reply(message: ParserReply): void {
  process.send?.(message);
}
