/** The pages of identity and API keys against the fake server. */
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "./helpers/browser.ts";
import type { Scenario } from "./helpers/fake-api.ts";
import { SHOWN_ONCE } from "./helpers/fake-vouching.ts";
import { type Visit, visit } from "./helpers/visit.ts";

setDefaultTimeout(60_000);

let browser: Browser;
let current: Visit;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(() => current.close());

async function open(address: string, scenario: Scenario = "typical"): Promise<Page> {
  current = await visit(browser, address, { scenario });
  return current.page;
}
const calls = (call: string) => current.fake.state.calls.filter((each) => each.call === call);

describe("the page of API keys", () => {
  test("says what they are for, and shows a new one once, with the configuration that carries it", async () => {
    const page = await open("api-keys", "empty");
    await page.getByRole("button", { name: "Add the first key" }).click();
    const dialog = page.getByRole("dialog", { name: "Add key" });
    await dialog.getByRole("button", { name: "Make the key" }).click();
    await dialog.getByText("Say what will use the key.").waitFor();
    expect(calls("POST /api/admin/api-keys")).toEqual([]);
    await dialog.getByRole("textbox", { name: "Name" }).fill("Desk assistant");
    await dialog.getByText("Until revoked").click();
    await dialog.getByRole("button", { name: "Make the key" }).click();

    expect(await dialog.getByLabel("Key of Desk assistant").inputValue()).toBe(SHOWN_ONCE.key);
    const configuration = JSON.parse(await dialog.getByLabel("Configuration").inputValue());
    expect(configuration.mcpServers.parley).toEqual({
      ...{ type: "http", url: "http://chat-server:8080/mcp" },
      headers: { Authorization: `Bearer ${SHOWN_ONCE.key}` },
    });
    expect(calls("POST /api/admin/api-keys").at(-1)?.body).toEqual({
      ...{ name: "Desk assistant", scopes: ["mcp"], expiresAt: null },
    });
    await dialog.getByRole("button", { name: "I have copied it" }).click();
    await page.getByRole("row", { name: /Desk assistant.*Knowledge over MCP.*Never/ }).waitFor();
    expect(await page.content()).not.toContain(SHOWN_ONCE.key);
    expect(await page.getByLabel("Configuration").inputValue()).toContain("Bearer prl_…");
  });

  test("says to each program what its key opens, and under which name the assistant is a model", async () => {
    const page = await open("api-keys");
    await page.getByRole("heading", { name: "The assistant, as a model" }).waitFor();
    expect(await page.getByLabel("Base address").inputValue()).toBe("http://chat-server:8080/v1");
    expect(await page.getByLabel("Model", { exact: true }).inputValue()).toBe("acme-logistics");

    await page.getByRole("button", { name: "Add key" }).click();
    const dialog = page.getByRole("dialog", { name: "Add key" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Desk assistant");
    await dialog.getByRole("button", { name: "Make the key" }).click();
    await dialog.getByLabel("Configuration").waitFor();
    expect(await dialog.getByLabel("Base address").count()).toBe(0);
  });

  test("revokes one only once its name was typed, and tells those that are over", async () => {
    const page = await open("api-keys");
    await page.getByRole("row", { name: /Rindfleisch.*Expired/ }).waitFor();
    const row = page.getByRole("row", { name: /Desk assistant of sales/ });
    await row.getByRole("button", { name: "Revoke" }).click();
    const dialog = page.getByRole("dialog", { name: "Revoke the key" });
    expect(await dialog.getByRole("button", { name: "Revoke key" }).isDisabled()).toBe(true);
    await dialog.getByRole("textbox").fill("Desk assistant of sales");
    await dialog.getByRole("button", { name: "Revoke key" }).click();
    await row.waitFor({ state: "detached" });
    expect(calls("DELETE /api/admin/api-keys/key_1")).toHaveLength(1);
  });
});

describe("the page of identity", () => {
  test("says what it is for, shows the first secret once, and how to sign with it in several languages", async () => {
    const page = await open("identity", "empty");
    await page.getByRole("heading", { name: "Nobody vouches for visitors yet" }).waitFor();
    await page.getByRole("button", { name: "Make the secret" }).click();
    const secret = page.getByRole("textbox", { name: "Secret", exact: true });
    expect(await secret.inputValue()).toBe(SHOWN_ONCE.secret);
    const code = page.getByRole("textbox", { name: "Code" });
    for (const [language, word] of Object.entries({
      PHP: "hash_hmac(",
      Python: "hmac.new(",
      "C#": "HMACSHA256",
    })) {
      await page.getByText(language, { exact: true }).click();
      expect(await code.inputValue()).toContain(word);
    }
    await page.reload();
    await page.getByText("not yet").first().waitFor();
    expect(await secret.count()).toBe(0);
  });

  test("tells of the secret before, and ends it at once only for who means it", async () => {
    const page = await open("identity");
    await page.getByText("Some page still signs with the secret before.").waitFor();
    await page.getByRole("button", { name: "Replace at once…" }).click();
    const dialog = page.getByRole("dialog", { name: "Replace the secret at once" });
    await dialog.getByRole("textbox").fill("Acme Logistics");
    await dialog.getByRole("button", { name: "Replace at once" }).click();
    await page.getByRole("textbox", { name: "Secret", exact: true }).waitFor();
    await page.getByText("Some page still signs").waitFor({ state: "detached" });
    expect(calls("POST /api/admin/identity/secret").at(-1)?.body).toEqual({ immediately: true });
  });

  test("says what is wrong with a token that is pasted, and whose one is that is right", async () => {
    const page = await open("identity");
    const token = page.getByRole("textbox", { name: "Token" });
    await token.fill(" wrong\n");
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByText("without its beginning “pis_”").waitFor();
    await page.getByText("divide it by 1000").waitFor();
    expect(calls("POST /api/admin/identity/check").at(-1)?.body).toEqual({ token: "wrong" });
    await token.fill("right");
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByText("the visitor is Fiona Marsh, of hr, sales").waitFor();
    await page.getByText("Give the page the present one.").waitFor();
  });
});
