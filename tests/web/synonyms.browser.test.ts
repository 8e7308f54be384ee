/** The page of synonyms against the fake server. */
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "./helpers/browser.ts";
import type { Scenario } from "./helpers/fake-api.ts";
import { type FakeServer, startFake } from "./helpers/fake-server.ts";

setDefaultTimeout(60_000);

let browser: Browser;
let fake: FakeServer;
let context: BrowserContext;
let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  await context.close();
  await fake.stop();
  expect(complaints).toEqual([]);
});

async function open(address: string, scenario: Scenario = "typical"): Promise<Page> {
  fake = await startFake(scenario);
  complaints = [];
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on(
    "console",
    (said) => said.text().includes("Content Security Policy") && complaints.push(said.text()),
  );
  await page.goto(`${fake.url}/#/${address}`);
  return page;
}

const SYNONYMS = "/api/admin/synonyms";
const calls = (call: string) => fake.state.calls.filter((each) => each.call === call);

describe("the page of synonyms", () => {
  test("says what they are for, and the first one is added with the keyboard alone", async () => {
    const page = await open("synonyms", "empty");
    await page.getByRole("heading", { name: "No synonyms yet" }).waitFor();
    await page.getByRole("button", { name: "Add the first synonym" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Add synonym" }).waitFor();
    await page.keyboard.type("PTO, time off");
    await page.keyboard.press("Tab");
    await page.keyboard.type("paid time off");
    await page
      .getByText("A question with “PTO” also finds “paid time off”, and the other way round.")
      .waitFor();
    await page.keyboard.press("Enter");

    await page.getByRole("row", { name: /PTO, time off.*paid time off.*Both ways/ }).waitFor();
    expect(calls(`POST ${SYNONYMS}`).at(-1)?.body).toEqual({
      ...{ asked: ["PTO", "time off"], written: ["paid time off"], bothWays: true },
    });
  });

  test("offers the words of unanswered questions that no document has", async () => {
    const page = await open("synonyms");
    const row = page.getByRole("listitem").filter({ hasText: "flexipot" });
    await row.getByText("in 4 questions").waitFor();
    await row.getByRole("button", { name: "Add synonym" }).click();

    const dialog = page.getByRole("dialog", { name: "Add synonym" });
    expect(await dialog.getByRole("textbox", { name: "People say" }).inputValue()).toBe("flexipot");
    await dialog.getByRole("textbox", { name: "The documents say" }).fill("annual leave");
    await dialog.getByRole("radio", { name: "One way" }).check();
    await dialog.getByRole("button", { name: "Save synonym" }).click();

    await page.getByRole("row", { name: /flexipot.*annual leave.*One way/ }).waitFor();
  });

  test("saves nothing that is not whole, and says what the server refuses", async () => {
    const page = await open("synonyms");
    await page.getByRole("button", { name: "Add synonym" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Add synonym" });
    await dialog.getByRole("button", { name: "Save synonym" }).click();
    await dialog.getByText("Enter what people say.").waitFor();
    await dialog.getByText("Enter what the documents say for it.").waitFor();
    expect(calls(`POST ${SYNONYMS}`)).toEqual([]);

    await dialog.getByRole("textbox", { name: "People say" }).fill("PTO");
    await dialog.getByRole("textbox", { name: "The documents say" }).fill("taken");
    await dialog.getByRole("button", { name: "Save synonym" }).click();

    await dialog.getByText("These words are synonyms already.").waitFor();
  });

  test("takes many at once as text, and says which lines are wrong", async () => {
    const page = await open("synonyms");
    await page.getByRole("button", { name: "Paste and export" }).click();
    await page.getByRole("menuitem", { name: "Paste several…" }).click();
    const dialog = page.getByRole("dialog", { name: "Paste synonyms" });
    await dialog.getByRole("textbox", { name: "Synonyms" }).fill("PTO = leave\nnonsense");
    await dialog.getByRole("button", { name: "Add all" }).click();
    await dialog.getByText("Line 2:").waitFor();

    await dialog.getByRole("textbox", { name: "Synonyms" }).fill("PTO = leave\nKVP > idea");
    await dialog.getByRole("button", { name: "Add all" }).click();

    await page.getByText("Added 2 synonyms, 1 were there already").waitFor();
    expect(await dialog.count()).toBe(0);
  });

  test("opens one to change it, and brings a deleted one back with Undo", async () => {
    const page = await open("synonyms");
    await page.getByRole("link", { name: "blue card" }).click();
    await page.getByRole("heading", { name: "blue card", level: 1 }).waitFor();
    await page.getByRole("textbox", { name: "The documents say" }).fill("parking permit, car sticker");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved the synonym").waitFor();
    expect(calls(`PATCH ${SYNONYMS}/syn_2`).at(-1)?.body).toEqual({
      ...{ asked: ["blue card"], written: ["parking permit", "car sticker"], bothWays: false },
    });

    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { name: "Synonyms", level: 1 }).waitFor();
    await page.getByRole("link", { name: "blue card" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("link", { name: "blue card" }).waitFor();
  });

  test("says how many there may be only where there is little room", async () => {
    const page = await open("synonyms", "crowded");
    await page.getByText("480 of at most 500").waitFor();
    await page.getByRole("searchbox", { name: "Search synonyms" }).fill("W479");
    await page.getByRole("link", { name: "W479" }).waitFor();
  });
});
