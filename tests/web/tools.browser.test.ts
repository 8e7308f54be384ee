/** What tools did, and the chat in which one is tried, against the fake server. */
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

async function open(address: string, width = 1440): Promise<Page> {
  current = await visit(browser, address, { width });
  return current.page;
}
const calls = (call: string) => current.fake.state.calls.filter((each) => each.call === call);

describe("what tools did", () => {
  test("stands in the list: calls, failures, times, by whom and when last", async () => {
    const page = await open("tools");
    await page
      .getByRole("row", {
        name: /State of an order 1.*On 1,283.*1 failed 12 ms · 1.48 s 1,199 by visitors, 84 by programs 1 h ago/,
      })
      .waitFor();
    await page.getByRole("row", { name: /ausloesen.*Off 0 – – never/ }).waitFor();
  });

  test("stands on its page, where a call leads to the answer that made it", async () => {
    const page = await open("tools/tol_1");
    const figures = page.getByRole("region", { name: "What it did" });
    await figures.getByText("1,199 by visitors, 84 by programs").waitFor();
    await figures.getByText("3 times").waitFor();
    await figures.getByText("The latest calls").click();
    const table = figures.getByRole("table");
    expect(await table.getByRole("row").allInnerTexts()).toEqual([
      expect.stringMatching(/^By/),
      expect.stringMatching(/^Ada Lovelace\s+Done\s+12 ms/),
      expect.stringMatching(/^A visitor\s+Failed TOOL_TIMEOUT\s+5\.00 s/),
      expect.stringMatching(/^Desk assistant of sales\s+Done/),
      expect.stringMatching(/^Fiona Marsh, trying it\s+Failed INVALID_ARGUMENT/),
    ]);
    await table.getByRole("link", { name: "Ada Lovelace" }).click();
    await page.getByRole("region", { name: "Why this answer" }).waitFor();
    expect(new URL(page.url()).hash).toBe("#/conversations/cnv_1?answer=msg_2");
  });

  test("is an invitation to ask it where nobody has", async () => {
    const page = await open("tools/tol_2");
    await page.getByText("Nobody has used it yet.").waitFor();
  });
});

describe("beside the editor of a tool", () => {
  test("a question shows the answer, and with what the tool was called", async () => {
    const page = await open("tools/tol_1");
    const chat = page.getByRole("complementary", { name: "Ask it" });
    await chat.getByRole("button", { name: "Where is order 4711?" }).click();
    await chat.getByText("Order 4711 is shipped.").waitFor();
    await chat.getByText("called, 12 ms").click();
    await chat.getByText('{"order":"4711"}').waitFor();
    expect(calls("POST /api/admin/knowledge/answer").at(-1)?.body).toEqual({
      ...{ question: "Where is order 4711?", tool: "tol_1", visitor: null },
    });

    await chat.getByRole("textbox", { name: "Question" }).fill("Who are you?");
    await page.keyboard.press("Enter");
    await chat.getByText("The tool was not called. Nothing in the knowledge bears on the question").waitFor();
    expect(await chat.getByText("Order 4711 is shipped.").count()).toBe(1);
    await page.getByRole("textbox", { name: "Description" }).fill("Another one");
    await chat.getByText("Your changes are not saved yet: it is asked without them.").waitFor();
  });

  test("what changes something is done only once whoever tries it has confirmed it", async () => {
    const page = await open("tools/tol_2");
    const chat = page.getByRole("complementary", { name: "Ask it" });
    await chat.getByText("although it is off").waitFor();
    await chat.getByRole("button", { name: "Where is order 4711?" }).click();
    await chat.getByText("This tool is not for such a visitor.").waitFor();
    await chat.getByRole("textbox", { name: "Visitor's groups" }).fill("sales");
    await chat.getByRole("textbox", { name: "Question" }).fill("Cancel order 4711");
    await chat.getByRole("button", { name: "Ask", exact: true }).click();

    await chat.getByText("asked for, not run").waitFor();
    expect(calls("POST /api/admin/tools/tol_2/run")).toEqual([]);
    await chat.getByRole("button", { name: "Confirm and do it" }).click();
    await chat.getByText("Done, with 1 row in 31 ms.").waitFor();
    expect(calls("POST /api/admin/tools/tol_2/run").at(-1)?.body).toEqual({
      arguments: { order: "4711" },
      visitor: { id: "visitor", email: null, groups: ["sales"] },
    });
    expect(await chat.getByRole("button", { name: "Confirm and do it" }).count()).toBe(0);
  });

  test("and on a phone over it", async () => {
    const page = await open("tools/tol_1", 390);
    await page.getByRole("button", { name: "Ask it" }).click();
    const sheet = page.getByRole("dialog", { name: "Ask it" });
    await sheet.getByRole("button", { name: "Where is order 4711?" }).click();
    await sheet.getByText("Order 4711 is shipped.").waitFor();
    expect(await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  });
});
