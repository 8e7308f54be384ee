/** Chromium as a visitor or an admin has it, with a record of all that a page should not do. */
import { hostname, networkInterfaces } from "node:os";
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
  type Page,
} from "playwright-core";

/** Names that the browser maps to this machine: plain HTTP on one of them is no secure context. */
export const INTRANET_HOST = "intranet.test";
export const CANARY_HOST = "canary.test";

/** Debian's Chromium, quiet: nothing of it looks for the internet. */
export const CHROMIUM: LaunchOptions = {
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--host-resolver-rules=MAP ${INTRANET_HOST} 127.0.0.1, MAP ${CANARY_HOST} 127.0.0.1, MAP ${hostname()} 127.0.0.1`,
  ],
};

export function launchBrowser(): Promise<Browser> {
  return chromium.launch(CHROMIUM);
}

/** An address of this machine that is not loopback, or where there is none, its name. */
export function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? hostname();
}

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export type Observed = {
  page: Page;
  /** Errors on the console, uncaught ones and violations of a content security policy. */
  complaints: string[];
  /** Addresses of everything the page asked for, sockets too. */
  requests: string[];
  /** Frames that a server sent over sockets, parsed. */
  frames: Record<string, unknown>[];
};

/** A page in a context of its own: no cookie or storage of another one. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Observed> {
  const context = await browser.newContext({
    viewport: DESKTOP,
    locale: "en",
    reducedMotion: "reduce",
    ...options,
  });
  // How long a step may take on a machine that is busy with other tests; none should need it.
  context.setDefaultTimeout(15_000);
  await context.addInitScript({ content: OPEN_SHADOW_ROOTS + REPORT_VIOLATIONS });
  return observe(await context.newPage());
}

/** Another tab beside `page`, with the same cookies and storage. */
export async function openTab(page: Page): Promise<Observed> {
  return observe(await page.context().newPage());
}

function observe(page: Page): Observed {
  const observed: Observed = { page, complaints: [], requests: [], frames: [] };
  page.on("console", (said) => said.type() === "error" && observed.complaints.push(said.text()));
  page.on("pageerror", (error) => observed.complaints.push(String(error.stack ?? error.message)));
  page.on("request", (request) => /^(https?):/.test(request.url()) && observed.requests.push(request.url()));
  page.on("websocket", (socket) => {
    observed.requests.push(socket.url());
    socket.on("framereceived", ({ payload }) => observed.frames.push(JSON.parse(String(payload))));
  });
  return observed;
}

/** Origins that were asked for anything, sockets counted as the pages they belong to. */
export function originsOf(requests: readonly string[]): string[] {
  return [...new Set(requests.map((address) => new URL(address.replace(/^ws/, "http")).origin))];
}

/** The product has no switch for it, and needs none: this runs before its script does. */
const OPEN_SHADOW_ROOTS = `
  {
    const attachShadow = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) {
      return attachShadow.call(this, { ...init, mode: "open" });
    };
  }`;

const REPORT_VIOLATIONS = `
  addEventListener("securitypolicyviolation", (event) => {
    console.error("violation of " + event.effectiveDirective + ": " + event.blockedURI + " " + event.sample);
  });`;
