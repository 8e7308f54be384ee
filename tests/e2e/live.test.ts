/** What the backoffice shows without being asked again, on the real socket of the real server. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { Browser, Page } from "playwright-core";
import { type AdminClient, OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { launchBrowser, openPage, PHONE } from "../helpers/browser.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";
import { chooseFiles, goTo, signInBrowser, sourceRow } from "./helpers/backoffice.ts";

setDefaultTimeout(60_000);

/** Long enough to be seen while it is read. */
const SENTENCES = 20_000;

let browser: Browser;
let parley: Parley;
let visitor: VisitorClient;
let page: Page;
let frames: Record<string, unknown>[];
let owner: AdminClient;
let embedKey: string;

beforeAll(async () => {
  [browser, parley] = await Promise.all([launchBrowser(), startParley()]);
  owner = await setUpOwner(parley);
  ({ embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget"));
  visitor = await openVisitor(parley, embedKey);
  ({ page, frames } = await openPage(browser));
  await signInBrowser(page, parley.url, OWNER.email, OWNER.password);
});
afterAll(async () => {
  await browser?.close();
  await parley?.remove();
});

function longDocument(name: string) {
  const sentences = Array.from(
    { length: SENTENCES },
    (_, at) => `Item ${at} of ${name} is in room ${at % 97}.`,
  );
  return { name: `${name}.txt`, mimeType: "text/plain", buffer: Buffer.from(sentences.join("\n\n")) };
}

/**
 * Stops the parser where it is, so that what is uploaded now stays in work until `release`. It is started by
 * the first document and kept for the next ones; a small one makes sure that it is there.
 */
async function holdParser(): Promise<{ release(): void }> {
  const unique = crypto.randomUUID();
  await owner.addDocument(`warm-up-${unique}.txt`, `A line of ${unique}.`);
  const pid = parserOf(parley.pid);
  process.kill(pid, "SIGSTOP");
  return { release: () => void process.kill(pid, "SIGCONT") };
}

function parserOf(server: number): number {
  const children = readdirSync(`/proc/${server}/task`).flatMap((thread) =>
    readFileSync(`/proc/${server}/task/${thread}/children`, "utf8").trim().split(" "),
  );
  const parser = children.find(
    (pid) => pid && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("internal"),
  );
  if (parser === undefined) throw new Error("The parser child is not running.");
  return Number(parser);
}

test("the tray counts files that wait, rows and filters follow, and nothing is left over", async () => {
  const parser = await holdParser();
  await goTo(page, "Knowledge");
  await chooseFiles(page, "Add source", ["north", "south", "west"].map(longDocument));
  await page.getByRole("button", { name: /Reading 3 files/ }).waitFor();
  await page
    .getByRole("button", { name: /^(Waiting|Reading) \d/ })
    .first()
    .waitFor();

  parser.release();
  for (const name of ["north", "south", "west"]) {
    await sourceRow(page, `${name}.txt`).getByText("Ready", { exact: true }).waitFor();
  }
  await page.getByRole("button", { name: "Ready 4" }).waitFor();
  await page
    .getByRole("button", { name: /^(Waiting|Reading) / })
    .first()
    .waitFor({ state: "detached" });

  const states = frames.flatMap(({ type, job }) =>
    type === "job" ? [(job as { state: string }).state] : [],
  );
  expect(new Set(states)).toEqual(new Set(["queued", "running", "done"]));
});

test("a row leaves the filter that it no longer belongs to", async () => {
  const parser = await holdParser();
  // One after the other: of two files that are sent together either may be the first to be read.
  await chooseFiles(page, "Add source", [longDocument("east")]);
  await page.getByRole("button", { name: "Reading 1", exact: true }).waitFor();
  await chooseFiles(page, "Add source", [longDocument("centre")]);
  await page.getByRole("button", { name: /^Waiting 1/ }).click();
  await sourceRow(page, "centre.txt").waitFor();

  parser.release();
  await sourceRow(page, "centre.txt").waitFor({ state: "detached" });
  await page.getByRole("button", { name: /^All/ }).click();
  await sourceRow(page, "centre.txt").getByText("Ready", { exact: true }).waitFor();
});

test("a conversation appears while the list is open, and changes with its next question", async () => {
  await goTo(page, "Conversations");
  await page.getByText("No conversations yet").waitFor();
  await visitor.ask("In which room is item 4 of north?");
  const row = page.getByRole("row").filter({ hasText: "In which room is item 4 of north?" });
  await row.getByText("Answered from sources").waitFor();

  await visitor.ask("Who won the cup in 1974?");
  await row.getByText("Found nothing").waitFor();
});

test("what is searched for, filtered and flagged is saved as a file that reads back as it was said", async () => {
  const formula = '=1+1 is "north", isn\'t it?';
  await (await openVisitor(parley, embedKey)).ask(formula);
  await page.getByLabel("Search conversations").fill("NORTH");
  await page.getByRole("link", { name: formula }).click();
  await page.keyboard.press("f");
  await page.getByRole("textbox", { name: "Reason" }).fill("A formula");
  await page.keyboard.press("Enter");
  await page.getByText("Flagged: A formula").waitFor();
  await page.getByRole("button", { name: "More filters" }).click();
  await page.getByRole("button", { name: "Flagged", exact: true }).click();
  await page.getByRole("link", { name: "In which room" }).waitFor({ state: "detached" });

  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export and delete" }).click();
  await page.getByRole("menuitem", { name: "Export what matches as CSV" }).click();
  const file = readFileSync((await (await saving).path()) ?? "");
  const messages: Record<string, string>[] = parse(file, { columns: true, bom: true });

  expect(file.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
  expect(messages[0]).toMatchObject({ content: `'${formula}`, status: "complete" });
});

test("a phone shows running work at the top of the page", async () => {
  const { page: phone } = await openPage(browser, { viewport: PHONE, hasTouch: true });
  await signInBrowser(phone, parley.url, OWNER.email, OWNER.password);
  await goTo(phone, "Knowledge");
  const parser = await holdParser();
  await chooseFiles(phone, "Add source", [longDocument("up"), longDocument("down")]);
  const work = phone.getByRole("button", { name: /Reading \d files?/ });
  await work.tap();
  await phone
    .getByRole("progressbar", { name: /^(up|down)$/ })
    .first()
    .waitFor();

  parser.release();
  await work.waitFor({ state: "detached" });
  await phone.context().close();
});
