/** The page of search models against the fake API: what it says, asks before, and sends. */
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { AdminFrame } from "../../src/protocol/admin-api/live.ts";
import { launchBrowser } from "./helpers/browser.ts";
import type { Scenario } from "./helpers/fake-api.ts";
import { aModel, anIndex, NO_MODELS } from "./helpers/fake-models.ts";
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

async function open(
  address = "models",
  scenario: Scenario = "typical",
  prepare?: (server: FakeServer) => void,
): Promise<Page> {
  fake = await startFake(scenario);
  prepare?.(fake);
  complaints = [];
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${fake.url}/#/${address}`);
  return page;
}

const calls = (call: string) => fake.state.calls.filter((each) => each.call === call);
const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });
const zip = (name: string) => ({ name, mimeType: "application/zip", buffer: Buffer.from("PK") });

async function choose(page: Page, button: string, name: string): Promise<void> {
  const dialog = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: button }).click();
  await (await dialog).setFiles(zip(name));
}

describe("search models", () => {
  test("say in one sentence how answers are found, and how each index is", async () => {
    const page = await open();

    await page.getByText("Answers are found by words and meaning, with multilingual-e5-small.").waitFor();
    const building = row(page, "text-embedding-3-large");
    await building.getByText("Being built").waitFor();
    await building.getByRole("cell", { name: "5,210 of 12,480", exact: true }).waitFor();
    await building.getByText("OpenAI-compatible at llm.acme.example:8000/v1, key •••• 7Qx2").waitFor();
    await row(page, "all-MiniLM-L6-v2").getByText("part of the program").waitFor();
    await row(page, "ms-marco").getByRole("cell", { name: "Reranker", exact: true }).waitFor();
    // What is needed or part of the program offers no way to remove it.
    expect(await row(page, "part of the program").getByRole("button").count()).toBe(0);
  });

  test("are nobody's but the operator's", async () => {
    const page = await open("models", "typical", ({ state }) => {
      if (state.me) state.me.user.operator = false;
    });

    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).not.toBe("Search models");
    expect(await page.getByRole("link", { name: "Search models" }).count()).toBe(0);
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: "Knowledge" }).waitFor();
    expect(await page.getByRole("option", { name: /search model|index/i }).count()).toBe(0);
    expect(calls("GET /api/admin/models")).toEqual([]);
  });

  test("that are none say why one is worth it, and how to bring one without internet", async () => {
    const page = await open("models", "empty");

    await page.getByText("Answers are found by words alone.").waitFor();
    await page.getByText("“holiday” then finds “annual leave”").waitFor();
    expect(await page.getByLabel("Download a model").inputValue()).toBe(
      "bun scripts/fetch-model.ts multilingual-e5-small .",
    );
    await page.getByRole("link", { name: "Use a model on a server" }).click();
    await page.getByRole("heading", { name: "Build an index" }).waitFor();
    expect(await page.getByRole("radio", { name: /^Ollama/ }).isChecked()).toBe(true);
  });

  test("that cannot be loaded say so, with the request to quote, and are tried again", async () => {
    const page = await open("models", "failing");

    await page.getByText("The search models could not be loaded").waitFor();
    await page.getByText("req_01JD3Z5W8Q").first().waitFor();
    fake.state.scenario = "typical";
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Answers are found by words and meaning").waitFor();
  });

  test("say why search by meaning is off and what helps, with the way back beside it", async () => {
    const page = await open("models", "crowded");

    const note = page.getByRole("alert").filter({ hasText: "answered by words alone" });
    await note.getByText("MODEL_NOT_AVAILABLE").waitFor();
    await note.getByText("Importing the same ZIP once more").waitFor();
    await note.getByRole("button", { name: "Go back to all-MiniLM-L6-v2" }).click();
    await page.getByText("Answers are found by words and meaning, with all-MiniLM-L6-v2").waitFor();
    expect(calls("POST /api/admin/models/roll-back")).toHaveLength(1);
  });
});

test("that a model does not answer is said on any page, until it was read, and leads to why", async () => {
  const page = await open("knowledge");
  await page.getByText("Travel policy").first().waitFor();
  const text = "Answers are found by words alone for now: the model cannot be used.";
  fake.say({ type: "notice", level: "warn", code: "MODEL_NOT_AVAILABLE", text });

  await page.getByText(text).waitFor();
  await page.getByRole("button", { name: "Show why" }).click();
  await page.getByRole("heading", { name: "Search models", level: 1 }).waitFor();
});

