/** What the visitor sees between a question and the first word of its answer, and how they end it. */
import { expect, test } from "bun:test";
import { HOTELS } from "./helpers/citations.ts";
import type { FakeParley } from "./helpers/fake-parley.ts";
import { openPanel, openTab, useScenes } from "./helpers/scene.ts";

const scene = useScenes();

const LINKS: [string, Partial<FakeParley["refuse"]>][] = [
  ["a socket", {}],
  ["server-sent events", { sockets: true }],
  ["polling", { sockets: true, events: true }],
];

type Tab = Pick<Awaited<ReturnType<typeof openTab>>, "page" | "widget">;

const indicator = ({ page }: Tab) => page.getByText("Looking it up");
const stopOf = ({ page }: Tab) => page.getByRole("button", { name: "Stop the answer" });

async function waits(tab: Tab): Promise<void> {
  await indicator(tab).waitFor();
  await stopOf(tab).waitFor();
}

for (const [name, refused] of LINKS) {
  test(`over ${name} the state stays in words from the question to the first word`, async () => {
    const here = await scene();
    Object.assign(here.parley.refuse, refused);
    await openPanel(here);
    await here.widget.ask("Question");
    const question = await here.parley.question(0);
    await waits(here);

    question.cite([HOTELS]);
    question.say("\n");
    question.say("[1");
    await here.page.reload();
    await waits(here);
    question.say("] is the limit.");
    await here.widget.answers.getByText("is the limit.").waitFor();
    expect(await indicator(here).count()).toBe(0);
    await stopOf(here).waitFor();

    question.finish();
    await stopOf(here).waitFor({ state: "detached" });
  });

  test(`over ${name} a reload before anything of the answer has come keeps the state and Stop`, async () => {
    const here = await scene();
    Object.assign(here.parley.refuse, refused);
    await openPanel(here);
    await here.widget.ask("Question");
    const question = await here.parley.question(0);
    await waits(here);
    await here.page.reload();
    await waits(here);

    question.say("The answer.");
    question.finish();
    await here.widget.answers.getByText("The answer.").waitFor();
    expect(await indicator(here).count()).toBe(0);
  });

  test(`over ${name} a second tab waits with the first one, opened before or after the question`, async () => {
    const here = await scene();
    Object.assign(here.parley.refuse, refused);
    await openPanel(here);
    await here.widget.ask("First");
    const before = await openTab(here);
    const first = await here.parley.question(0);
    await waits(before);
    first.say("One.");
    first.finish();
    await before.widget.answers.getByText("One.").waitFor();
    await here.widget.answers.getByText("One.").waitFor();

    await before.widget.ask("Second");
    await here.parley.question(1);
    await waits(before);
    // Polling looks for what other tabs do every 15 s; coming back to a tab does not have to wait for that.
    if (name === "polling") await here.page.reload();
    await waits(here);
    await stopOf(here).click();
    await here.page.getByText("You stopped this answer.").waitFor();
  });

  test(`over ${name} one's own Stop is said without alarm, also after a reload and in another tab`, async () => {
    const here = await scene();
    Object.assign(here.parley.refuse, refused);
    await openPanel(here);
    await here.widget.ask("Long?");
    const question = await here.parley.question(0);
    question.say("This becomes long");
    await here.widget.answers.getByText("This becomes long").waitFor();
    await stopOf(here).click();

    const said = (tab: Tab) => tab.page.locator(".note", { hasText: "You stopped this answer." });
    await said(here).waitFor();
    await here.page.reload();
    await said(here).waitFor();
    const other = await openTab(here);
    await said(other).waitFor();
    expect(await here.page.locator(".bad").count()).toBe(0);
    expect(await other.page.locator(".bad").count()).toBe(0);

    await here.page.getByRole("button", { name: "Try again" }).click();
    expect((await here.parley.question(1)).text).toBe("Long?");
  });
}

test("an answer stopped before its first word is no error either", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("Long?");
  const question = await here.parley.question(0);
  question.cite([HOTELS]);
  await stopOf(here).click();

  await here.page.getByText("You stopped this answer.").waitFor();
  expect(await here.page.locator(".bad, .src").count()).toBe(0);
});

test.each([
  ["en", "Looking it up", "Still waiting. The model is slow to answer."],
  ["de", "Sieht nach", "Noch keine Antwort. Das Modell ist gerade langsam."],
  ["fr", "Recherche en cours", "Toujours en attente. Le modèle est lent à répondre."],
  ["es", "Buscando", "Aún en espera. El modelo tarda en responder."],
  ["ar", "جارٍ البحث", "ما زلنا ننتظر. النموذج بطيء في الرد."],
])("in %s it is said after 8 s, and not before, that the model is slow", async (locale, soon, late) => {
  const here = await scene({ locale });
  const { clock } = here.page;
  await clock.install();
  await here.page.reload();
  await openPanel(here);
  await clock.pauseAt(await here.page.evaluate(() => Date.now() + 1_000));
  await here.widget.ask("Question");
  const question = await here.parley.question(0);
  await here.page.getByText(soon).waitFor();
  await clock.runFor(200);
  question.cite([HOTELS]);
  await clock.runFor(7_700);
  expect(await here.page.getByText(late).count()).toBe(0);
  await clock.runFor(400);
  await here.page.getByText(late).waitFor();

  question.say("190 euros");
  await clock.resume();
  await here.widget.answers.getByText("190 euros").waitFor();
  expect(await here.page.getByText(late).count()).toBe(0);
});
