import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import type { TraceView } from "../../src/protocol/admin-api/conversations.ts";
import { launchBrowser } from "./helpers/browser.ts";
import { DASHBOARD, TRACE } from "./helpers/sample-data.ts";
import { type Visit, visit } from "./helpers/visit.ts";

setDefaultTimeout(60_000);

let browser: Browser;
let current: Visit;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

afterEach(() => current.close());

describe("the inspector", () => {
  /** Opens an answer that came about like this, and reads what is told of it. */
  const inspect = async (trace: Partial<TraceView>) => {
    current = await visit(browser, "");
    const { page } = current;
    await page.route("**/trace", (route) => route.fulfill({ json: { ...TRACE, ...trace } }));
    await page.evaluate(() => {
      location.hash = "#/conversations/cnv_1";
    });
    const inspector = page.getByRole("region", { name: "Why this answer" });
    await inspector.getByText("First word after").waitFor();
    return {
      model: await inspector.locator("dt", { hasText: "Model" }).locator("+ dd").textContent(),
      steps: await inspector.getByRole("rowheader").allTextContents(),
      numbers: await inspector.locator("table.candidates thead th").allTextContents(),
    };
  };
  const { generateMs } = TRACE.timings;

  test("says where a model ran, not in whose protocol it was spoken to", async () => {
    const told = await inspect({ provider: "openai", model: "llama-3", host: "127.0.0.1:8080" });
    expect(told.model).toBe("llama-3 on the server itself (127.0.0.1:8080)");
    expect(told.steps).toContain("Model");
  });

  test("names the server of a model elsewhere", async () => {
    const told = await inspect({ provider: "openai", model: "gpt-5-mini", host: "api.openai.com" });
    expect(told.model).toBe("gpt-5-mini on api.openai.com");
  });

  test("marks the sentences that no passage bears out, and says which were fine", async () => {
    const sentence = (text: string, verdict: "supported" | "unsupported" | "uncited") => ({
      ...{ text, verdict, n: verdict === "supported" ? 1 : null, words: 0.4, meaning: null },
    });
    await inspect({
      wordings: ["Reisekosten Bahn", "train travel"],
      support: [
        sentence("Trains are second class.", "supported"),
        sentence("Ponies are first class.", "unsupported"),
        sentence("According to the handbook they fly.", "uncited"),
      ],
    });
    const inspector = current.page.getByRole("region", { name: "Why this answer" });

    await inspector.getByText("1 of 3 sentences borne out by the passages").waitFor();
    const notes = await inspector.getByRole("note").allTextContents();
    expect(notes.join("\n")).toContain("Ponies are first class.No passage says this");
    expect(notes.join("\n")).toContain(
      "According to the handbook they fly.Says that it is from the documents",
    );
    expect(notes.join("\n")).not.toContain("second class");
    await inspector.getByText("Reisekosten Bahn").waitFor();
  });

  test("gives no model any time where none was asked", async () => {
    const timings = { ...TRACE.timings, generateMs: 0 };
    const told = await inspect({ prompt: [], provider: "openai", timings });
    expect(told.model).toBe("none was asked");
    expect(told.steps).not.toContain("Model");
  });

  test("calls quoting by its name", async () => {
    const timings = { ...TRACE.timings, generateMs };
    const told = await inspect({ prompt: [], provider: "extractive", model: "", timings });
    expect(told.model).toBe("none: sentences quoted from the passages");
    expect(told.steps).toEqual(["Rewrite", "Retrieve", "Quote"]);
  });

  test("joins nothing where it was searched by words alone", async () => {
    const told = await inspect({});
    expect(told.numbers).toEqual(["Passage", "Words", "Sure"]);
  });
});

describe("a model that is down", () => {
  const trouble = {
    code: "PROVIDER_UNAVAILABLE",
    message: "127.0.0.1:11434 refused the connection. Is the server running?",
    since: "2026-11-27T00:00:00.000Z",
    ...{ name: "Default", meanwhile: null },
  };

  test("is said on every page until it is put away, and again when it goes down again", async () => {
    current = await visit(browser, "quality", {
      prepare: ({ state }) => {
        state.llmTrouble = trouble;
      },
    });
    const { page, fake } = current;
    const line = page
      .getByRole("status")
      .filter({ hasText: "The language model “Default” does not answer." });
    await line.getByText("127.0.0.1:11434 refused").waitFor();
    await line.getByText("Answers are quoted meanwhile.").waitFor();
    await line.getByRole("button", { name: "Look at its settings" }).click();
    await page.getByRole("heading", { name: "Model", exact: true }).waitFor();
    await line.getByRole("button", { name: "Dismiss" }).click();
    await line.waitFor({ state: "detached" });

    fake.state.llmTrouble = { ...trouble, since: "2026-11-27T01:00:00.000Z" };
    const [conversation] = fake.state.conversations;
    if (!conversation) throw new Error("The fake has no conversation.");
    fake.say({ type: "conversation", conversation: { ...conversation, lastOutcome: "failed" } });
    await line.waitFor();
    fake.state.llmTrouble = null;
    fake.say({ type: "conversation", conversation });
    await line.waitFor({ state: "detached" });
  });
});