describe("an index", () => {
  test("is followed while it is built, in place, and read again when it is done", async () => {
    const page = await open();
    const building = row(page, "text-embedding-3-large");
    await building.getByRole("cell", { name: "5,210 of 12,480", exact: true }).waitFor();

    fake.say(frame("running", 0.75));
    await building.getByRole("cell", { name: "9,360 of 12,480", exact: true }).waitFor();
    expect(await building.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("75");

    fake.state.models = {
      ...fake.state.models,
      indexes: fake.state.models.indexes.map((index) =>
        index.id === "emb_2" ? { ...index, state: "ready", embedded: 12_480, working: false } : index,
      ),
    };
    fake.say(frame("done", 1));
    await building.getByText("Ready, not in use").waitFor();
    await building.getByRole("button", { name: "Activate" }).waitFor();
  });

  test("is switched to and off at once, each with a way back", async () => {
    const page = await open();
    await row(page, "Kept for going back").getByRole("button", { name: "Activate" }).click();
    await page.getByText("Answers are found by words and meaning, with all-MiniLM-L6-v2").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("and meaning, with multilingual-e5-small").waitFor();

    await row(page, "In use").getByRole("button", { name: "Switch off" }).click();
    await page.getByText("Answers are found by words alone.").waitFor();
    await page.getByRole("button", { name: "Undo" }).last().click();
    await page.getByText("and meaning, with multilingual-e5-small").waitFor();
    expect(calls("POST /api/admin/models/indexes/emb_1/retire")).toHaveLength(1);
  });

  test("is deleted only once its model's name was typed", async () => {
    const page = await open();
    await page.getByRole("button", { name: "More for the index with all-MiniLM-L6-v2" }).click();
    await page.getByRole("menuitem", { name: "Delete…" }).click();
    const confirm = page.getByRole("button", { name: "Delete index" });
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel("Type “all-MiniLM-L6-v2” to confirm").fill("all-MiniLM-L6-v2");
    await confirm.click();

    await row(page, "Kept for going back").waitFor({ state: "detached" });
    expect(calls("DELETE /api/admin/models/indexes/emb_0")).toHaveLength(1);
  });

  test("that stopped says why, and is gone on with", async () => {
    const page = await open("models", "crowded");
    const stopped = row(page, "Stopped: rechenzentrum");
    await stopped.getByRole("button", { name: "Go on" }).click();
    await page.waitForResponse((answer) => answer.url().endsWith("/models"));

    expect(calls("POST /api/admin/models/indexes")[0]?.body).toMatchObject({
      source: "ollama",
      baseUrl: "http://rechenzentrum-nordrhein-westfalen.verwaltungsnetz.example:11434",
    });
  });

  test("whose server wants a key is gone on with once the key was entered again", async () => {
    const page = await open("models", "typical", ({ state }) => {
      const error = { code: "PROVIDER_REJECTED", message: "The key was refused." };
      state.models = {
        ...state.models,
        indexes: state.models.indexes.map((index) =>
          index.id === "emb_2" ? { ...index, working: false, error } : index,
        ),
      };
    });
    await row(page, "Stopped: The key was refused.").getByRole("button", { name: "Go on" }).click();
    expect(await page.getByLabel("Address").inputValue()).toBe("http://llm.acme.example:8000/v1");
    await page.getByLabel("API key").fill("sk-new");
    await page.getByRole("button", { name: "Build index" }).click();
    await page.getByRole("heading", { name: "Search models" }).waitFor();

    expect(calls("POST /api/admin/models/indexes")[0]?.body).toMatchObject({
      model: "text-embedding-3-large",
      apiKey: "sk-new",
    });
  });
});

describe("building an index", () => {
  test("asks for what it needs, says in place what the server found, and leads back", async () => {
    const page = await open("models/build", "empty");
    await page.getByRole("radio", { name: /^OpenAI/ }).check();
    await page.getByRole("button", { name: "Build index" }).click();
    await page.getByText("Enter the address").waitFor();
    await page.getByText("Name the model to use.").waitFor();
    expect(calls("POST /api/admin/models/indexes")).toEqual([]);

    await page.getByLabel("Address").fill("http://down.acme.example/v1");
    await page.getByRole("textbox", { name: "Model" }).fill("bge-m3");
    await page.getByText("Words that the model wants").click();
    await page.getByLabel("Before a question").fill("query: ");
    await page.getByRole("button", { name: "Build index" }).click();
    await page.getByText("down.acme.example cannot be reached").waitFor();

    await page.getByLabel("Address").fill("http://llm.acme.example/v1");
    await page.getByRole("button", { name: "Build index" }).click();
    await row(page, "bge-m3").getByText("Waiting to be built").waitFor();
    expect(calls("POST /api/admin/models/indexes").at(-1)?.body).toEqual({
      source: "openai",
      model: "bge-m3",
      baseUrl: "http://llm.acme.example/v1",
      queryPrefix: "query: ",
      passagePrefix: "",
    });
  });

  test("begins with the model one came from", async () => {
    const page = await open("models", "typical", ({ state }) => {
      state.models = { ...NO_MODELS, models: [aModel({ name: "alpha" }), aModel({ name: "beta" })] };
    });
    await row(page, "beta").getByRole("link", { name: "Build index" }).click();
    expect(await page.getByRole("radio", { name: /^beta/ }).isChecked()).toBe(true);
    await page.getByRole("button", { name: "Build index" }).click();
    await row(page, "Waiting to be built").waitFor();
    expect(calls("POST /api/admin/models/indexes")[0]?.body).toEqual({ source: "local", model: "beta" });
  });
});

describe("a model on this machine", () => {
  test("is imported with a button or by dropping it, and what is refused says why", async () => {
    const page = await open("models", "empty");
    await choose(page, "Import a model", "e5.zip");
    await row(page, "e5").getByText("Not in use").waitFor();

    await choose(page, "Choose the ZIP of a model", "model.tar");
    await page.getByRole("alert").filter({ hasText: "ends in .zip" }).waitFor();
    expect(calls("POST /api/admin/models/import")).toHaveLength(1);
    await choose(page, "Choose another file", "broken.zip");
    await page.getByRole("alert").filter({ hasText: "config.json is not the one" }).waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();

    await drop(page, "second.zip");
    await row(page, "second").waitFor();
    expect(calls("POST /api/admin/knowledge/upload")).toEqual([]);
  });

  test("is removed once its name was typed, and offers that only while nothing needs it", async () => {
    const page = await open("models", "typical", ({ state }) => {
      state.models = {
        ...NO_MODELS,
        models: [aModel(), aModel({ name: "spare" })],
        indexes: [anIndex()],
        dense: { active: "emb_1", problem: null },
      };
    });
    await page.getByRole("button", { name: "More for spare" }).click();
    await page.getByRole("menuitem", { name: "Remove…" }).click();
    await page.getByLabel("Type “spare” to confirm").fill("spare");
    await page.getByRole("button", { name: "Remove model" }).click();
    await page.getByText("spare is removed").waitFor();
    expect(await page.getByRole("button", { name: "More for multilingual-e5-small" }).count()).toBe(0);
  });
});

test("a reranker is switched on and off, with a way back", async () => {
  const page = await open();
  await page.getByRole("radio", { name: /^ms-marco/ }).check();
  await page.getByText("The best passages are put in order by ms-marco-MiniLM-L-6-v2.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("are put in order by").waitFor({ state: "detached" });

  expect(calls("PUT /api/admin/models/reranker").map(({ body }) => body)).toEqual([
    { model: "ms-marco-MiniLM-L-6-v2" },
    { model: null },
  ]);
});

describe("the scores of a passage", () => {
  test("stand in the test bench, of every step that was taken, with what became of it and a legend", async () => {
    const page = await open("knowledge", "crowded");
    await page.getByRole("button", { name: "Try a question" }).click();
    await page.getByRole("textbox", { name: "Question" }).fill("hotel");
    await page.keyboard.press("Enter");
    const hits = page.getByRole("region", { name: "Passages" }).getByRole("listitem");
    await hits.first().getByText("Kept: all words of the question").waitFor();

    expect(await hits.first().locator("dl").textContent()).toBe(
      "Words11.2Meaning0.83Joined0.033Reranked0.98Sure0.97",
    );
    await hits.nth(1).getByText("Dropped: below the threshold").waitFor();
    await page.getByText("What the numbers mean").click();
    await page.getByText("What the reranker says").waitFor();
  });

  test("leave out the steps that were not taken", async () => {
    const page = await open("knowledge");
    await page.getByRole("button", { name: "Try a question" }).click();
    await page.getByRole("textbox", { name: "Question" }).fill("hotel");
    await page.keyboard.press("Enter");
    const scores = page.getByRole("dialog").locator("dl.scores").first();

    expect(await scores.textContent()).toBe("Words11.2Sure0.97");
  });

  test("stand beside an answer", async () => {
    const page = await open("conversations/cnv_c0", "crowded");
    const table = page.getByRole("region", { name: "Why this answer" }).locator("table.candidates");
    await table.waitFor();

    expect(await table.getByRole("columnheader").allInnerTexts()).toEqual([
      ...["Passage", "Words", "Meaning", "Joined", "Reranked", "Sure"],
    ]);
    await table.getByText("Dropped: nearly the same text as a better one").waitFor();
  });

  test("of passages far down are shown to those who ask", async () => {
    const page = await open("conversations/cnv_c0", "crowded");
    const rows = page.getByRole("region", { name: "Why this answer" }).locator("tr.numbers");
    await rows.first().waitFor();
    expect(await rows.count()).toBe(10);

    await page.getByRole("button", { name: "Show 6 more" }).click();

    expect(await rows.count()).toBe(16);
    await rows.filter({ hasText: "Notice 12" }).waitFor();
  });
});

function frame(state: "running" | "done", progress: number): AdminFrame {
  const at = new Date().toISOString();
  const job = { id: "job_9", kind: "embed-index", subject: "emb_2", title: "Index", createdAt: at };
  return {
    type: "job",
    job: { ...job, shown: false, state, progress, stage: null, errorMessage: null, updatedAt: at },
  };
}

/** As if the file were dragged in from the desktop. */
async function drop(page: Page, name: string): Promise<void> {
  const transfer = await page.evaluateHandle((fileName) => {
    const carried = new DataTransfer();
    carried.items.add(new File(["PK"], fileName, { type: "application/zip" }));
    return carried;
  }, name);
  await page.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
  await page.getByText("Drop the ZIP of a model to import it").waitFor();
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}
