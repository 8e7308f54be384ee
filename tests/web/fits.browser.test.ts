import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./helpers/browser.ts";
import { type Visit, visit } from "./helpers/visit.ts";

setDefaultTimeout(60_000);

const LONG =
  "Verzeichnis der Verarbeitungstätigkeiten nach der Datenschutzgrundverordnung für die Niederlassung Rotterdam " +
  "einschließlich aller Unterauftragnehmer und deren Anlagen, Fassung vom Oktober 2026";

let browser: Browser;
let current: Visit;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

afterEach(() => current.close());

async function openWithLongName(address: string, width?: number) {
  current = await visit(browser, address, {
    ...(width !== undefined && { width }),
    prepare: ({ state }) => {
      state.sources = state.sources.map((source) =>
        source.id === "src_1"
          ? { ...source, title: LONG, filename: `${LONG.replaceAll(" ", "_")}.pdf` }
          : source,
      );
    },
  });
  return current.page;
}

for (const width of [360, 390]) {
  test(`the tabs of a phone fit at ${width} px, for an operator too, and the others are behind More`, async () => {
    current = await visit(browser, "", { width });
    const { page } = current;
    const bar = page.locator(".tabbar");
    await bar.getByRole("button", { name: "More pages" }).waitFor();
    const cut = await bar.evaluate((element) =>
      [...element.querySelectorAll("span")].filter((span) => span.scrollWidth > span.clientWidth).map(String),
    );
    expect(cut).toEqual([]);
    expect(await bar.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    await bar.getByRole("button", { name: "More pages" }).click();
    await page.getByRole("menuitem", { name: "Search models" }).click();
    await page.getByRole("heading", { name: "Search models", exact: true }).waitFor();
  });
}

test("selecting a row moves no column", async () => {
  const page = await openWithLongName("knowledge");
  const lefts = () =>
    page
      .locator("tr[data-id=src_2] td")
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().x));
  await page.getByRole("link", { name: "Price list Q4" }).waitFor();
  const before = await lefts();
  await page.getByLabel("Select Price list Q4").check();
  await page.getByText("1 selected").waitFor();
  expect(await lefts()).toEqual(before);
});

test("a long name takes two lines in the list, and stands whole on its own page", async () => {
  const page = await openWithLongName("knowledge");
  const link = page.getByRole("link", { name: LONG });
  await link.waitFor();
  const lines = await link.evaluate(
    (element) => element.clientHeight / Number.parseFloat(getComputedStyle(element).lineHeight),
  );
  expect(Math.round(lines)).toBe(2);
  await link.click();
  const heading = page.getByRole("heading", { name: LONG });
  await heading.waitFor();
  expect(
    await heading.evaluate((element) => element.scrollHeight - element.clientHeight),
  ).toBeLessThanOrEqual(1);
});

for (const width of [390, 1440]) {
  test(`the palette shows a long title whole at ${width} px`, async () => {
    const page = await openWithLongName("", width);
    await page.getByRole("heading", { name: "Home" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").waitFor();
    await page.keyboard.type("Verzeichnis");
    const title = page.getByRole("option", { name: /Verzeichnis der/ }).locator(".label");
    await title.waitFor();
    expect(
      await title.evaluate((element) => [
        element.scrollWidth - element.clientWidth,
        getComputedStyle(element).overflow,
      ]),
    ).toEqual([0, "visible"]);
  });
}
