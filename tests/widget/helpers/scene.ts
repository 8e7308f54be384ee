import { afterAll, afterEach, beforeAll } from "bun:test";
import type { Browser, Page } from "playwright-core";
import type { PublicWidgetConfig } from "../../../src/protocol/chat-protocol.ts";
import { launchBrowser, newPage, type PageOptions, widgetOf } from "./browser.ts";
import { type FakeParley, startFakeParley } from "./fake-parley.ts";
import { type HostPage, startHostPages } from "./host-page.ts";
import { type BlockingProxy, type SocketFate, startProxy } from "./proxy.ts";

export type Scene = {
  page: Page;
  parley: FakeParley;
  pages: ReturnType<typeof startHostPages>;
  proxy: BlockingProxy;
  widget: ReturnType<typeof widgetOf>;
  errors: string[];
  /** Addresses that the browser asked for and that are neither the page's nor Parley's. */
  strangers: string[];
};

type SceneOptions = PageOptions & {
  host?: HostPage;
  config?: Partial<PublicWidgetConfig>;
  down?: boolean;
  /** Between the page and Parley stands a proxy that does this with sockets. */
  sockets?: SocketFate;
};

/** One browser for the tests of a file; each scene has its own Parley, host page and visitor. */
export function useScenes() {
  let browser: Browser;
  const ends: (() => unknown)[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  return async ({
    host = {},
    config,
    down = false,
    sockets = "passed",
    ...options
  }: SceneOptions = {}): Promise<Scene> => {
    const parley = await startFakeParley(config);
    const proxy = await startProxy(parley.port, sockets);
    const pages = startHostPages(proxy.port);
    pages.show(host);
    const page = await newPage(browser, options);
    ends.push(parley.stop, proxy.close, pages.stop, () => page.context().close());
    const errors: string[] = [];
    const strangers: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("request", (request) => {
      const { hostname } = new URL(request.url());
      if (!["intranet.test", "chat.test"].includes(hostname)) strangers.push(request.url());
    });
    if (down) parley.stop();
    await page.goto(pages.address);
    return { page, parley, proxy, pages, widget: widgetOf(page), errors, strangers };
  };
}

/** Another tab of the same visitor, with the panel open. */
export async function openTab({ page, pages }: Scene) {
  const tab = await page.context().newPage();
  await tab.goto(pages.address);
  const widget = widgetOf(tab);
  await widget.launcher.click();
  await widget.field.waitFor();
  return { page: tab, widget };
}

/** Opens the panel and waits until it talks to Parley. */
export async function openPanel({ widget }: Scene): Promise<void> {
  await widget.launcher.click();
  await widget.field.waitFor();
}
