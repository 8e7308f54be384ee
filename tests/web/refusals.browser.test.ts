import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "./helpers/browser.ts";
import { type FakeServer, startFake } from "./helpers/fake-server.ts";

setDefaultTimeout(60_000);

let browser: Browser;
let fake: FakeServer;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  await context.close();
  await fake.stop();
});

async function open(address: string): Promise<Page> {
  fake = await startFake("typical");
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(`${fake.url}/#/${address}`);
  return page;
}

/** Answers every write to `path` as a server does that finds something wrong with a field. */
async function refuse(page: Page, path: string, fields: Record<string, string>): Promise<void> {
  await page.route(`**${path}`, (route) =>
    route.request().method() === "GET"
      ? route.fallback()
      : route.fulfill({
          status: 400,
          json: {
            error: {
              code: "VALIDATION",
              message: "Check the body.",
              details: { fields },
              requestId: "req_1",
            },
          },
        }),
  );
}

test("what the server refuses stands at its field, until the field changes", async () => {
  const page = await open("widget");
  await refuse(page, "/api/admin/widget", {
    greeting: "Write it shorter.",
    "allowedDomains.1": "No such host.",
  });
  await page.getByLabel("Greeting").fill("A greeting that is far too long.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Write it shorter.").waitFor();
  await page.getByText("No such host.").waitFor();
  expect(await page.getByLabel("Greeting").getAttribute("aria-invalid")).toBe("true");

  await page.getByLabel("Greeting").fill("Hello.");

  await page.getByText("Write it shorter.").waitFor({ state: "detached" });
  await page.getByText("No such host.").waitFor({ state: "detached" });
});

test("what the server refuses of a model's settings stands at its field", async () => {
  const page = await open("model");
  await refuse(page, "/api/admin/llm/config", { model: "This provider has no such model." });
  await page.getByRole("combobox", { name: "Model" }).fill("llama-9");
  await page.getByRole("button", { name: "Save" }).click();

  await page.getByText("This provider has no such model.").waitFor();
  expect(await page.getByRole("combobox", { name: "Model" }).getAttribute("aria-invalid")).toBe("true");
});

test("a name that is refused is explained below the name", async () => {
  const page = await open("knowledge/src_2");
  await refuse(page, "/api/admin/knowledge/src_2", { title: "Use at most 200 characters." });
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("x".repeat(201));
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();

  await page.getByText("Use at most 200 characters.").waitFor();
  expect(await page.getByRole("textbox", { name: "Name" }).getAttribute("aria-invalid")).toBe("true");
});

test("trying a question begins with those that the widget suggests, and Back closes it", async () => {
  const page = await open("knowledge");
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("button", { name: "Try a question" }).first().click();
  await page.getByRole("button", { name: "How do I request leave?" }).click();

  const field = page.getByRole("textbox", { name: "Question" });
  expect(await field.inputValue()).toBe("How do I request leave?");
  await page.getByRole("dialog").getByRole("listitem").first().waitFor();
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);

  await page.goBack();
  await page.getByRole("heading", { name: "Knowledge", level: 1 }).waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
});
