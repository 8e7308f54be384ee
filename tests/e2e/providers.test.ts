/** Each kind of model, connected on the Model page and asked through the widget, over its own wire protocol. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { type AdminClient, OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { launchBrowser, type Observed, openPage } from "../helpers/browser.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type Protocol, type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { widgetOn } from "../helpers/widget-page.ts";
import { watchAnswer } from "./helpers/answer-steps.ts";
import {
  fillModel,
  goTo,
  HANDBOOK_PDF,
  modelField,
  openConversation,
  save,
  signInBrowser,
} from "./helpers/backoffice.ts";
import { type CuttableLine, startCuttableLine } from "./helpers/cuttable-line.ts";

const QUESTION = "On which pier is the practice of the doctor?";
const BEGINNING = "The practice of Dr. Weber ";
const REST = ["is on **Pier 4** [1]. ", "Call the control room first [1]."];
const WHOLE = "The practice of Dr. Weber is on Pier 4";

const KINDS: { label: string; protocol: Protocol; key: string | null }[] = [
  { label: "OpenAI or compatible", protocol: "openai", key: "sk-openai-4711" },
  { label: "Anthropic", protocol: "anthropic", key: "sk-anthropic-4712" },
  { label: "Ollama", protocol: "ollama", key: null },
];

setDefaultTimeout(60_000);

let browser: Browser;
let parley: Parley;
let owner: AdminClient;
let model: ScriptedProvider;
let line: CuttableLine;
let admin: Observed;

beforeAll(async () => {
  [browser, parley, model] = await Promise.all([launchBrowser(), startParley(), startScriptedProvider()]);
  owner = await setUpOwner(parley);
  await owner.addDocument("handbook.pdf", await Bun.file(HANDBOOK_PDF).bytes());
  line = await startCuttableLine(parley.url);
  admin = await openPage(browser);
  await signInBrowser(admin.page, parley.url, OWNER.email, OWNER.password);
});
afterAll(async () => {
  await browser?.close();
  await line?.close();
  await model?.close();
  await parley?.remove();
});

/** Goes on when told, so that a test decides what is on the screen in between. */
function gate() {
  return Promise.withResolvers<void>();
}

describe.each(KINDS)("$label", ({ label, protocol, key }) => {
  test("the Model page streams a test before anything is saved", async () => {
    const { page } = admin;
    await goTo(page, "Model");
    await fillModel(page, { provider: label, address: model.url(protocol), key, model: `${protocol}-1` });
    const more = gate();
    model.script({ pieces: ["I hear ", "you."], gate: more.promise });

    await page.getByRole("button", { name: "Test the connection" }).click();
    const report = page.getByRole("region", { name: "Test" });
    await report.getByText("I hear", { exact: true }).waitFor();
    more.resolve();
    await report.getByText("I hear you.", { exact: true }).waitFor();
    await report.getByText("12 in · 7 out").waitFor();

    await save(page);
    // The list of models is asked for with the saved settings; it must not take the next scripted reply.
    await page.getByText("2 offered by the saved provider").waitFor();
    expect(await modelField(page).inputValue()).toBe(`${protocol}-1`);
    if (key) await page.getByText(`•••• ${key.slice(-4)}`).waitFor();
    expect(await page.content()).not.toContain(key ?? "no key at all");
  });

  test("an answer streams, survives a killed connection, and is explained", async () => {
    const asked = model.requests.length;
    const middle = gate();
    const end = gate();
    model.script({ pieces: [BEGINNING, ...REST], gates: { 1: middle.promise, 2: end.promise } });
    const visitor = await openPage(browser);
    await visitor.page.goto(`${line.url}/demo`);
    const widget = widgetOn(visitor.page);
    await widget.open();
    const steps = await watchAnswer(visitor.page);

    await widget.ask(`${QUESTION} (${label})`);
    await widget.answers.getByText("The practice of Dr. Weber").waitFor();
    line.cut();
    middle.resolve();
    // The rest can only have come over another connection.
    await widget.answers.getByText("Pier 4").waitFor();
    end.resolve();
    await widget.complete.waitFor();

    const [first = "", ...others] = await steps();
    expect(WHOLE).toStartWith(first.trim());
    expect(others.length).toBeGreaterThanOrEqual(1);
    expect(await widget.answers.count()).toBe(1);
    expect(await widget.answers.textContent()).toMatch(
      /^The practice of Dr\. Weber is on Pier 4\s*1\. Call the control room first\s*1\.$/,
    );
    const passage = await (await widget.openCitation(1)).textContent();
    expect(passage).toContain("handbook");
    expect(passage).toContain("p. 2");
    expect(model.requests.length).toBe(asked + 1);
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain("her practice is on Pier 4");

    await visitor.page.reload();
    await widget.launcher.waitFor();
    if (!(await widget.panel.isVisible())) await widget.open();
    await widget.complete.waitFor();
    expect(await widget.answers.count()).toBe(1);
    await visitor.page.context().close();
  });

  test("the conversation says which model answered and what it was given", async () => {
    const inspector = await openConversation(admin.page, `${QUESTION} (${label})`);

    await inspector
      .getByText(new RegExp(`^${protocol}-1 on the server itself \\(127.0.0.1:\\d+\\)$`))
      .waitFor();
    await inspector.getByText("12 in · 7 out").waitFor();
    await inspector.getByText("What the model was given").click();
    expect(await inspector.textContent()).toContain("her practice is on Pier 4");
    await admin.page.getByText("Answered from sources").waitFor();
  });
});

test("changing the address asks for the key again before it goes anywhere", async () => {
  const { page } = admin;
  await owner.send("PUT", "/api/admin/llm/config", {
    provider: "openai",
    baseUrl: model.url("openai"),
    apiKey: "sk-openai-4711",
    model: "openai-1",
  });
  await page.reload();
  await goTo(page, "Home");
  await goTo(page, "Model");
  const asked = model.requests.filter(({ method }) => method === "POST").length;
  await page.getByLabel("Address").fill(model.url("anthropic"));

  await page.getByRole("region", { name: "Unsaved changes" }).getByRole("button", { name: "Save" }).click();
  await page.getByRole("textbox", { name: "API key" }).waitFor();
  await page.getByRole("textbox", { name: "API key" }).fill("sk-another-9999");
  await save(page);

  await page.getByText("•••• 9999").waitFor();
  expect(model.requests.filter(({ method }) => method === "POST").length).toBe(asked);
});

test("a model that cannot be reached is said so in words, on the test and to the visitor", async () => {
  const { page } = admin;
  await owner.send("PUT", "/api/admin/llm/config", {
    provider: "ollama",
    baseUrl: model.url("ollama"),
    model: "gone",
  });
  model.answer({ status: 404, errorText: "model 'gone' not found" });
  await page.reload();
  await page.getByRole("button", { name: "Test the connection" }).click();
  await page
    .getByRole("region", { name: "Test" })
    .getByText(/^[A-Z_]{4,}$/)
    .waitFor();
  const visitor = await openPage(browser);
  await visitor.page.goto(`${parley.url}/demo`);
  const widget = widgetOn(visitor.page);
  await widget.open();

  await widget.ask(`${QUESTION} (gone)`);
  await widget.panel.getByText("The language model is not available at the moment.").waitFor();

  expect(await widget.panel.textContent()).not.toContain("sk-CANARY");
  await visitor.page.context().close();
});
