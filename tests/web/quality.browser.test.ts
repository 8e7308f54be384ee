/** The page of golden questions against the fake server. */
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { EvaluationRunView } from "../../src/protocol/admin-api/evals.ts";
import { launchBrowser } from "./helpers/browser.ts";
import type { Scenario } from "./helpers/fake-api.ts";
import { aRun } from "./helpers/fake-evals.ts";
import { type FakeServer, startFake } from "./helpers/fake-server.ts";
import { before } from "./helpers/sample-data.ts";

setDefaultTimeout(60_000);

let browser: Browser;
let fake: FakeServer;
let context: BrowserContext;
/** Errors thrown on the page, and what its policy refused. */
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

const calls = (call: string) => fake.state.calls.filter((each) => each.call === call);
const QUESTIONS = "/api/admin/evals/questions";
const form = (page: Page, name = "Add golden question") => page.getByRole("dialog", { name });

const question = (page: Page) => page.getByRole("dialog").getByRole("textbox", { name: "Question" });

function sayProgress({ id }: EvaluationRunView, state: "running" | "done", progress: number): void {
  const job = { id: "job_e", kind: "evaluate", subject: id, title: "", stage: null, errorMessage: null };
  const at = before(0);
  fake.say({ type: "job", job: { ...job, shown: false, state, progress, createdAt: at, updatedAt: at } });
}

