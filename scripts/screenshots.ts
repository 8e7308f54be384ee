/**
 * Makes the README's pictures from the built binary: sets up a Parley with the sample documents, asks on the
 * demo page, and photographs it.
 *
 *     bun run build && bun run screenshots           docs/images
 *     bun run build && bun run screenshots --all     tests/.output/pages: every page and state, to look through
 */
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import {
  ABSENCE_DOCX,
  chooseFiles,
  ENCRYPTED_PDF,
  FIONA,
  goTo,
  HANDBOOK_PDF,
  openConversation,
  setUpInBrowser,
  signInBrowser,
  sourceRow,
  waitUntilReady,
} from "../tests/e2e/helpers/backoffice.ts";
import { DESKTOP, launchBrowser, openPage, openTab, PHONE } from "../tests/helpers/browser.ts";
import { type Parley, startParley } from "../tests/helpers/parley.ts";
import { widgetOn } from "../tests/helpers/widget-page.ts";

const IMAGES = join(import.meta.dir, "../docs/images");
const EVERYTHING = join(import.meta.dir, "../tests/.output/pages");
const README_SIZE = { width: 1280, height: 800 };
const QUESTION = "On which extension do I report a lost card?";
const FOLLOW_UPS = ["How do I claim the expenses of a trip?", "How many moons does Jupiter have?"];

const EMPTY_PAGES = { home: "", conversations: "conversations", knowledge: "knowledge" };
const PAGES = { ...EMPTY_PAGES, model: "model", widget: "widget", design: "design", missing: "nowhere" };

const everything = process.argv.includes("--all");
const browser = await launchBrowser();
const parley = await startParley();
try {
  await (everything ? photographEverything(browser, parley) : photographForReadme(browser, parley));
} finally {
  await browser.close();
  await parley.remove();
}

async function photographForReadme(browser: Browser, parley: Parley): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  const { page } = await openPage(browser, { viewport: README_SIZE, deviceScaleFactor: 2 });
  await setUpInBrowser(await opened(page, parley.url));
  await addDocuments(page, [HANDBOOK_PDF, ABSENCE_DOCX]);
  const { page: demo } = await openTab(page);
  await demo.goto(`${parley.url}/demo`);
  const widget = widgetOn(demo);
  await widget.open();
  await widget.ask(QUESTION);
  await widget.complete.waitFor();
  await widget.openCitation(1);
  await shoot(demo, join(IMAGES, "widget.png"));
  await widget.ask(FOLLOW_UPS[0] ?? "");
  await widget.complete.nth(1).waitFor();

  await page.reload();
  await goTo(page, "Knowledge");
  await page.getByRole("table").waitFor();
  await shoot(page, join(IMAGES, "knowledge.png"));
  await openConversation(page, QUESTION);
  await shoot(page, join(IMAGES, "conversation.png"));
}

async function photographEverything(browser: Browser, parley: Parley): Promise<void> {
  await mkdir(EVERYTHING, { recursive: true });
  for (const look of looks()) await photographSetup(browser, parley.url, look);
  const { page } = await openPage(browser);
  await setUpInBrowser(await opened(page, parley.url));
  for (const look of looks()) await photographPages(browser, parley.url, look, "empty", EMPTY_PAGES);
  await addDocuments(page, [HANDBOOK_PDF, ABSENCE_DOCX]);
  await chooseFiles(page, "Add source", [ENCRYPTED_PDF]);
  await sourceRow(page, basename(ENCRYPTED_PDF))
    .getByText(/^Failed/)
    .waitFor();
  await addConversation(browser, parley.url);
  const pages = { ...PAGES, conversation: await addressOf(page, parley.url, "conversations", QUESTION) };
  for (const look of looks()) {
    await photographPages(browser, parley.url, look, "typical", pages);
    await photographWidget(browser, parley.url, look);
  }
}

type Look = { name: string; options: BrowserContextOptions };

function looks(): Look[] {
  const sizes = { "1440x900": DESKTOP, "390x844": PHONE };
  return Object.entries(sizes).flatMap(([size, viewport]) =>
    (["light", "dark"] as const).map((colorScheme) => ({
      name: `${size}-${colorScheme}`,
      options: { viewport, colorScheme, hasTouch: viewport === PHONE },
    })),
  );
}

async function photographSetup(browser: Browser, url: string, look: Look): Promise<void> {
  const { page } = await openPage(browser, look.options);
  await opened(page, url);
  await page.getByRole("heading", { name: "Set up Parley" }).waitFor();
  await shoot(page, join(EVERYTHING, `setup-${look.name}.png`));
  await page.context().close();
}

async function photographPages(
  browser: Browser,
  url: string,
  look: Look,
  state: string,
  pages: Record<string, string>,
): Promise<void> {
  const { page } = await openPage(browser, look.options);
  await opened(page, url);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await shoot(page, join(EVERYTHING, `sign-in-${look.name}.png`));
  await signInBrowser(page, url, FIONA.email, FIONA.password);
  for (const [name, path] of Object.entries(pages)) {
    await opened(page, `${url}/#/${path}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await shoot(page, join(EVERYTHING, `${name}-${state}-${look.name}.png`));
  }
  await page.context().close();
}

async function photographWidget(browser: Browser, url: string, look: Look): Promise<void> {
  for (const locale of ["en", "de", "ar"]) {
    const { page } = await openPage(browser, { ...look.options, locale });
    await opened(page, `${url}/demo`);
    const widget = widgetOn(page);
    await widget.open();
    await shoot(page, join(EVERYTHING, `widget-empty-${locale}-${look.name}.png`));
    await widget.ask(QUESTION);
    await widget.complete.waitFor();
    await shoot(page, join(EVERYTHING, `widget-answer-${locale}-${look.name}.png`));
    await widget.ask(FOLLOW_UPS[1] ?? "");
    await widget.complete.nth(1).waitFor();
    await shoot(page, join(EVERYTHING, `widget-nothing-${locale}-${look.name}.png`));
    await page.context().close();
  }
}

/** The sample documents and some of one's own, which become ready. */
async function addDocuments(page: Page, files: string[]): Promise<void> {
  await page.getByRole("button", { name: "Use the sample documents" }).first().click();
  await page.getByText("5 sources ready").waitFor();
  await goTo(page, "Knowledge");
  await chooseFiles(page, "Add source", files);
  for (const file of files) await waitUntilReady(page, basename(file));
}

async function addConversation(browser: Browser, url: string): Promise<void> {
  const { page } = await openPage(browser);
  await opened(page, `${url}/demo`);
  const widget = widgetOn(page);
  await widget.open();
  for (const [at, question] of [QUESTION, ...FOLLOW_UPS].entries()) {
    await widget.ask(question);
    await widget.complete.nth(at).waitFor();
  }
  await page.context().close();
}

async function addressOf(page: Page, url: string, list: string, name: string): Promise<string> {
  await opened(page, `${url}/#/${list}`);
  const address = await page.getByRole("link", { name }).first().getAttribute("href");
  return address?.replace(/^#\//, "") ?? list;
}

async function opened(page: Page, url: string): Promise<Page> {
  await page.goto(url);
  return page;
}

/** Once the network is quiet and nothing is selected, so that a picture is the same the next time. */
async function shoot(page: Page, path: string): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.mouse.move(0, 0);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  console.log(path);
}
