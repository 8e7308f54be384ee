/** Every page on a phone, in both themes and with words that do not break: nothing sideways, nothing refused. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { DESKTOP, launchBrowser, openPage, originsOf, PHONE } from "../helpers/browser.ts";
import { STOCK_TOOL, startMcpToolServer } from "../helpers/mcp-tool-server.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { openVisitor } from "../helpers/visitor-client.ts";
import { widgetOn } from "../helpers/widget-page.ts";
import { ENCRYPTED_PDF, HANDBOOK_PDF, signInBrowser, titled } from "./helpers/backoffice.ts";

setDefaultTimeout(60_000);

const LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzbeauftragtenausweis";
const QUESTION = `Auf welchem Pier ist die Praxis, practice of the doctor, ${LONG}?`;
const ORGANISATION = `Donaudampfschifffahrtsgesellschaft ${LONG}`;

let browser: Browser;
let parley: Parley;
const remote = startMcpToolServer();
/** Address of a page → its title. */
const pages = new Map<string, string | RegExp>();

beforeAll(async () => {
  [browser, parley] = await Promise.all([launchBrowser(), startParley()]);
  const owner = await setUpOwner(parley);
  const { items } = await owner.get<{ items: { id: string }[] }>("/api/admin/tenants");
  await owner.send("PATCH", `/api/admin/tenants/${items[0]?.id}`, { name: ORGANISATION });
  const source = await owner.addDocument(`${LONG}.pdf`, await Bun.file(HANDBOOK_PDF).bytes());
  await owner.upload({ name: `verschluesselt-${LONG}.pdf`, content: await Bun.file(ENCRYPTED_PDF).bytes() });
  await owner.addDocument(
    "tabelle.md",
    `# ${LONG}\n\n${`${LONG} `.repeat(30)}\n\n| ${LONG} | b |\n|-|-|\n| 1 | ${LONG} |`,
  );
  await owner.send("PUT", "/api/admin/widget", {
    displayName: "Frag die Donaudampfschifffahrtsgesellschaft",
    greeting: `Guten Tag. ${LONG}`,
    suggestedQuestions: [`Wer trägt den ${LONG}?`.slice(0, 110)],
    allowedDomains: [`https://${"sehr-langer-rechnername.".repeat(4)}example`],
  });
  const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
  await (await openVisitor(parley, embedKey)).ask(QUESTION);
  const conversations = await owner.get<{ items: { id: string }[] }>("/api/admin/conversations");
  const question = await owner.send<{ id: string }>("POST", "/api/admin/evals/questions", {
    text: QUESTION,
    expected: [{ source: source.id, passage: LONG }],
  });
  const synonym = await owner.send<{ id: string }>("POST", "/api/admin/synonyms", {
    asked: [LONG.slice(0, 80)],
    written: [`${LONG.slice(0, 60)} Gesetz`],
  });
  const credential = await owner.send<{ id: string }>("POST", "/api/admin/credentials", {
    ...{ name: LONG, kind: "bearer", token: "a-token", hosts: [`${"langer-name.".repeat(5)}example:443`] },
  });
  const model = await owner.send<{ id: string }>("POST", "/api/admin/llm/providers", {
    ...{ name: LONG, provider: "ollama", model: LONG, inputPrice: 0.15, outputPrice: 0.6 },
    headers: { "x-team": LONG },
  });
  await owner.send("PUT", "/api/admin/llm/chain", { providers: [model.id] });
  await owner.send("PUT", "/api/admin/egress", { allow: ["erp.example:443", `127.0.0.1:${remote.port}`] });
  remote.tools = [{ ...STOCK_TOOL, title: LONG, description: `${LONG} `.repeat(20) }];
  const server = await owner.send<{ id: string }>("POST", "/api/admin/mcp-servers", {
    ...{ name: LONG, url: `${remote.url}?${LONG}` },
  });
  const remoteTool = await owner.send<{ id: string }>("POST", "/api/admin/tools", {
    ...{ type: "mcp", server: server.id, remoteName: "getStock", label: `${LONG} 2` },
  });
  const tool = await owner.send<{ id: string }>("POST", "/api/admin/tools", {
    ...{ name: "gesetz", label: LONG, description: LONG, type: "rest_api", method: "GET" },
    ...{ url: `https://erp.example/${LONG}/{order}`, exampleQuestions: [`Wo ist ${LONG}?`] },
    parameters: [{ name: "order", type: "text", description: LONG }],
  });
  const live = await owner.live();
  const run = await owner.send<{ id: string }>("POST", "/api/admin/evals/runs");
  await live.until(({ job }) => (job as { state?: string } | undefined)?.state === "done");
  await live.close();
  pages.set("", "Home");
  pages.set("knowledge", "Knowledge");
  pages.set(`knowledge/${source.id}`, LONG);
  pages.set("conversations", "Conversations");
  pages.set(`conversations/${conversations.items[0]?.id}`, /^Auf welchem Pier/);
  pages.set("quality", "Quality");
  pages.set(`quality/${question.id}`, /^Auf welchem Pier/);
  pages.set(`quality/${run.id}`, /^Run of /);
  pages.set("synonyms", "Synonyms");
  pages.set(`synonyms/${synonym.id}`, LONG.slice(0, 80));
  pages.set("connections", "Connections");
  pages.set("connections/new", "New connection");
  pages.set("connections/new-mcp-server", "New MCP server");
  pages.set(`connections/${server.id}`, LONG);
  pages.set("tools", "Tools");
  pages.set("tools/new", "New query");
  pages.set(`tools/${tool.id}`, LONG);
  pages.set(`tools/${remoteTool.id}`, `${LONG} 2`);
  pages.set("tools/new-call", "New API call");
  pages.set("tools/import", "Import an API");
  pages.set("credentials", "Credentials");
  pages.set(`credentials/${credential.id}`, LONG);
  pages.set("models", "Search models");
  pages.set("models/build", "Build an index");
  pages.set("model", "Model");
  pages.set("language-models", "Language models");
  pages.set("language-models/new", "New model");
  pages.set(`language-models/${model.id}`, LONG);
  pages.set("usage", "Usage");
  pages.set("egress", "Egress");
  pages.set("widget", "Widget");
  pages.set("identity", "Identity");
  pages.set("api-keys", "API keys");
  pages.set("design", "Components");
  pages.set("nowhere", /./);
});
afterAll(async () => {
  await browser?.close();
  await parley?.remove();
  await remote.stop();
});

