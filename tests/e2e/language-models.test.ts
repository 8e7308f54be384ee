/** Several models: added, put in order, tried and counted in the backoffice. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import type { LlmChain, LlmProviderConfigView } from "../../src/protocol/admin-api/llm.ts";
import { type AdminClient, OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { launchBrowser, type Observed, openPage } from "../helpers/browser.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { openVisitor } from "../helpers/visitor-client.ts";
import { signInBrowser } from "./helpers/backoffice.ts";

setDefaultTimeout(60_000);

const QUESTION = "How long is parental leave?";

let browser: Browser;
let parley: Parley;
let model: ScriptedProvider;
let owner: AdminClient;
let admin: Observed;

beforeAll(async () => {
  [browser, parley, model] = await Promise.all([launchBrowser(), startParley(), startScriptedProvider()]);
  owner = await setUpOwner(parley);
  await owner.addDocument("leave.txt", "Parental leave is 26 weeks at full pay.");
  admin = await openPage(browser);
  await signInBrowser(admin.page, parley.url, OWNER.email, OWNER.password);
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([parley?.remove(), model?.close()]);
});

const models = async () =>
  (await owner.get<{ items: LlmProviderConfigView[] }>("/api/admin/llm/providers")).items;
const chainNames = async () => {
  const { providers } = await owner.get<LlmChain>("/api/admin/llm/chain");
  const all = await models();
  return providers.map((id) => all.find((each) => each.id === id)?.name);
};
const add = (name: string, protocol: "openai" | "anthropic") =>
  owner.send<LlmProviderConfigView>("POST", "/api/admin/llm/providers", {
    ...{ name, provider: protocol, baseUrl: model.url(protocol), apiKey: "sk-1", model: name.toLowerCase() },
    ...{ inputPrice: 3, outputPrice: 15 },
  });

test("a model is added on its page, tested after it is saved, and its list says what was found", async () => {
  const { page } = admin;
  model.script({ text: "Hello." }, { text: "Heron.", toolCalls: [{ name: "read_gauge", arguments: "{}" }] });
  await page.goto(`${parley.url}/#/language-models/new`);
  await page.getByLabel("Name", { exact: true }).fill("Cellar");
  await page.getByText("OpenAI or compatible").click();
  await page.getByLabel("Address", { exact: true }).fill(model.url("openai"));
  await page.getByLabel("Model", { exact: true }).fill("scripted-small");
  await page.getByLabel("Headers", { exact: true }).fill("x-team: blue");
  await page.getByRole("button", { name: /^Save/ }).click();
  await page.getByText("It answers.").waitFor();
  await page.getByRole("heading", { name: "Cellar" }).waitFor();

  expect(model.requests).toHaveLength(3);
  expect(model.requests[0]?.headers["x-team"]).toBe("blue");
  expect((await models()).find(({ name }) => name === "Cellar")).toMatchObject({
    capabilities: { tools: true, systemRole: true, images: false },
  });
  await page.goto(`${parley.url}/#/language-models`);
  await page.getByText("tools, heeds the system prompt").waitFor();
});

test("models are put in order with the keyboard, and by dragging", async () => {
  const { page } = admin;
  await Promise.all([add("Attic", "anthropic"), add("Barn", "openai")]);
  await page.reload();
  for (const name of ["Cellar", "Attic", "Barn"]) {
    await page.getByRole("row", { name }).getByRole("button", { name: "Add to the order" }).press("Enter");
    await page.getByText(`“${name}” takes over now`).waitFor();
  }
  expect(await chainNames()).toEqual(["Cellar", "Attic", "Barn"]);

  await page.getByRole("button", { name: "Move Barn up" }).press("Enter");
  await page.getByText("“Barn” is number 3 now").waitFor();
  expect(await chainNames()).toEqual(["Cellar", "Barn", "Attic"]);
  await page.getByRole("row", { name: "Attic" }).dragTo(page.getByRole("row", { name: "Cellar" }));
  await page.getByText("“Attic” is number 2 now").waitFor();
  expect(await chainNames()).toEqual(["Attic", "Cellar", "Barn"]);
});

test("usage is shown with its cost, by day and by provider, and can be downloaded", async () => {
  const { page } = admin;
  const attic = (await models()).find(({ name }) => name === "Attic");
  await owner.send("PUT", "/api/admin/llm/default", { provider: attic?.id });
  model.answer({ text: "26 weeks at full pay [1].", usage: { inputTokens: 100_000, outputTokens: 2_000 } });
  const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
  await (await openVisitor(parley, embedKey)).ask(QUESTION);

  await page.goto(`${parley.url}/#/usage`);
  await page.getByRole("img", { name: /^Tokens by day/ }).waitFor();
  await page.getByRole("button", { name: "Provider" }).click();
  await page.getByRole("cell", { name: "Attic (anthropic)" }).waitFor();
  await page.getByRole("cell", { name: "0.33", exact: true }).waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV" }).click();
  const text = await Bun.file(await (await download).path()).text();

  expect(text).toContain('"Attic"');
  expect(text).toContain("100000,2000,330000,0,false");
});
