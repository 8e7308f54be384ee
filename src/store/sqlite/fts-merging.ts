/** How the full-text indexes are merged: by the application and in small steps, because FTS5 by itself takes as long as it takes. */
import type { SqliteClient } from "./connection.ts";

/** Pages of the index that one merging step may write: a few ms. */
const MERGE_PAGES = 24;

export function ftsMerging(client: SqliteClient, table: "chunks_fts" | "messages_fts") {
  const step = client.prepare<[number]>(`insert into ${table} (${table}, rank) values ('merge', ?)`);
  const changes = client.prepare<[], number>("select total_changes()").pluck();
  return {
    /** Begins to merge all segments into one, which leaves out what was deleted; `merge` goes on with it. */
    beginRewrite(): void {
      step.run(-MERGE_PAGES);
    },

    /** Merges segments of the index a little. Whether there was something to merge. */
    merge(): boolean {
      const before = changes.get() ?? 0;
      step.run(MERGE_PAGES);
      // FTS5 documents a difference of less than 2 as the sign that nothing is left to do.
      return (changes.get() ?? 0) - before >= 2;
    },
  };
}
