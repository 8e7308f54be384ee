import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { type AdminClient, OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { DESKTOP, launchBrowser, openPage } from "../helpers/browser.ts";
import { addMember } from "../helpers/database.ts";
import { freePort, type Parley, startParley } from "../helpers/parley.ts";
import { signInBrowser, titled } from "./helpers/backoffice.ts";

setDefaultTimeout(60_000);

let browser: Browser;
let parley: Parley;
let operator: AdminClient;
let page: Page;
beforeAll(async () => {
  [browser, parley] = await Promise.all([
    launchBrowser(),
    startParley({
      flags: [
        ...["--offline", "--egress-allow", "models.corp:8000", "--egress-proxy", "http://proxy.corp:3128"],
      ],
    }),
  ]);
  operator = await setUpOwner(parley);
  ({ page } = await openPage(browser, { viewport: DESKTOP }));
  await signInBrowser(page, parley.url, OWNER.email, OWNER.password);
});
afterAll(async () => {
  await browser?.close();
  await parley?.remove();
});

const open = async () => {
  await page.goto(`${parley.url}/#/egress`);
  await titled(page, "Egress");
};

test("the page says what belongs there while nothing was called, and what the settings allow", async () => {
  await open();

  await page.getByRole("heading", { name: "Parley has called nobody yet" }).waitFor();
  await page.getByText("models.corp:8000").waitFor();
  await page.getByText("Parley runs offline").waitFor();
  await page.getByText("go through the proxy proxy.corp:3128").waitFor();
});

test("an operator adds an entry, which is refused in words until it is one, and saves it", async () => {
  await open();
  const entry = page.getByRole("textbox", { name: "Add entry" });

  await entry.fill("https://crm.corp");
  await entry.press("Enter");
  await page.getByText("Write host:port").waitFor();
  await entry.fill("CRM.corp:443");
  await entry.press("Enter");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("It counts from the next call on").waitFor();

  expect(await operator.get("/api/admin/egress")).toMatchObject({ allow: ["crm.corp:443"] });
});

test("what was refused stands in the ledger, once, and is there after a restart", async () => {
  const port = await freePort();
  const [tenant] = (await operator.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;
  const admin = await addMember(parley, tenant?.id ?? "", "admin");
  const settings = { provider: "openai", baseUrl: `http://127.0.0.1:${port}/v1`, model: "m", apiKey: "k" };
  await admin.send("PUT", "/api/admin/llm/config", settings);
  for (const _ of [1, 2]) await admin.send("POST", "/api/admin/llm/test", {});

  const ledger = async () =>
    (await operator.get<{ items: Record<string, unknown>[] }>("/api/admin/egress/ledger")).items;
  const [row, ...others] = await ledger();
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    ...{ destination: `127.0.0.1:${port}`, purpose: "llm", outcome: "refused", calls: 2 },
    ...{ tenant: tenant?.id, tenantName: OWNER.organisation, sentBytes: 0, receivedBytes: 0 },
  });

  await parley.kill9();
  await parley.restart();
  expect(await ledger()).toEqual([row as Record<string, unknown>]);
  await page.goto(parley.url);
  await open();
  await page.getByRole("cell", { name: `127.0.0.1:${port}` }).waitFor();
  await page.getByText("Refused", { exact: true }).waitFor();
});
