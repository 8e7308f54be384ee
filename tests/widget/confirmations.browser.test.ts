/** What a visitor is asked to confirm: a card with every argument in words, and yes or no. */
import { expect, test } from "bun:test";
import { REFUND } from "./helpers/citations.ts";
import { openPanel, openTab, type Scene, useScenes } from "./helpers/scene.ts";

const scene = useScenes();

async function asked(here: Scene) {
  await openPanel(here);
  await here.widget.ask("Refund order 4711");
  const question = await here.parley.question(0);
  question.propose(REFUND);
  question.say("Please confirm.");
  question.finish();
  await here.page.locator(".card").waitFor();
  return question;
}

const card = ({ page }: Pick<Scene, "page">) => page.locator(".card");
const status = (here: Pick<Scene, "page">) => card(here).locator("[role=status]");

test("the card has every argument in words, what happens until when, and two buttons", async () => {
  const here = await scene();
  await asked(here);

  expect(await card(here).getAttribute("aria-label")).toBe("Refund an order");
  expect(await card(here).locator("dt").allTextContents()).toEqual([
    "Order",
    "Amount in euros",
    "Note to the customer",
  ]);
  expect(await card(here).locator("dd").allTextContents()).toEqual(REFUND.words.map(({ value }) => value));
  expect(await status(here).textContent()).toMatch(
    /^Nothing happens before you confirm. Possible until \d+:\d\d/,
  );
  expect(await card(here).getByRole("button").allTextContents()).toEqual(["Confirm", "Decline"]);
  expect(await card(here).locator("input, textarea, select").count()).toBe(0);
});

test("with the keyboard alone it is confirmed once, the focus stays with it, and its end is told", async () => {
  const here = await scene();
  const question = await asked(here);
  await card(here).getByRole("button", { name: "Confirm" }).focus();
  await here.page.keyboard.press("Enter");
  await here.page.keyboard.press("Enter");

  expect(await status(here).textContent()).toBe("Being done…");
  expect(
    await card(here).evaluate((element) => element === (element.getRootNode() as ShadowRoot).activeElement),
  ).toBe(true);
  expect(await card(here).getByRole("button").count()).toBe(0);
  question.propose({ ...REFUND, state: "done" });
  await status(here).getByText("Done", { exact: true }).waitFor();
  expect(here.parley.confirmed).toMatchObject([{ call: "tcl_1", accept: true }]);
});

test("declined in one tab it is declined in every other, and after a reload", async () => {
  const here = await scene();
  const question = await asked(here);
  const there = await openTab(here);
  await card(there).getByRole("button", { name: "Decline" }).click();
  question.propose({ ...REFUND, state: "declined" });

  await status(here).getByText("Declined").waitFor();
  expect(here.parley.confirmed).toMatchObject([{ accept: false }]);
  await here.page.reload();
  await status(here).getByText("Declined").waitFor();
});

test("it survives a reload as it was, and can still be confirmed", async () => {
  const here = await scene();
  await asked(here);
  await here.page.reload();
  await card(here).getByRole("button", { name: "Confirm" }).click();

  await status(here).getByText("Being done…").waitFor();
  expect(here.parley.confirmed).toHaveLength(1);
});

test("a word that is refused says why and is not asked for again; one that did not arrive can be said again", async () => {
  const here = await scene();
  await asked(here);
  here.parley.refuse.confirm = { code: "OVERLOADED", status: 503 };
  await card(here).getByRole("button", { name: "Confirm" }).click();
  await card(here).getByRole("button", { name: "Confirm" }).waitFor();

  here.parley.refuse.confirm = { code: "CONFLICT", status: 409 };
  await card(here).getByRole("button", { name: "Confirm" }).click();
  await status(here).getByText("Refused by the test.").waitFor();
  expect(await card(here).getByRole("button").count()).toBe(0);
});

test.each([
  ["de", "Bestätigen", "Erledigt"],
  ["fr", "Confirmer", "Fait"],
  ["es", "Confirmar", "Hecho"],
  ["ar", "تأكيد", "تم"],
])("it speaks %s", async (locale, confirm, done) => {
  const here = await scene({ locale });
  const question = await asked(here);

  expect(await card(here).getByRole("button").first().textContent()).toBe(confirm);
  question.propose({ ...REFUND, state: "done" });
  await status(here).getByText(done, { exact: true }).waitFor();
});

test("an argument is text, whatever it looks like", async () => {
  const here = await scene();
  const hostile = "<img src=x onerror=window.pwned=1>";
  await openPanel(here);
  await here.widget.ask("Refund");
  const question = await here.parley.question(0);
  question.propose({ ...REFUND, label: hostile, words: [{ label: hostile, value: hostile }] });
  question.finish();
  await card(here).waitFor();

  expect(await card(here).locator("dd").textContent()).toBe(hostile);
  expect(await here.page.locator(".panel img").count()).toBe(0);
  expect(await here.page.evaluate(() => window.pwned)).toBeUndefined();
});
