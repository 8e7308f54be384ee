/** Golden questions in the backoffice, against the real server: added, run, broken. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { launchBrowser, openPage } from "../helpers/browser.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { goTo, signInBrowser, sourceRow, titled } from "./helpers/backoffice.ts";

setDefaultTimeout(60_000);

const LEAVE = "How long is parental leave?";
const MOONS = "Which planet has the most moons?";

let browser: Browser;
let parley: Parley;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [browser, parley] = await Promise.all([launchBrowser(), startParley()]);
  const owner = await setUpOwner(parley);
  await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
  await owner.addDocument("canteen.txt", "The canteen opens at noon and serves soup.");
  ({ page, complaints } = await openPage(browser));
  await signInBrowser(page, parley.url, OWNER.email, OWNER.password);
  // Not signed in yet, the browser tells on its console that a call was refused.
  complaints.length = 0;
});
afterAll(async () => {
  await browser?.close();
  await parley?.remove();
});

const form = () => page.getByRole("dialog", { name: "Add golden question" });
const row = (question: string) => page.getByRole("row").filter({ hasText: question });
/** The cell of the numbers' table that holds `value` for the measure called `term`. */
const number = (term: string, value: string) =>
  page
    .getByRole("row")
    .filter({ has: page.getByText(term, { exact: true }) })
    .getByRole("cell")
    .nth(1)
    .getByText(value);

async function runAll(): Promise<void> {
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("region", { name: "Run going on" }).waitFor({ state: "detached" });
}

test("a question with its source and one that nothing answers are added", async () => {
  await goTo(page, "Quality");
  await page.getByRole("heading", { name: "No golden questions yet" }).waitFor();
  await page.getByRole("button", { name: "Add question" }).click();
  await form().getByRole("textbox", { name: "Question" }).fill(LEAVE);
  await page.getByRole("radio", { name: "These sources" }).check();
  await page.getByRole("combobox", { name: "Add a source" }).fill("lea");
  await page.getByRole("option", { name: /leave/ }).click();
  await form().getByRole("button", { name: "Save question" }).click();
  await row(LEAVE).getByText("Not asked yet").waitFor();

  // From the test bench, which shows that nothing is found.
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: /^Search/ }).fill("Try a question");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Question" }).fill(MOONS);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Save as golden question" }).first().click();
  await page.getByRole("radio", { name: "Nothing" }).check();
  await form().getByRole("button", { name: "Save question" }).click();

  await row(MOONS).getByText("Nothing", { exact: true }).waitFor();
});

test("a run shows what the search finds, in numbers", async () => {
  await runAll();

  await row(LEAVE).getByText("Found first").waitFor();
  await row(MOONS).getByText("Refused, as it should be").waitFor();
  await number("Recall@1", "100.0 %").waitFor();
  await number("Abstention recall", "100.0 %").waitFor();
});

test("a question whose source is removed needs attention, and is left out of the next run", async () => {
  await goTo(page, "Knowledge");
  await sourceRow(page, "leave").getByRole("link").click();
  await titled(page, "leave");
  await page.getByRole("button", { name: "Delete" }).click();
  await titled(page, "Knowledge");
  await goTo(page, "Quality");
  await row(LEAVE).getByText("Needs attention: a source is deleted").waitFor();
  await runAll();
  await number("Recall@1", "–").waitFor();

  await page.getByRole("button", { name: "Needs attention 1" }).click();
  await row(MOONS).waitFor({ state: "detached" });
  await row(LEAVE).getByRole("link").click();

  await titled(page, LEAVE);
  await page.getByText("The question is left out of the numbers.").waitFor();
});

test("the questions can be taken away as a file", async () => {
  await goTo(page, "Quality");
  await page.getByRole("button", { name: "Import and export" }).click();
  const saving = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Export as JSON Lines" }).click();

  const lines = (await readFile((await (await saving).path()) ?? "", "utf8")).trim().split("\n");

  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { text: LEAVE, relevant: ["leave"] },
    { text: MOONS, relevant: [] },
  ]);
  expect(complaints).toEqual([]);
});
