/**
 * Makes the README's pictures from the built binary: sets up a Parley with the sample documents, asks on the
 * demo page, and photographs it. `bun run build && bun run screenshots`.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { CHROMIUM } from "../tests/helpers/browser.ts";
import { startParley } from "../tests/helpers/parley.ts";

const IMAGES = join(import.meta.dir, "../docs/images");
const DESKTOP = { width: 1440, height: 900 };
const QUESTION = "What may I spend on a hotel in Zurich?";

const profile = mkdtempSync(join(tmpdir(), "parley-screenshots-"));
mkdirSync(IMAGES, { recursive: true });
const parley = await startParley();
const browser = await chromium.launch(CHROMIUM);
try {
  await photograph(browser, parley.url);
} finally {
  await browser.close();
  await parley.stop();
  rmSync(profile, { recursive: true, force: true });
}

async function photograph(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: DESKTOP, reducedMotion: "reduce" });
  await page.goto(url);
  await setUp(page);
  await page
    .getByRole("button", { name: /sample documents/i })
    .first()
    .click();
  await page.getByText(/ready/i).first().waitFor();

  const demo = await page.context().newPage();
  await demo.setViewportSize(DESKTOP);
  await demo.goto(`${url}/demo`);
  await ask(demo);
  await demo.screenshot({ path: join(IMAGES, "widget.png") });

  await page.goto(`${url}/#/knowledge`);
  await page.getByRole("table").waitFor();
  await page.screenshot({ path: join(IMAGES, "knowledge.png") });
  await page.goto(`${url}/#/conversations`);
  await page.getByText(QUESTION).first().click();
  await page.getByText("Why this answer").waitFor();
  await page.screenshot({ path: join(IMAGES, "conversation.png") });
}

async function setUp(page: Page): Promise<void> {
  await page.getByLabel("Organisation").fill("Acme Logistics");
  await page.getByLabel("Your name").fill("Fiona Marsh");
  await page.getByLabel("E-mail").fill("fiona@acme.example");
  await page.getByLabel("Password").fill("a long sentence of my own");
  await page.keyboard.press("Enter");
}

async function ask(page: Page): Promise<void> {
  await page.keyboard.press("Tab");
}
