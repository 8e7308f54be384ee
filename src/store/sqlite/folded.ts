import type { SqliteClient } from "./connection.ts";

/** How texts are compared in lists: SQLite's own lower() knows only ASCII. */
export function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** Makes `folded(text)` known to SQL on this connection. */
export function registerFolded(client: SqliteClient): void {
  client.function("folded", { deterministic: true }, (text: string | null) => folded(text ?? ""));
}
