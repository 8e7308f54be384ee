/** Behind proxies that block sockets, each in its way: who asks notices nothing, and the way is remembered. */
import { expect, test } from "bun:test";
import { EMBED_KEY, type FakeParley } from "./helpers/fake-parley.ts";
import type { SocketFate } from "./helpers/proxy.ts";
import { openPanel, type Scene, useScenes } from "./helpers/scene.ts";

const scene = useScenes();

const STREAMS = "/api/chat/events/";
const HISTORY = "/api/chat/history/";
const BLOCKED: SocketFate[] = ["refused", "reset", "silent", "hanging"];
const DAY_MS = 24 * 60 * 60 * 1000;

async function asksAndReads(
  { parley, widget }: Pick<Scene, "parley" | "widget">,
  index: number,
): Promise<void> {
  await widget.ask(`Question ${index}`);
  const question = await parley.question(index);
  question.say(`Answer ${index}`);
  question.finish();
  await widget.answers.getByText(`Answer ${index}`).waitFor();
}

/** Loads the page anew with timers that do not run by themselves, so that nothing can be answered after a time-out. */
async function stopClock({ page }: Scene): Promise<void> {
  await page.clock.install();
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
  await page.reload();
}

const hasStreamed = ({ requests }: FakeParley) => requests.some(({ path }) => path.startsWith(STREAMS));
const hasPolled = ({ requests }: FakeParley) => requests.some(({ path }) => path.startsWith(HISTORY));
const way = ({ page }: Scene) =>
  page.evaluate((key) => JSON.parse(localStorage.getItem(`parley:${key}:way`) ?? "null"), EMBED_KEY);

test.each(BLOCKED)(
  "where sockets are %s, the stream begins after a head start and no more",
  async (sockets) => {
    const here = await scene({ sockets });
    await stopClock(here);
    await openPanel(here);
    await here.page.clock.runFor(500);
    await asksAndReads(here, 0);

    expect(hasStreamed(here.parley)).toBe(true);
    expect(here.proxy.sockets()).toBe(1);
    expect(await here.widget.state.count()).toBe(0);
  },
);

test.each(["refused", "silent"] as const)(
  "where sockets hang and streams are %s, answers come by polling after two head starts",
  async (events) => {
    const here = await scene({ sockets: "hanging" });
    here.parley.refuse.events = events === "silent" ? events : true;
    await stopClock(here);
    await openPanel(here);
    await here.page.clock.runFor(1_000);
    await here.widget.ask("Question");
    const question = await here.parley.question(0);
    question.say("The answer.");
    question.finish();
    await here.page.clock.resume();

    await here.widget.answers.getByText("The answer.").waitFor();
    expect(hasPolled(here.parley)).toBe(true);
  },
);

test.each(BLOCKED)("that sockets are %s is remembered: the next page does not try one", async (sockets) => {
  const here = await scene({ sockets });
  await openPanel(here);
  await asksAndReads(here, 0);
  await stopClock(here);
  await here.widget.field.waitFor();
  await asksAndReads(here, 1);

  expect(await way(here)).toMatchObject({ name: "events" });
  expect(here.proxy.sockets()).toBe(1);
});

test("after a day a socket is tried again, and once one comes through nothing is remembered", async () => {
  const here = await scene({ sockets: "hanging" });
  await openPanel(here);
  await asksAndReads(here, 0);
  here.proxy.setFate("passed");
  await here.page.evaluate(
    ([name, at]) => localStorage.setItem(String(name), JSON.stringify({ name: "events", at })),
    [`parley:${EMBED_KEY}:way`, Date.now() - DAY_MS] as const,
  );
  await here.page.reload();
  await here.widget.field.waitFor();
  await asksAndReads(here, 1);

  expect(here.proxy.sockets()).toBe(2);
  expect(await way(here)).toBeNull();
});

test("in another network a socket is tried again at once", async () => {
  const here = await scene({ sockets: "refused" });
  await openPanel(here);
  await asksAndReads(here, 0);
  here.proxy.setFate("passed");
  await here.page.context().setOffline(true);
  await here.widget.state.waitFor();
  await here.page.context().setOffline(false);
  await asksAndReads(here, 1);

  expect(here.proxy.sockets()).toBe(2);
  expect(await way(here)).toBeNull();
});

test("what is remembered is worth nothing when it does not come through any more", async () => {
  const here = await scene({ sockets: "refused" });
  await openPanel(here);
  await asksAndReads(here, 0);
  here.proxy.setFate("passed");
  here.parley.refuse.events = true;
  here.parley.stop();
  await here.widget.state.getByText("Reconnecting").waitFor();
  here.parley.start();
  await asksAndReads(here, 1);

  expect(here.proxy.sockets()).toBe(2);
  expect(await way(here)).toBeNull();
});

test("a socket that comes later than the stream is used, and nothing is lost or doubled", async () => {
  const here = await scene();
  here.parley.holdSockets();
  await openPanel(here);
  await here.widget.ask("Question");
  const question = await here.parley.question(0);
  question.say("One ");
  await here.widget.answers.getByText("One").waitFor();
  expect(hasStreamed(here.parley)).toBe(true);

  here.parley.releaseSockets();
  await here.page.waitForFunction((key) => localStorage.getItem(`parley:${key}:way`) === null, EMBED_KEY);
  question.say("two.");
  question.finish();
  await here.widget.answers.getByText("One two.").waitFor();
  expect(await here.widget.answers.allTextContents()).toEqual(["One two."]);
  expect(await here.widget.visitorMessages.allTextContents()).toEqual(["Question"]);
});

test("a server that has no place for another socket is not taken for a proxy", async () => {
  const here = await scene();
  here.parley.refuseHellos("RATE_LIMITED");
  await openPanel(here);
  await asksAndReads(here, 0);

  expect(hasStreamed(here.parley)).toBe(true);
  expect(await way(here)).toBeNull();
});

test("a reader that the server closes as too slow goes on over a socket, however often, and loses nothing", async () => {
  const here = await scene();
  const { parley, widget } = here;
  await openPanel(here);
  await widget.ask("Question");
  const question = await parley.question(0);
  for (const [index, word] of ["One ", "two ", "three ", "four ", "five."].entries()) {
    question.say(word);
    await widget.answers.getByText(word.trim()).waitFor();
    parley.closeSockets(4408);
    await parley.socketsSeen(index + 2);
  }
  question.finish();

  await widget.answers.getByText("One two three four five.").waitFor();
  await here.page.getByRole("button", { name: "Stop the answer" }).waitFor({ state: "detached" });
  expect(hasStreamed(parley)).toBe(false);
  expect(await widget.answers.allTextContents()).toEqual(["One two three four five."]);
});
