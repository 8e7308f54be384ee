import type { RerankerStore } from "../store.ts";
import type { SqliteDb } from "./connection.ts";

type RerankerRow = { model: string; related: number; unrelated: number; chosenAt: number };

export function sqliteRerankerStore(db: SqliteDb): RerankerStore {
  const client = db.$client;
  const find = client.prepare<[], RerankerRow>(
    "select model, related, unrelated, chosen_at as chosenAt from active_reranker",
  );
  const remove = client.prepare("delete from active_reranker");
  const put = client.prepare<[RerankerRow]>(`
    insert or replace into active_reranker (only, model, related, unrelated, chosen_at)
    values (1, @model, @related, @unrelated, @chosenAt)`);

  return {
    async findActive() {
      const row = find.get();
      if (row === undefined) return null;
      const { model, related, unrelated, chosenAt } = row;
      return { model, scale: { related, unrelated }, chosenAt };
    },

    async replace(reranker) {
      if (reranker === null) remove.run();
      else put.run({ model: reranker.model, ...reranker.scale, chosenAt: reranker.chosenAt });
    },
  };
}