/** How far the page can be moved sideways, in CSS pixels, and what sticks out. */
async function sideways(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`
    document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 || element.getBoundingClientRect().left < -1)
      .map((element) => element.tagName + "." + element.className).slice(0, 8)`);
}

/** What in the chat reaches over its sides. */
const STICKING_OUT = `(() => {
  const panel = document.querySelector("parley-widget").shadowRoot.querySelector("[role=dialog]");
  const { left, right } = panel.getBoundingClientRect();
  return [...panel.querySelectorAll(":not(.sr)")]
    .filter((element) => element.getBoundingClientRect().right > right + 1 || element.getBoundingClientRect().left < left - 1)
    .map((element) => element.outerHTML.slice(0, 120)).slice(0, 8);
})()`;

const CASES: { name: string; options: BrowserContextOptions; direction: "ltr" | "rtl" }[] = [
  {
    name: "a phone, light",
    options: { viewport: PHONE, hasTouch: true, colorScheme: "light" },
    direction: "ltr",
  },
  {
    name: "a phone, dark",
    options: { viewport: PHONE, hasTouch: true, colorScheme: "dark" },
    direction: "ltr",
  },
  { name: "a phone, right to left", options: { viewport: PHONE, hasTouch: true }, direction: "rtl" },
  { name: "a desk, light", options: { viewport: DESKTOP }, direction: "ltr" },
];

describe.each(CASES)("On $name", ({ options, direction }) => {
  test("no page of the backoffice scrolls sideways, complains or asks elsewhere", async () => {
    const { page, complaints, requests } = await openPage(browser, options);
    await page.goto(parley.url);
    await titled(page, "Sign in");
    const wide: Record<string, string[]> = { "sign-in": await sideways(page) };
    await signInBrowser(page, parley.url, OWNER.email, OWNER.password);
    complaints.length = 0;
    await page.evaluate(`document.documentElement.dir = "${direction}"`);

    for (const [path, title] of pages) {
      await page.goto(`${parley.url}/#/${path}`);
      await page.getByRole("heading", { name: title, level: 1 }).first().waitFor();
      await page.waitForLoadState("networkidle");
      wide[path] = await sideways(page);
    }

    expect(Object.fromEntries(Object.entries(wide).filter(([, found]) => found.length > 0))).toEqual({});
    expect(complaints).toEqual([]);
    expect(originsOf(requests)).toEqual([parley.url]);
    await page.context().close();
  });

  test("nor does the demo page with the chat open", async () => {
    const { page, complaints, requests } = await openPage(browser, options);
    await page.goto(`${parley.url}/demo`);
    const widget = widgetOn(page);
    await widget.open();
    await widget.ask(QUESTION);
    await widget.complete.waitFor();

    expect(await sideways(page)).toEqual([]);
    expect(await page.evaluate<string[]>(STICKING_OUT)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(originsOf(requests)).toEqual([parley.url]);
    await page.context().close();
  });
});

test("an Arabic visitor gets the chat in Arabic, from right to left", async () => {
  const { page, complaints } = await openPage(browser, { locale: "ar", viewport: PHONE });
  await page.goto(`${parley.url}/demo`);
  const widget = widgetOn(page);
  await widget.open();

  expect(await widget.panel.getAttribute("dir")).toBe("rtl");
  expect(await widget.panel.getAttribute("lang")).toBe("ar");
  expect(await widget.field.getAttribute("placeholder")).toMatch(/\p{Script=Arabic}/u);
  expect(await sideways(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
});