describe("getting started", () => {
  test("is gone for good once it is put away", async () => {
    current = await visit(browser, "");
    const { page } = current;
    const steps = page.getByRole("region", { name: "Getting started" });
    await steps.getByRole("button", { name: "Dismiss" }).click();
    await steps.waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("heading", { name: "Home" }).waitFor();
    await page.getByText("The last seven days").waitFor();
    expect(await steps.count()).toBe(0);
  });

  test("is gone when what is needed is done, with a model or without", async () => {
    current = await visit(browser, "", {
      prepare: ({ state }) => {
        const embed = { done: true, origins: ["https://intranet.acme.example"] };
        state.dashboard = { ...DASHBOARD, checklist: { ...DASHBOARD.checklist, embed } };
      },
    });
    const { page } = current;
    await page.getByText("The last seven days").waitFor();
    expect(await page.getByRole("region", { name: "Getting started" }).count()).toBe(0);
  });
});

test("the menu of a person has nothing in it that is for developers", async () => {
  current = await visit(browser, "");
  const { page } = current;
  await page.getByRole("button", { name: "Account: Fiona Marsh" }).first().click();
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  expect(await page.getByRole("menuitem").allTextContents()).not.toContain("Components");
});

describe("a name that Parley does not know", () => {
  for (const initialised of [false, true]) {
    test(`is said before a password is typed, ${initialised ? "signing in" : "setting up"}`, async () => {
      current = await visit(browser, "", {
        prepare: ({ state }) => {
          state.initialised = initialised;
          state.me = null;
          state.unknownAddress = { publicUrl: null };
        },
      });
      const { page, fake } = current;
      await page.getByText(`Parley does not know the name ${new URL(fake.url).host}`).waitFor();
      expect(await page.getByLabel("Command").inputValue()).toBe(`parley serve --public-url ${fake.url}`);
    });
  }

  test("leads to the one that it does know", async () => {
    current = await visit(browser, "", {
      prepare: ({ state }) => {
        state.me = null;
        state.unknownAddress = { publicUrl: "https://chat.acme.example/" };
      },
    });
    const { page } = current;
    const link = page.getByRole("link", { name: "https://chat.acme.example/" });
    expect(await link.getAttribute("href")).toBe("https://chat.acme.example/");
  });
});

test("the snippet names a machine that others can find, and warns of one that they cannot", async () => {
  current = await visit(browser, "widget");
  const { page, fake } = current;
  const snippet = page.getByLabel("Snippet");
  const address = page.getByLabel("Where visitors' browsers find Parley");
  await snippet.waitFor();
  expect(await snippet.inputValue()).toContain('src="http://chat-server:8080/widget.js"');
  await address.selectOption(fake.url);
  await page.getByText("this names that machine itself").waitFor();
  await address.selectOption("http://10.0.4.17:8080");
  await page.getByText("until the machine gets another address").waitFor();
  expect(await snippet.inputValue()).toContain('src="http://10.0.4.17:8080/widget.js"');
});

test("the preview is the widget itself, at one moment at a time, and nobody can be asked in it", async () => {
  current = await visit(browser, "widget");
  const { page } = current;
  const preview = page.getByRole("img", { name: "Preview of the widget" });
  await page.getByLabel("Greeting").fill("Ahoy. Ask me about the harbour.");
  await preview.getByText("Ahoy. Ask me about the harbour.").waitFor();
  await preview.locator(".panel textarea").waitFor();
  expect(await preview.getByText("The nightly limit is").count()).toBe(0);
  expect(await preview.locator("[inert] .panel").count()).toBe(1);

  await page.getByRole("radio", { name: "Answer" }).check();
  await preview.locator(".answer .cite").waitFor();
  expect(await preview.getByText("The nightly limit is").count()).toBeGreaterThan(0);
  expect(await preview.getByText("Ahoy. Ask me about the harbour.").count()).toBe(0);

  // Black reads better on yellow and white on green, as the widget itself decides.
  const inkOn = async (colour: string) => {
    await page.getByRole("radio", { name: "Opened" }).check();
    await page.getByRole("textbox", { name: "Colour", exact: true }).fill(colour);
    await page.getByRole("radio", { name: "Closed" }).check();
    await preview.locator(".launcher").waitFor();
    return await preview.locator(".launcher").evaluate((element) => getComputedStyle(element).color);
  };
  expect(await inkOn("#ffe600")).toBe("rgb(0, 0, 0)");
  expect(await preview.locator(".panel").count()).toBe(0);
  expect(await inkOn("#00665a")).toBe("rgb(255, 255, 255)");
});

test("a preview that cannot be loaded says so", async () => {
  current = await visit(browser, "knowledge");
  const { page } = current;
  await page.route("**/assets/widget-panel-*.js", (route) => route.abort());
  await page.goto(page.url().replace("knowledge", "widget"));
  await page.getByText("The preview could not be loaded.").waitFor();
});

test("a link to a passage, pages away in its source, leads to it", async () => {
  current = await visit(browser, "knowledge/src_1?passage=chk_58");
  const passage = current.page.locator("li#chk_58[aria-current=true]");
  await passage.waitFor();
  await current.page.waitForFunction(() => {
    const { top, bottom } = document.querySelector("#chk_58")?.getBoundingClientRect() ?? {
      top: -1,
      bottom: 0,
    };
    return top >= 0 && bottom <= innerHeight;
  });
  expect(await current.page.locator(".chunks li[aria-current]").count()).toBe(1);
});
