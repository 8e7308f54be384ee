/** A list that pages by cursor, while the live socket tells of its rows. */
import { expect, test } from "bun:test";
import { createList } from "../../web/state/list.ts";

type Row = { id: string; state: string };
const FILTER = { q: "" };

/** A list whose answers come when the test says so, one for each time it was asked. */
function aList() {
  const asked: ((rows: Row[]) => void)[] = [];
  const list = createList<Row, typeof FILTER>(
    FILTER,
    () =>
      new Promise((resolve) => {
        asked.push((items) => resolve({ items, nextCursor: null }));
      }),
  );
  return { list, asked };
}

const rows = (...states: string[]): Row[] => states.map((state, at) => ({ id: `row-${at}`, state }));

test("an answer from before does not undo what the socket told since", async () => {
  const { list, asked } = aList();
  list.open("tenant");
  const refreshed = list.refresh();
  list.replace("row-0", { id: "row-0", state: "failed" });
  list.replace("row-1", null);

  asked.at(-1)?.(rows("waiting", "waiting", "waiting"));
  await refreshed;

  expect(list.items.value).toEqual([
    { id: "row-0", state: "failed" },
    { id: "row-2", state: "waiting" },
  ]);
});

test("what the socket told before a load does not outlive its answer", async () => {
  const { list, asked } = aList();
  list.open("tenant");
  const first = list.refresh();
  list.replace("row-0", { id: "row-0", state: "reading" });
  asked.at(-1)?.(rows("waiting"));
  await first;
  expect(list.items.value).toEqual(rows("reading"));

  const second = list.refresh();
  asked.at(-1)?.(rows("ready"));
  await second;

  expect(list.items.value).toEqual(rows("ready"));
});
