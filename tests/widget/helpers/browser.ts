import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { PAGE_HOST, PARLEY_HOST } from "./host-page.ts";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--host-resolver-rules=MAP ${PAGE_HOST} 127.0.0.1, MAP ${PARLEY_HOST} 127.0.0.1`,
];

declare global {
  interface Window {
    /** How the page's shadow roots were asked for, what the content policy stopped, and the widget's events. */
    observed: { shadowModes: string[]; violations: string[]; events: string[] };
    pwned?: unknown;
    parley?: (name: string, ...values: unknown[]) => void;
  }
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ARGUMENTS });
}

export type PageOptions = {
  width?: number;
  height?: number;
  dark?: boolean;
  locale?: string;
  touch?: boolean;
  /** Motion makes text arrive over many frames; most tests look at what is there in the end. */
  motion?: boolean;
};

/** A page whose shadow roots are opened for the test, and which writes down what a page must not see. */
export async function newPage(browser: Browser, options: PageOptions = {}): Promise<Page> {
  const { width = 1440, height = 900, dark = false, locale = "en", touch = false, motion = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: motion ? "no-preference" : "reduce",
    locale,
    hasTouch: touch,
    isMobile: touch,
  });
  context.setDefaultTimeout(8_000);
  await observe(context);
  return context.newPage();
}

async function observe(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const observed = { shadowModes: [], violations: [], events: [] } as Window["observed"];
    window.observed = observed;
    const attachShadow = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) {
      observed.shadowModes.push(init.mode);
      return attachShadow.call(this, { ...init, mode: "open" });
    };
    document.addEventListener("securitypolicyviolation", (event) => {
      observed.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
    for (const name of [
      "ready",
      "open",
      "close",
      "message:sent",
      "message:received",
      "unread",
      "feedback",
      "error",
    ]) {
      addEventListener(`parley:${name}`, () => observed.events.push(name));
    }
  });
}

/** The widget's parts, as a person would name them. */
export function widgetOf(page: Page) {
  return {
    hosts: page.locator("parley-widget"),
    launcher: page.locator(".launcher"),
    panel: page.locator(".panel"),
    field: page.locator(".panel textarea"),
    visitorMessages: page.locator(".visitor .said"),
    answers: page.locator(".assistant .answer"),
    state: page.locator(".panel .state"),
    ask: async (text: string) => {
      await page.locator(".panel textarea").fill(text);
      await page.locator(".panel textarea").press("Enter");
    },
  };
}
