import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "./helpers/browser.ts";
import { aConversation } from "./helpers/sample-data.ts";
import { type Visit, visit } from "./helpers/visit.ts";

setDefaultTimeout(60_000);

let browser: Browser;
let current: Visit;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(() => current.close());

async function open(address: string, width = 1440): Promise<Page> {
  current = await visit(browser, address, { width });
  return current.page;
}

const calls = (call: string) => current.fake.state.calls.filter((each) => each.call === call);
const pane = (page: Page) => page.getByRole("complementary", { name: "Conversation" });
const titles = (page: Page) => page.locator("a.row-link").allInnerTexts();

describe("the reading pane", () => {
  test("shows beside the list what is pressed, goes along with j and k, and takes marks", async () => {
    const page = await open("conversations");
    await page.getByRole("link", { name: /hotel in Zurich/ }).click();
    await pane(page)
      .getByRole("heading", { name: /hotel in Zurich/ })
      .waitFor();
    await page.waitForURL(/conversations\?open=cnv_1$/);

    await page.keyboard.press("j");
    await pane(page)
      .getByRole("heading", { name: /new badge/ })
      .waitFor();
    await pane(page).getByText("Flagged: The badge office moved last week").waitFor();
    await page.keyboard.press("j");
    await pane(page)
      .getByRole("heading", { name: /travel insurance/ })
      .waitFor();
    await page.keyboard.press("f");
    await page.getByRole("textbox", { name: "Reason" }).fill("Wrong policy");
    await page.keyboard.press("Enter");
    await pane(page).getByText("Flagged: Wrong policy").waitFor();
    expect(calls("PATCH /api/admin/conversations/cnv_3").map(({ body }) => body)).toEqual([
      { flagged: true, flagReason: "Wrong policy" },
    ]);

    await pane(page).getByRole("button", { name: "More to do with this conversation" }).click();
    await page.getByRole("menuitem", { name: "Write a note" }).click();
    await page.getByRole("textbox", { name: "Note" }).fill("Ask Ada");
    await page.getByRole("button", { name: "Save note" }).click();
    await pane(page).getByText("Ask Ada").waitFor();
    await page.goBack();
    await pane(page).waitFor({ state: "detached" });
  });

  test("is a page of its own on a phone, and what is printed is what was said", async () => {
    const page = await open("conversations?open=cnv_1", 390);
    await page.getByRole("link", { name: /hotel in Zurich/ }).click();
    await page.getByRole("heading", { name: /hotel in Zurich/, level: 1 }).waitFor();

    await page.emulateMedia({ media: "print" });
    expect(await page.getByText("Breakfast is part of the limit if").isVisible()).toBe(true);
    const pressed = await page.getByRole("button").evaluateAll((all) => all.map((each) => each.ariaLabel));
    expect(pressed.filter((label) => !label?.startsWith("Source"))).toEqual([]);
  });
});

describe("conversations", () => {
  test("are filtered by marks, which the address keeps, and deleted as they match, with one undo", async () => {
    const page = await open("conversations");
    await page.getByRole("link", { name: /travel insurance/ }).waitFor();
    await page.getByRole("button", { name: "More filters" }).click();
    await page.getByRole("button", { name: "Flagged", exact: true }).click();
    await page.waitForURL(/\?flagged=true$/);
    await page.getByRole("link", { name: /travel insurance/ }).waitFor({ state: "detached" });
    await page.getByLabel("Language").selectOption({ label: "German" });
    await page.getByLabel("From", { exact: true }).fill("2026-11-01");
    await page.waitForURL(/\?from=2026-11-01&flagged=true&language=deu$/);
    await page.reload();
    await page.getByRole("button", { name: "Flagged", exact: true, pressed: true }).waitFor();
    expect(await page.getByLabel("From", { exact: true }).inputValue()).toBe("2026-11-01");
    await page.goBack();
    await page.waitForURL(/\?flagged=true&language=deu$/);

    await page.getByRole("button", { name: "Clear these filters" }).click();
    await page.getByLabel("Search conversations").fill("vpn");
    await page.waitForURL(/\?q=vpn$/);
    await page.getByRole("button", { name: "Export and delete" }).click();
    await page.getByRole("menuitem", { name: "Delete what matches" }).click();
    await page.getByText("Deleted 1 conversation").waitFor();
    expect(calls("POST /api/admin/conversations/delete").map(({ body }) => body)).toEqual([
      { filter: { q: "vpn" } },
    ]);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("link", { name: "VPN on a personal phone" }).waitFor();
  });

  test("are selected and deleted together", async () => {
    const page = await open("conversations");
    await page.getByLabel(/^Select VPN/).check();
    await page.getByLabel(/^Select Does the travel/).check();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("Deleted 2 conversations").waitFor();
    expect(await titles(page)).toHaveLength(2);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("link", { name: /VPN/ }).waitFor();
  });

  test("are kept for the days that are said, an empty field for ever", async () => {
    const page = await open("conversations");
    await page.getByRole("button", { name: "Export and delete" }).click();
    await page.getByRole("menuitem", { name: "How long they are kept" }).click();
    const dialog = page.getByRole("dialog", { name: "How long conversations are kept" });
    await dialog.getByLabel("Conversations").fill("");
    await dialog.getByLabel("How answers came about").fill("30");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    expect(calls("PUT /api/admin/retention").map(({ body }) => body)).toEqual([
      { conversationDays: null, traceDays: 30 },
    ]);
  });

  test("that are new do not move the row that somebody is on", async () => {
    const page = await open("conversations");
    await page.getByRole("link", { name: /travel insurance/ }).focus();
    const before = await titles(page);
    const arrived = aConversation({
      id: "cnv_9",
      title: "Is there a bus?",
      updatedAt: new Date().toISOString(),
    });
    current.fake.state.conversations.unshift(arrived);
    current.fake.say({ type: "conversation", conversation: arrived });

    const waiting = page.getByRole("button", { name: "1 new conversation" });
    await waiting.waitFor();
    expect(await titles(page)).toEqual(before);
    await waiting.click();
    await page.getByRole("link", { name: "Is there a bus?" }).waitFor();
    expect((await titles(page))[0]).toBe("Is there a bus?");
    await waiting.waitFor({ state: "detached" });
  });
});