describe("without golden questions", () => {
  test("the page says what they are for, and the first one is added with the keyboard alone", async () => {
    const page = await open("quality", "empty");
    fake.state.sources = [...(await import("./helpers/sample-data.ts")).SOURCES];
    await page.getByRole("heading", { name: "No golden questions yet" }).waitFor();
    expect(await page.getByRole("button", { name: "Run", exact: true }).count()).toBe(0);
    await page.getByRole("button", { name: "Add the first question" }).focus();
    await page.keyboard.press("Enter");
    await form(page).waitFor();
    await page.keyboard.type("How much may a hotel cost?");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.getByRole("combobox", { name: "Add a source" }).focus();
    await page.keyboard.type("trav");
    await page.getByRole("option", { name: /Travel policy/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByLabel("Words that the passage of Travel policy must hold").fill("190 euros");
    await page.keyboard.press("Enter");

    await page
      .getByRole("row", { name: /How much may a hotel cost.*Not asked yet.*Travel policy/ })
      .waitFor();
    expect(calls(`POST ${QUESTIONS}`).at(-1)?.body).toEqual({
      text: "How much may a hotel cost?",
      expected: [{ source: "src_1", passage: "190 euros" }],
    });
  });

  test("a question is not saved before it is whole, and the form says what is missing", async () => {
    const page = await open("quality", "empty");
    await page.getByRole("button", { name: "Add question" }).click();
    await form(page).getByRole("button", { name: "Save question" }).click();
    await page.getByText("Enter what a visitor would ask.").waitFor();
    await page.getByText("Choose one.").waitFor();
    await question(page).fill("Who won the cup?");
    await page.getByRole("radio", { name: "These sources" }).check();
    await form(page).getByRole("button", { name: "Save question" }).click();
    await page.getByText("Choose at least one source.").waitFor();
    expect(calls(`POST ${QUESTIONS}`)).toEqual([]);

    await page.getByRole("radio", { name: "Nothing" }).check();
    await form(page).getByRole("button", { name: "Save question" }).click();

    await page.getByRole("row", { name: /Who won the cup.*Nothing/ }).waitFor();
    expect(calls(`POST ${QUESTIONS}`).at(-1)?.body).toEqual({ text: "Who won the cup?", expected: [] });
  });
});

describe("golden questions", () => {
  test("say in words how they went, and only those that fail can be shown", async () => {
    const page = await open("quality");
    await page.getByRole("row", { name: /Found in place 4/ }).waitFor();
    await page.getByRole("row", { name: /Needs attention: a source is deleted/ }).waitFor();
    await page.getByRole("button", { name: "Failing 2" }).click();
    await page.getByRole("row", { name: /Found in place 4/ }).waitFor({ state: "detached" });
    await page.getByRole("row", { name: /May I take my dog.*Answered, but should not be/ }).waitFor();
    await page.getByRole("searchbox", { name: "Search questions" }).fill("zzz");
    await page.getByText("No question matches").waitFor();
    await page.getByRole("button", { name: "Show all questions" }).click();
    await page.getByRole("row", { name: /Found in place 4/ }).waitFor();
  });

  test("lead to what was found and what to do, and are changed there", async () => {
    const page = await open("quality");
    await page.getByRole("link", { name: "May I take my dog to the office?" }).click();
    await page.getByRole("heading", { name: "May I take my dog to the office?" }).waitFor();
    await page.getByText("A visitor gets an answer from the sources below").waitFor();
    await page.getByRole("listitem").filter({ hasText: "Travel policy" }).getByText("94.0 %").waitFor();
    await page.getByRole("button", { name: "Change" }).click();
    await question(page).fill("May I bring a dog?");
    await form(page, "Change golden question").getByRole("button", { name: "Save question" }).click();

    await page.getByRole("heading", { name: "May I bring a dog?" }).waitFor();
    await page.getByText("was not asked since it was added or changed").waitFor();
    expect(calls(`PATCH ${QUESTIONS}/gld_3`).at(-1)?.body).toEqual({
      text: "May I bring a dog?",
      expected: [],
    });
  });

  test("are deleted at once, and back with Undo", async () => {
    const page = await open("quality/gld_1");
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { name: "Quality" }).waitFor();
    await page.getByRole("link", { name: "Who approves a booking above the limit?" }).waitFor();
    expect(await page.getByRole("link", { name: "How much may a hotel in Zurich cost?" }).count()).toBe(0);
    await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
    await page.getByRole("link", { name: "How much may a hotel in Zurich cost?" }).waitFor();
  });

  test("are saved from the test bench with the source of a hit, and as one that nothing answers", async () => {
    const page = await open("knowledge");
    await page.getByRole("button", { name: "Try a question" }).click();
    await page.getByRole("textbox", { name: "Question" }).fill("Hotel in Zurich?");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Save as golden question" }).first().click();
    expect(await question(page).inputValue()).toBe("Hotel in Zurich?");
    await form(page).getByText("Travel policy").waitFor();
    await form(page).getByRole("button", { name: "Save question" }).click();
    await page.getByText("Saved as golden question").waitFor();
    expect(calls(`POST ${QUESTIONS}`).at(-1)?.body).toEqual({
      text: "Hotel in Zurich?",
      expected: [{ source: "src_1", passage: null }],
    });

    await page.getByRole("button", { name: "Try a question" }).click();
    await page.getByRole("textbox", { name: "Question" }).fill("nothing");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Save as golden question" }).click();
    expect(await page.getByRole("radio", { name: "Nothing" }).isChecked()).toBe(true);
  });

  test("are added from a conversation, as the question was searched for", async () => {
    const page = await open("conversations/cnv_1");
    await page.getByRole("button", { name: "Add as golden question" }).click();
    await form(page).waitFor();
    expect(await question(page).inputValue()).not.toBe("");
    expect(
      await form(page)
        .getByRole("button", { name: /^Remove / })
        .count(),
    ).toBeGreaterThan(0);
  });

  test("are added from what found nothing, and whoever adds one says what should be found", async () => {
    const page = await open("");
    await page.getByRole("button", { name: "Save as golden question" }).first().click();
    expect(await question(page).inputValue()).not.toBe("");
    await form(page).getByRole("button", { name: "Save question" }).click();
    await page.getByText("Choose one.").waitFor();
  });

  test("of a file that is wrong name the lines, and can be exported", async () => {
    const page = await open("quality");
    await page.getByRole("button", { name: "Import and export" }).click();
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("menuitem", { name: "Import questions…" }).click();
    await (await choosing).setFiles([
      { name: "q.csv", mimeType: "text/csv", buffer: Buffer.from("text,relevant") },
    ]);
    await page.getByRole("alert").getByText("Line 7").waitFor();

    await page.getByRole("button", { name: "Import and export" }).click();
    const saving = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Export as CSV" }).click();
    expect((await saving).suggestedFilename()).toBe("golden-questions.csv");
  });

  test("2,000 of them load as one scrolls", async () => {
    const page = await open("quality", "crowded");
    await page.getByRole("button", { name: "All 2,000" }).waitFor();
    await page.locator("tr[data-id=gld_c49]").scrollIntoViewIfNeeded();
    await page.locator("tr[data-id=gld_c99]").waitFor();
  });
});

describe("a run", () => {
  test("shows how far it is, and its numbers beside those of the run before", async () => {
    const page = await open("quality");
    const numbers = page.getByRole("region", { name: "Last run" });
    await numbers
      .getByRole("row", { name: /Found first Recall@1 .* 50.0 % \+25.0 points ?, better/ })
      .waitFor();
    await numbers.getByRole("row", { name: /p50 .* 1.8 ms \+0.6 ms ?, worse/ }).waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByText("Waiting to begin").waitFor();
    expect(await page.getByRole("button", { name: "Run", exact: true }).isDisabled()).toBe(true);
    const run = fake.state.evals.runs[0] as EvaluationRunView;
    sayProgress(run, "running", 3 / 7);
    await page.getByText("3 of 7").waitFor();
    fake.state.evals.runs = [aRun({ id: run.id, finishedAt: before(0) }), ...fake.state.evals.runs.slice(1)];
    sayProgress(run, "done", 1);

    await page.getByRole("region", { name: "Run going on" }).waitFor({ state: "detached" });
    await numbers.getByText("now").first().waitFor();
    await numbers.getByRole("row", { name: /Found first .* same/ }).waitFor();
  });

  test("can be cancelled, and says so", async () => {
    const page = await open("quality", "crowded");
    await page.getByText("731 of 2,000").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("The last run was cancelled after 731 questions.").waitFor();
  });

  test("that failed says why, and the numbers are those of the one before", async () => {
    const page = await open("quality");
    await page.getByRole("region", { name: "Last run" }).waitFor();
    const error = { code: "CONFLICT", message: "The model was changed during the run." };
    fake.state.evals.runs = [
      aRun({ id: "evr_8", state: "failed", measures: null, error }),
      ...fake.state.evals.runs,
    ];
    fake.cut();
    await page.getByText("The last run failed. The model was changed during the run.").waitFor();
    await page.getByRole("row", { name: /Found first .* 50.0 %/ }).waitFor();
  });

  test("is compared with another one, question by question", async () => {
    const page = await open("quality");
    await page.getByRole("link", { name: "What changed" }).click();
    await page.getByRole("heading", { name: /^Run of / }).waitFor();
    const worse = page.getByRole("region", { name: "Got worse" });
    await worse.getByText("Refused, as it should be").waitFor();
    await worse.getByText("Answered, but should not be").waitFor();
    await page.getByRole("region", { name: "Got better" }).getByRole("link").click();
    await page.getByRole("heading", { name: "How much may a hotel in Zurich cost?" }).waitFor();
  });
});

test("what failed says why, gives the request id, and can be tried again", async () => {
  const page = await open("quality", "failing");
  await page.getByText("The golden questions could not be loaded").waitFor();
  await page.getByText("req_01JD3Z5W8Q").waitFor();
  fake.state.scenario = "typical";
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("row", { name: /Found in place 4/ }).waitFor();
});
