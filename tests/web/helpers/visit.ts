import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Scenario } from "./fake-api.ts";
import { type FakeServer, startFake } from "./fake-server.ts";

export type Visit = { page: Page; fake: FakeServer; close: () => Promise<void> };
type Wishes = {
  width?: number;
  scenario?: Scenario;
  /** Changes what the server has, before the page asks for it. */
  prepare?: (server: FakeServer) => void;
};

/** A page of the backoffice in a browser of its own, over canned answers. */
export async function visit(browser: Browser, address: string, wishes: Wishes = {}): Promise<Visit> {
  const { width = 1440, scenario = "typical", prepare } = wishes;
  const fake = await startFake(scenario);
  prepare?.(fake);
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height: 844 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto(`${fake.url}/#/${address}`);
  const close = async () => {
    await context.close();
    await fake.stop();
  };
  return { page, fake, close };
}
