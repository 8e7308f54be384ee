/** Search by meaning as an operator sets it up in the browser: brought as a ZIP, built, used, exchanged, taken back. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { JobView } from "../../src/protocol/admin-api/knowledge.ts";
import { OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { launchBrowser, openPage } from "../helpers/browser.ts";
import { modelZip } from "../helpers/model-zip.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { writeTinyModel } from "../helpers/tiny-model.ts";
import { chooseFiles, goTo, signInBrowser, sourceRow, titled } from "./helpers/backoffice.ts";

setDefaultTimeout(120_000);

let browser: Browser;
let parley: Parley;
let folder: string;
let page: Page;
let complaints: string[];
let frames: Record<string, unknown>[];

beforeAll(async () => {
  [browser, parley, folder] = await Promise.all([
    launchBrowser(),
    startParley(),
    mkdtemp(join(tmpdir(), "parley-models-")),
  ]);
  const owner = await setUpOwner(parley);
  await owner.addDocument("absence.md", "# Absence\n\nParental leave is granted for half a year.");
  await owner.addDocument("canteen.md", "# Canteen\n\nMeals are warm at noon.");
  ({ page, complaints, frames } = await openPage(browser));
  await signInBrowser(page, parley.url, OWNER.email, OWNER.password);
});
afterAll(async () => {
  await browser?.close();
  await parley?.remove();
  await rm(folder, { recursive: true, force: true });
});

async function zipOf(name: string, changes: Parameters<typeof modelZip>[1] = {}) {
  const directory = join(folder, name);
  await writeTinyModel(directory, { name });
  return {
    name: `${name}.zip`,
    mimeType: "application/zip",
    buffer: Buffer.from(await modelZip(directory, { top: `${name}/`, ...changes })),
  };
}

/** The row of an index or of a model: their tables differ in the first heading. */
const table = (heading: string) =>
  page.getByRole("table").filter({ has: page.getByRole("columnheader", { name: heading, exact: true }) });
const cell = (name: string) => page.getByText(name, { exact: true });
const indexRow = (name: string) =>
  table("Made with")
    .getByRole("row")
    .filter({ has: cell(name) });
const modelRow = (name: string) =>
  table("Name")
    .getByRole("row")
    .filter({ has: cell(name) });
const sentence = (words: string) => page.getByText(words, { exact: true }).first().waitFor();

async function buildWith(name: string): Promise<void> {
  await modelRow(name).getByRole("link", { name: "Build index" }).click();
  await titled(page, "Build an index");
  await page.getByRole("button", { name: "Build index" }).click();
  await titled(page, "Search models");
}

/** Through the dialog that wants the name typed. */
async function giveUp(button: string, entry: string, name: string, action: string): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  await page.getByRole("menuitem", { name: entry }).click();
  await page.getByLabel(`Type “${name}” to confirm`).fill(name);
  await page.getByRole("button", { name: action }).click();
}

/** What the test bench says of the best passage, step by step. */
async function scoresOf(question: string): Promise<string> {
  await page.getByRole("button", { name: "Try a question" }).click();
  const bench = page.getByRole("dialog", { name: "Try a question" });
  await bench.getByRole("textbox", { name: "Question" }).fill(question);
  await page.keyboard.press("Enter");
  const passages = bench.getByRole("region", { name: "Passages" });
  await passages.getByRole("link", { name: "absence" }).waitFor();
  await bench
    .getByText(/^(Kept|Dropped): /)
    .first()
    .waitFor();
  const scores = (await bench.locator("dl.scores").first().textContent()) ?? "";
  await bench.getByRole("button", { name: "Close" }).click();
  return scores;
}

test("without a model, answers are found by words alone, and the page says why one is worth it", async () => {
  await goTo(page, "Search models");
  await sentence("Answers are found by words alone.");
  await page.getByText("No search model yet").waitFor();
  expect(await scoresOf("parental leave")).not.toContain("Meaning");
});

test("a ZIP that was altered is refused in place, and nothing of it is kept", async () => {
  const broken = await zipOf("tiny-words", {
    changes: { "tiny-words/config.json": new TextEncoder().encode("{}") },
  });
  await chooseFiles(page, "Import a model", broken);
  await page.getByText("its file config.json is not the one that its manifest names").waitFor();
  complaints.length = 0;
  await page.getByRole("button", { name: "Dismiss" }).click();
  expect(await readdir(join(parley.dataDirectory, "models"))).toEqual([]);
});

test("a model is imported, an index built with it, and it is used by itself once it is whole", async () => {
  await chooseFiles(page, "Import a model", await zipOf("tiny-words"));
  await modelRow("tiny-words").getByText("Not in use").waitFor();
  await buildWith("tiny-words");
  await indexRow("tiny-words").getByText("In use", { exact: true }).waitFor();
  await sentence("Answers are found by words and meaning, with tiny-words.");

  const jobs = frames.flatMap(({ type, job }) => (type === "job" ? [job as JobView] : []));
  const built = jobs.filter(({ kind }) => kind === "embed-index");
  expect(built.at(-1)).toMatchObject({ state: "done", progress: 1 });
  expect(await scoresOf("wanderlust")).toMatch(/^Meaning\d\.\d+Joined[\d.]+Sure[\d.]+$/);
});

test("another model is built beside it, switched to, gone back from and removed", async () => {
  await chooseFiles(page, "Choose the ZIP of a model", await zipOf("tiny-words-2"));
  await modelRow("tiny-words-2").waitFor();
  await buildWith("tiny-words-2");
  await indexRow("tiny-words-2").getByText("Ready, not in use").waitFor();
  await indexRow("tiny-words").getByText("In use", { exact: true }).waitFor();

  await indexRow("tiny-words-2").getByRole("button", { name: "Activate" }).click();
  await sentence("Answers are found by words and meaning, with tiny-words-2.");
  await indexRow("tiny-words").getByText("Kept for going back").waitFor();
  await page.getByRole("button", { name: "Go back to tiny-words" }).click();
  await sentence("Answers are found by words and meaning, with tiny-words.");

  await giveUp("More for the index with tiny-words-2", "Delete…", "tiny-words-2", "Delete index");
  await indexRow("tiny-words-2").waitFor({ state: "detached" });
  await giveUp("More for tiny-words-2", "Remove…", "tiny-words-2", "Remove model");
  await modelRow("tiny-words-2").waitFor({ state: "detached" });
  expect(await readdir(join(parley.dataDirectory, "models"))).toEqual(["tiny-words"]);
  expect(await scoresOf("wanderlust")).toContain("Meaning");
  expect(complaints).toEqual([]);
});

test("what is dropped on another page is still a document", async () => {
  await goTo(page, "Knowledge");
  const transfer = await page.evaluateHandle<DataTransfer>(`(() => {
    const carried = new DataTransfer();
    carried.items.add(new File(["The garage is free."], "garage.txt"));
    return carried;
  })()`);
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await sourceRow(page, "garage.txt").getByText("Ready", { exact: true }).waitFor();
});
