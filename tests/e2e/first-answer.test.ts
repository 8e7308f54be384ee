/** The whole line on the compiled binary: setup, documents, a page with the chat, an answer, and the backoffice. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import {
  launchBrowser,
  type Observed,
  openPage,
  openTab,
  originsOf,
  ownAddress,
} from "../helpers/browser.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type WidgetPage, widgetOn } from "../helpers/widget-page.ts";
import { watchAnswer } from "./helpers/answer-steps.ts";
import {
  ABSENCE_DOCX,
  chooseFiles,
  goTo,
  HANDBOOK_PDF,
  openConversation,
  save,
  setUpInBrowser,
  titled,
  waitUntilReady,
} from "./helpers/backoffice.ts";
import { type Intranet, startIntranet } from "./helpers/intranet.ts";

setDefaultTimeout(60_000);

const ABOUT_THE_PDF = "On which pier is the practice of the doctor?";
const FROM_THE_PDF = "Dr. Weber is the harbour's doctor; her practice is on Pier 4.";
const ABOUT_THE_DOCX = "How many weeks of parental leave are there?";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("On the machine itself, without a model", () => {
  let parley: Parley;
  let admin: Observed;
  let visitor: Observed;
  let widget: WidgetPage;
  let intranet: Intranet;
  let snippet = "";

  beforeAll(async () => {
    parley = await startParley();
    admin = await openPage(browser);
  });
  afterAll(async () => {
    intranet?.stop();
    await admin?.page.context().close();
    await parley?.remove();
  });

  test("setup asks who you are, not for a token, and signs in", async () => {
    const { page } = admin;
    await page.goto(parley.url);
    await titled(page, "Set up Parley");
    expect(await page.getByLabel("Setup token").count()).toBe(0);

    await setUpInBrowser(page);

    expect(await page.getByRole("region", { name: "Getting started" }).textContent()).toContain(
      "0 of 4 done",
    );
  });

  test("a PDF and a Word file become ready while one looks on", async () => {
    const { page } = admin;
    await chooseFiles(page, "Add files", [HANDBOOK_PDF, ABSENCE_DOCX]);

    await titled(page, "Knowledge");
    await waitUntilReady(page, "handbook.pdf");
    await waitUntilReady(page, "absence.docx");
    await page.getByRole("row").filter({ hasText: "PDF, 2 pages" }).waitFor();
  });

  test("the demo page answers word for word, in steps, and cites the right page", async () => {
    visitor = await openPage(browser, { reducedMotion: "no-preference" });
    const { page } = visitor;
    await page.goto(`${parley.url}/demo`);
    widget = widgetOn(page);
    await widget.open();
    const steps = await watchAnswer(page);

    await widget.ask(ABOUT_THE_PDF);
    await widget.complete.waitFor();

    expect((await steps()).length).toBeGreaterThanOrEqual(2);
    expect(visitor.frames.filter(({ type }) => type === "delta").length).toBeGreaterThanOrEqual(2);
    expect(await widget.answers.textContent()).toStartWith(FROM_THE_PDF);
    const passage = await (await widget.openCitation(1)).textContent();
    expect(passage).toContain("handbook");
    expect(passage).toContain("p. 2");
    expect(passage).toContain("Pier 4");
  });

  test("a question about the Word file is answered from it, under its heading", async () => {
    await widget.ask(ABOUT_THE_DOCX);
    await widget.complete.nth(1).waitFor();

    expect(await widget.answers.last().textContent()).toContain("26 weeks");
    const passage = await (await widget.openCitation(1)).textContent();
    expect(passage).toContain("absence");
    expect(passage).toContain("Parental leave");
  });

  test("the conversation is still there after a reload", async () => {
    await visitor.page.reload();
    await widget.launcher.waitFor();
    if (!(await widget.panel.isVisible())) await widget.open();
    await widget.complete.nth(1).waitFor();

    expect(await widget.answers.count()).toBe(2);
    expect(await widget.answers.first().textContent()).toStartWith(FROM_THE_PDF);
    await (await widget.openCitation(1)).getByText("Parental leave").first().waitFor();
  });

  test("a question that no document answers is told so, without a citation", async () => {
    await widget.ask("Who won the football championship of 1974?");
    await widget.complete.nth(2).waitFor();

    expect(await widget.answers.last().getByRole("button").count()).toBe(0);
  });

  test("the backoffice lists the conversation and explains every answer", async () => {
    const { page } = admin;
    const inspector = await openConversation(page, ABOUT_THE_PDF);
    expect(await page.getByText("Found nothing").count()).toBeGreaterThan(0);

    await page.getByRole("button", { name: "Why this answer" }).first().click();
    await inspector.getByRole("row", { name: /handbook.*p\. 2/ }).waitFor();
    expect(await inspector.textContent()).toContain(ABOUT_THE_PDF);
    expect(await inspector.textContent()).toContain("none: sentences quoted from the passages");
    await page.getByRole("button", { name: "Source 1" }).first().click();
    await page.getByText("Call the control room first").waitFor();
  });

  test("the chat stays away from an origin that nobody allowed", async () => {
    const { page } = admin;
    await goTo(page, "Widget");
    await page.getByLabel("Where visitors' browsers find Parley").selectOption(new URL(parley.url).origin);
    snippet = await page.getByLabel("Snippet").inputValue();
    intranet = startIntranet(() => snippet);
    const stranger = await openPage(browser);

    // Parley's refusal carries no CORS header, so the page does not even learn its status.
    const refused = stranger.page.waitForEvent("requestfailed");
    await stranger.page.goto(intranet.origin);

    expect((await refused).url()).toContain("/api/widget/config/");
    expect(await stranger.page.locator("parley-widget button").count()).toBe(0);
    await stranger.page.context().close();
  });

  test("an intranet page that was allowed shows the chat over plain HTTP", async () => {
    const { page } = admin;
    const allowed = page.getByRole("group", { name: "Allowed pages" });
    await allowed.getByRole("textbox", { name: "Add" }).fill(intranet.origin);
    await allowed.getByRole("textbox", { name: "Add" }).press("Enter");
    await save(page);
    const guest = await openPage(browser);
    await guest.page.goto(intranet.origin);
    const chat = widgetOn(guest.page);
    await chat.open();

    await chat.ask(ABOUT_THE_PDF);
    await chat.complete.waitFor();

    expect(await guest.page.evaluate<boolean>("isSecureContext")).toBe(false);
    expect(await chat.answers.textContent()).toStartWith(FROM_THE_PDF);
    expect(originsOf(guest.requests).toSorted()).toEqual([parley.url, intranet.origin].toSorted());
    expect(guest.complaints).toEqual([]);
    await guest.page.context().close();
    await page.reload();
    await page.getByText(`Seen on: ${intranet.origin}`).waitFor();
  });

  test("nothing was asked of any other origin, and no console complained", async () => {
    const tab = await openTab(admin.page);
    await tab.page.goto(parley.url);
    await tab.page.getByText("The last seven days").waitFor();
    expect(await tab.page.getByText("Getting started").count()).toBe(0);

    const all = [admin, visitor, tab];
    expect(originsOf(all.flatMap(({ requests }) => requests))).toEqual([parley.url]);
    expect(all.flatMap(({ complaints }) => complaints)).toEqual([]);
  });
});

describe("From another machine, over plain HTTP", () => {
  let parley: Parley;
  let admin: Observed;
  let url = "";

  beforeAll(async () => {
    parley = await startParley();
    url = `http://${ownAddress()}:${new URL(parley.url).port}`;
    admin = await openPage(browser);
  });
  afterAll(async () => {
    await admin?.page.context().close();
    await parley?.remove();
  });

  test("setup refuses a wrong token, takes the printed one, and leads to an answer", async () => {
    const { page } = admin;
    await page.goto(url);
    expect(await page.evaluate<boolean>("isSecureContext")).toBe(false);
    await page.getByLabel("Setup token").fill("00000000000000000000000000000000");
    await page.getByLabel("Organisation").fill("Acme");
    await page.getByLabel("Your name").fill("Fiona");
    await page.getByLabel("E-mail").fill("fiona@acme.example");
    await page.getByRole("textbox", { name: "Password" }).fill("a long sentence of my own");
    await page.getByRole("button", { name: "Set up Parley" }).click();
    await page.getByLabel("Setup token").and(page.locator("[aria-invalid=true]")).waitFor();
    // A browser says of every refused request that it was refused.
    expect(admin.complaints.splice(0)).toEqual([expect.stringContaining("401")]);

    await setUpInBrowser(page, parley.setupToken ?? "");
    await page.getByRole("button", { name: "Use the sample documents" }).first().click();
    await page.getByText("5 sources ready").waitFor();
    const { page: demo, complaints } = await openTab(page);
    await demo.goto(`${url}/demo`);
    const widget = widgetOn(demo);
    await widget.open();
    await widget.ask("What may I spend on a hotel in Zurich?");
    await widget.complete.waitFor();

    expect(await widget.answers.textContent()).toContain("190 euros");
    expect([...admin.complaints, ...complaints]).toEqual([]);
  });

  test("after signing out, the same address asks for e-mail and password", async () => {
    const { page } = admin;
    await page
      .getByRole("button", { name: /^Account/ })
      .filter({ visible: true })
      .click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await titled(page, "Sign in");
    await page.reload();
    await titled(page, "Sign in");
  });
});
