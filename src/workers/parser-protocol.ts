/** What the server and its parser child say to each other, as structured clones over Bun's IPC. */
import type { ChunkedDocument, DocumentFormat } from "../domain/knowledge.ts";
import type { ErrorCode } from "../errors.ts";

export type ParseRequest = {
  type: "parse";
  id: number;
  path: string;
  filename: string;
  format: DocumentFormat;
};

export type ParserReply =
  /** The child is up and waits for work. */
  | { type: "ready" }
  | { type: "progress"; id: number; done: number; total: number; unit: "page" | "part" }
  | { type: "parsed"; id: number; document: ChunkedDocument }
  | { type: "failed"; id: number; code: ErrorCode; message: string }
  /** For platforms where the parent cannot look: resident bytes of the child, while it works. */
  | { type: "memory"; bytes: number };
