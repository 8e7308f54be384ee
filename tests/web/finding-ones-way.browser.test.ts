import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "./helpers/browser.ts";
import { type Visit, visit } from "./helpers/visit.ts";

setDefaultTimeout(60_000);

let browser: Browser;
let current: Visit;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

afterEach(() => current.close());

async function open(address: string, width?: number): Promise<Page> {
  current = await visit(browser, address, width ? { width } : {});
  return current.page;
}

/** What has the focus, as a reading voice would say it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
  });

describe("why this answer", () => {
  for (const width of [390, 1024]) {
    test(`opens over the page at ${width} px, and closes back to where it was asked for`, async () => {
      const page = await open("conversations/cnv_1", width);
      const why = page.getByRole("button", { name: "Why this answer" }).last();
      await why.waitFor();
      expect(await page.getByRole("table", { name: "Where the time went" }).count()).toBe(0);
      await why.click();
      const sheet = page.getByRole("dialog", { name: "Why this answer" });
      await sheet.getByRole("table", { name: "Where the time went" }).waitFor();
      expect(await sheet.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
      await page.keyboard.press("Escape");
      await sheet.waitFor({ state: "detached" });
      expect(await focused(page)).toBe("Why this answer");
    });
  }

  test("tells where the time went in rows with a heading each", async () => {
    const page = await open("conversations/cnv_1");
    const rows = page.getByRole("table", { name: "Where the time went" }).getByRole("row");
    await rows.first().waitFor();
    for (const row of await rows.all()) {
      expect(await row.getByRole("rowheader").count()).toBe(1);
      expect(await row.getByRole("cell").count()).toBe(1);
    }
  });
});

describe("the address", () => {
  test("keeps search and filters over a reload, and Back undoes a filter", async () => {
    const page = await open("conversations");
    await page.getByRole("button", { name: "Found nothing" }).click();
    await page.getByLabel("Search conversations").fill("badge");
    await page.waitForURL(/#\/conversations\?q=badge&outcome=abstained$/);
    await page.reload();
    await page.getByLabel("Search conversations").waitFor();
    expect(await page.getByLabel("Search conversations").inputValue()).toBe("badge");
    expect(await page.getByRole("button", { name: "Found nothing" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    const asked = current.fake.state.calls.filter(({ call }) => call === "GET /api/admin/conversations");
    expect(asked.length).toBeGreaterThan(0);
    await page.goBack();
    await page.waitForURL(/#\/conversations$/);
    await page.getByRole("button", { name: "All", pressed: true }).waitFor();
    expect(await page.getByLabel("Search conversations").inputValue()).toBe("");
  });

  test("leads from a row back to the list as it was narrowed and sorted", async () => {
    const page = await open("knowledge?status=ready&sort=title");
    await page.getByRole("link", { name: "Travel policy" }).click();
    await page.getByRole("navigation", { name: "Where you are" }).getByRole("link").click();
    await page.waitForURL(/#\/knowledge\?status=ready&sort=title$/);
    await page.getByRole("button", { name: /^Ready/, pressed: true }).waitFor();
    await page.getByRole("columnheader", { name: "Name" }).and(page.locator("[aria-sort]")).waitFor();
  });

  test("with a filter that does not exist shows the whole list", async () => {
    const page = await open("quality?state=nonsense");
    await page.getByRole("button", { name: /^All/, pressed: true }).waitFor();
  });
});

describe("the focus", () => {
  test("goes to the page that was gone to, and to the row that one comes back to", async () => {
    const page = await open("");
    await page.getByRole("link", { name: /^Knowledge/ }).click();
    await page.getByRole("main", { name: "Knowledge" }).and(page.locator(":focus")).waitFor();
    const row = page.getByRole("link", { name: "Travel policy" });
    await row.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("main", { name: "Travel policy" }).and(page.locator(":focus")).waitFor();
    await page.goBack();
    await row.and(page.locator(":focus")).waitFor();
  });

  test("stays beside what was deleted", async () => {
    const page = await open("knowledge");
    await page.getByLabel("Select Travel policy").check();
    await page.getByRole("button", { name: "Delete" }).press("Enter");
    await page.getByRole("link", { name: "Travel policy" }).waitFor({ state: "detached" });
    expect(await focused(page)).toBe("Select all that are shown");

    await page.getByRole("link", { name: /^Widget/ }).click();
    const removes = page.getByRole("group", { name: "Suggested questions" }).getByRole("button", {
      name: /^Remove/,
    });
    await removes.last().press("Enter");
    expect(await focused(page)).toStartWith("Remove ");
  });

  test("is on the list after a conversation was deleted on its own page", async () => {
    const page = await open("conversations/cnv_4");
    await page.getByRole("button", { name: "Delete" }).press("Enter");
    await page.getByRole("main", { name: "Conversations" }).and(page.locator(":focus")).waitFor();
  });
});

describe("names", () => {
  test("of what can be pressed begin with what is written on it, on every page", async () => {
    const page = await open("");
    for (const narrow of [false, true]) {
      if (narrow) await page.getByRole("button", { name: "Show only icons" }).click();
      for (const address of [
        "",
        "conversations",
        "conversations/cnv_1",
        "knowledge",
        "models",
        "widget",
        "quality",
        "model",
      ]) {
        await page.evaluate((hash) => {
          location.hash = `#/${hash}`;
        }, address);
        await page.locator("#page h1").first().waitFor();
        const wrong = await page.evaluate(() => {
          const plain = (text: string) => text.toLowerCase().replace(/\s+/g, " ").trim();
          // biome-ignore lint/performance/useDomNodeTextContent: what is not shown must not count
          const written = (element: HTMLElement) => element.innerText;
          return [...document.querySelectorAll<HTMLElement>("[aria-label]:is(a, button, input, summary)")]
            .map((element) => {
              const hidden = [...element.querySelectorAll<HTMLElement>("[aria-hidden=true]")].map(written);
              const said = hidden.reduce((text, part) => text.replace(part, ""), written(element));
              return { name: plain(element.ariaLabel ?? ""), said: plain(said) };
            })
            .filter(({ name, said }) => !name.includes(said));
        });
        expect([address, wrong]).toEqual([address, []]);
      }
    }
  });
});
