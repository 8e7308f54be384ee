import type { Deps } from "../../deps.ts";

/** Called at start: ends what a process that died was writing, with the text so far. */
export async function endUnfinishedAnswers({
  store,
  outbox,
  now,
}: Pick<Deps, "store" | "outbox" | "now">): Promise<void> {
  const unfinished = await store.turns.unfinished();
  if (unfinished.length === 0) return;
  const events = unfinished.map((answer) => ({ type: "answer-finished" as const, ...answer }));
  await outbox.announce(events, (jobs) => store.turns.interruptUnfinished(now(), jobs));
}
