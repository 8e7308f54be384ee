/** An admin makes tools of an API in the backoffice: its credential, one call by hand, and its own description. */
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import type { ConnectionView } from "../../src/protocol/admin-api/connections.ts";
import { type AdminClient, OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { launchBrowser, openPage } from "../helpers/browser.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { goTo, save, signInBrowser, titled } from "./helpers/backoffice.ts";

setDefaultTimeout(60_000);

type Tool = { id: string; name: string; enabled: boolean; effect: string; credential: string | null };

const TOKEN = "zanzibar-token";
const LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzbeauftragtenausweis lesen";
const asked: string[] = [];
const api = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request): Response {
    const { pathname, search } = new URL(request.url);
    if (pathname === "/openapi.json") return Response.json(DESCRIPTION);
    asked.push(`${request.method} ${pathname}${search} ${request.headers.get("authorization") ?? ""}`);
    return Response.json({ order: { state: "shipped", total: 12.5 } });
  },
});
const API: string = `http://127.0.0.1:${api.port}`;
const ID = [{ name: "id", in: "path", required: true, schema: { type: "string" } }];
const DESCRIPTION = {
  ...{ openapi: "3.1.0", info: { title: "ERP", version: "2" }, servers: [{ url: API }] },
  paths: {
    "/orders/{id}": {
      get: { summary: "Read an order", parameters: ID },
      delete: { summary: "Cancel an order", parameters: ID },
    },
    "/passes/{id}": { get: { summary: LONG, parameters: ID } },
    "/upload": { post: { summary: "Upload a file", requestBody: { content: { "image/png": {} } } } },
  },
};

/** A connection that the page is told of. */
const WAREHOUSE = {
  ...{
    id: "dbc_1",
    name: "Warehouse",
    type: "postgres",
    host: "db.example",
    port: 5432,
    database: "stock",
  },
  ...{
    username: "reader",
    tls: "off",
    ca: null,
    masks: [],
    schemaAccess: { enabled: false, tables: [], audience: "everyone" },
    state: "ready",
    problem: null,
  },
  ...{ password: { set: true }, passwordProblem: null, serverVersion: "PostgreSQL 15" },
  ...{ checkedAt: null, createdAt: "2026-11-27T09:00:00Z", updatedAt: "2026-11-27T09:00:00Z" },
} satisfies ConnectionView;

let browser: Browser;
let parley: Parley;
let owner: AdminClient;
let page: Page;
let complaints: string[];
beforeAll(async () => {
  [browser, parley] = await Promise.all([
    launchBrowser(),
    startParley({ flags: ["--egress-allow", `127.0.0.1:${api.port}`] }),
  ]);
  owner = await setUpOwner(parley);
  ({ page, complaints } = await openPage(browser));
  await signInBrowser(page, parley.url, OWNER.email, OWNER.password);
});
beforeEach(() => {
  complaints.length = 0;
});
afterAll(async () => {
  await browser?.close();
  await parley?.remove();
  await api.stop(true);
});

const toolsOf = async () => (await owner.get<{ items: Tool[] }>("/api/admin/tools")).items;

test("a credential is added, and its secret is replaced but never read", async () => {
  await goTo(page, "Credentials");
  await page.getByRole("heading", { name: "No API lets Parley in yet" }).waitFor();
  await page.getByRole("link", { name: "Add the first credential" }).click();
  await titled(page, "New credential");
  await page.getByLabel("Name", { exact: true }).fill("ERP");
  await page.getByLabel("Token", { exact: true }).fill("an-old-token");
  await page.getByRole("textbox", { name: "Add host" }).fill("erp");
  await page.keyboard.press("Enter");
  await page.getByText("Write host:port, such as").waitFor();
  await page.getByRole("textbox", { name: "Add host" }).fill(`127.0.0.1:${api.port}`);
  await page.keyboard.press("Enter");
  await save(page);
  await titled(page, "ERP");
  await page.getByText("Nothing uses it.").waitFor();

  await page.getByRole("button", { name: "Replace" }).click();
  await page.getByLabel("Token", { exact: true }).fill(TOKEN);
  await save(page);

  expect(await page.content()).not.toContain(TOKEN);
  expect(complaints).toEqual([]);
});

test("a call is written, looked at, tried with what fits, and saved", async () => {
  await goTo(page, "Tools");
  await page.getByRole("button", { name: "Add tool" }).click();
  await page.getByRole("menuitem", { name: "API call" }).click();
  await titled(page, "New API call");
  await page.getByLabel("What it looks up").fill("Orders in ERP");
  await page.getByLabel("Description").fill("State of an order, by its number.");
  await page.getByRole("textbox", { name: "Address" }).fill(`${API}/orders/{order}?lang={lang}`);
  await page.getByRole("combobox", { name: "Credential" }).selectOption("ERP");
  await page.getByLabel("Where the rows are").fill("$.order");
  await page.getByText("{order}, {lang}").waitFor();
  await page.getByRole("button", { name: "Add all of them" }).click();
  const order = page.getByRole("group", { name: "{order}" });
  expect(await order.getByLabel("Goes into").inputValue()).toBe("path");
  await order.getByLabel("Kind").selectOption("integer");
  await order.getByLabel("What it is, in words").fill("Number of the order");
  const lang = page.getByRole("group", { name: "{lang}" });
  await lang.getByLabel("Required").uncheck();
  await lang.getByLabel("Taken where none is given").fill("en");

  const trial = page.getByRole("region", { name: "Try it" });
  await trial.getByLabel("Number of the order").fill("x");
  await trial.getByRole("button", { name: "Run" }).click();
  await trial.getByText("It must be a whole number.").waitFor();
  await trial.getByLabel("Number of the order").fill("4711");
  await trial.getByRole("button", { name: "Show the call" }).click();
  await trial.getByText(`GET ${API}/orders/4711?lang=en`).waitFor();
  expect(asked).toEqual([]);
  await trial.getByRole("button", { name: "Run" }).click();
  await trial.getByRole("cell", { name: "shipped" }).waitFor();
  expect(asked).toEqual([`GET /orders/4711?lang=en Bearer ${TOKEN}`]);
  await trial.getByRole("button", { name: "Label these columns" }).click();
  await page.getByRole("group", { name: "total" }).getByLabel("Unit").fill("EUR");
  await page.getByLabel("Where the rows are").fill("order");
  await trial.getByRole("button", { name: "Run" }).click();
  await page.getByText("This is no JSONPath. One looks like $.items").first().waitFor();
  await page.getByLabel("Where the rows are").fill("$.order");
  await page.getByRole("radio", { name: "May use it" }).check();
  await save(page);

  await titled(page, "Orders in ERP");
  expect(await toolsOf()).toMatchObject([
    {
      ...{ name: "orders_in_erp", type: "rest_api", method: "GET", responsePath: "$.order", effect: "read" },
      sharedOverMcp: true,
      parameters: [
        { name: "order", type: "integer", in: "path", required: true },
        { name: "lang", in: "query", required: false, default: "en" },
      ],
      columns: [{ name: "state" }, { name: "total", unit: "EUR" }],
    },
  ]);
});

test("a credential in use names its tools and stays", async () => {
  await goTo(page, "Credentials");
  await page.getByRole("row", { name: /^ERP .* Orders in ERP / }).waitFor();
  await page.getByRole("link", { name: "ERP" }).click();
  await page.getByRole("link", { name: "Orders in ERP" }).waitFor();
  await page.getByRole("button", { name: "Delete" }).click();

  await page.getByText("Tools use this credential: “Orders in ERP”.").waitFor();
  await titled(page, "ERP");
});

test("an API's own description is read, and what is picked of it becomes tools that are off", async () => {
  await page.goto(`${parley.url}/#/tools/import`);
  await titled(page, "Import an API");
  await page.getByRole("radio", { name: "In a file" }).check();
  await page.getByLabel("Document", { exact: true }).fill('{"swagger": "2.0"}');
  await page.getByRole("button", { name: "Read the document" }).click();
  await page.getByText("This is no OpenAPI 3 document").waitFor();
  await page.getByRole("radio", { name: "At an address" }).check();
  await page.getByRole("textbox", { name: "Address" }).fill(`${API}/openapi.json`);
  await page.getByRole("button", { name: "Read the document" }).click();

  const row = (name: string) => page.getByRole("row").filter({ hasText: name });
  await row("Cancel an order").getByText("Changes something").waitFor();
  await row("Upload a file").getByText("Cannot be a tool yet").waitFor();
  expect(await page.getByLabel("Pick Upload a file").isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Change something" }).click();
  expect(await page.getByRole("row").count()).toBe(3);
  await page.getByLabel("Pick Cancel an order").check();
  await page.getByRole("button", { name: "All" }).click();
  await page.getByRole("searchbox", { name: "Search operations" }).fill("passes");
  await page.getByLabel("Pick Read an order").waitFor({ state: "detached" });
  await page.getByLabel(`Pick ${LONG}`).check();
  await page.getByLabel("Credential for all of them").selectOption("ERP");
  await page.getByRole("button", { name: "Add 2 tools" }).click();

  await page.getByText("Added 2 tools, off for now.").waitFor();
  const added = (await toolsOf()).filter(({ name }) => name !== "orders_in_erp");
  expect(added.map(({ enabled, effect, credential }) => [enabled, effect, credential !== null])).toEqual(
    expect.arrayContaining([
      [false, "write", true],
      [false, "read", true],
    ]),
  );

  // What is there already is said where it stands, and nothing of the page is lost.
  await page.goto(`${parley.url}/#/tools/import`);
  await page.getByRole("textbox", { name: "Address" }).fill(`${API}/openapi.json`);
  await page.getByRole("button", { name: "Read the document" }).click();
  await page.getByLabel(`Pick ${LONG}`).check();
  await page.getByRole("button", { name: "Add the tool" }).click();
  await row(LONG).getByText("There is a tool of this name already.").waitFor();
  expect(await page.getByLabel(`Pick ${LONG}`).isChecked()).toBe(true);
});

test("tables are ticked for a model, their columns hidden, and both are saved at once", async () => {
  const columns = ["product", "bought_at"].map((name) => ({ name, type: "text", comment: null }));
  const tables = ["stock", "salaries"].map((name) => ({ name, comment: null, rowEstimate: 3, columns }));
  const saved: Record<string, unknown>[] = [];
  await page.route("**/api/admin/db/dbc_1", (route) => {
    const changes = route.request().method() === "PATCH" ? route.request().postDataJSON() : {};
    saved.push(changes);
    return route.fulfill({ json: { ...WAREHOUSE, ...changes } });
  });
  await page.route("**/api/admin/db/dbc_1/schema", (route) =>
    route.fulfill({ json: { schemas: [{ name: "public", tables }] } }),
  );
  await page.goto(`${parley.url}/#/connections/dbc_1`);
  const section = page.getByRole("region", { name: "Queries of a model" });
  await section.getByText("On", { exact: true }).click();
  await section.getByText("Verified", { exact: true }).click();
  await section.getByRole("checkbox", { name: "public.stock" }).check();
  await section.getByText("Columns · none hidden").click();
  await section.getByRole("checkbox", { name: "Hide bought_at" }).check();
  await section.getByText("Columns · 1 column hidden").waitFor();
  await page.getByText("2 unsaved changes").waitFor();
  await save(page);

  expect(saved.at(-1)).toMatchObject({
    masks: [{ schema: "public", table: "stock", column: "bought_at" }],
    schemaAccess: { enabled: true, tables: [{ schema: "public", table: "stock" }], audience: "verified" },
  });
  await page.unrouteAll();
});

test("a query is completed from what the role may read, with the keyboard alone, and shown in colours", async () => {
  const connection = WAREHOUSE;
  const columns = ["product", "pieces", "city"].map((name) => ({ name, type: "text", comment: null }));
  const tables = [{ name: "stock", comment: null, rowEstimate: 3, columns }];
  await page.route("**/api/admin/db?*", (route) =>
    route.fulfill({ json: { items: [connection], nextCursor: null } }),
  );
  await page.route("**/api/admin/db", (route) =>
    route.fulfill({ json: { items: [connection], nextCursor: null } }),
  );
  await page.route("**/api/admin/db/dbc_1/schema", (route) =>
    route.fulfill({ json: { schemas: [{ name: "public", tables }] } }),
  );
  await page.goto(`${parley.url}/#/tools/new`);
  await page.getByRole("radio", { name: "Warehouse" }).check();
  const query = page.getByRole("textbox", { name: "Query", exact: true });
  const offered = page.getByRole("listbox", { name: "Suggestions" });
  await query.click();

  await page.keyboard.type("select pi from st");
  await offered.getByRole("option", { name: "stock" }).waitFor();
  await page.keyboard.press("ArrowDown");
  expect(await query.getAttribute("aria-activedescendant")).toMatch(/-0$/);
  await page.keyboard.press("Enter");
  for (let step = 0; step < " from stock".length; step++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Control+Space");
  await offered.getByRole("option", { name: "pieces" }).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" where city = :city");
  await page.keyboard.press("Escape");
  await offered.waitFor({ state: "detached" });
  expect(await query.inputValue()).toBe("select pieces from stock where city = :city");
  expect(await page.locator(".code-paint").textContent()).toBe(`${await query.inputValue()}\n`);
  expect(await page.locator(".code-paint .tk-keyword").allTextContents()).toEqual([
    "select",
    "from",
    "where",
  ]);
  await page.getByRole("button", { name: "Add :city" }).click();
  await page.getByRole("group", { name: ":city" }).waitFor();

  // Nobody is caught in the field.
  await query.focus();
  await page.keyboard.press("Tab");
  expect(await query.evaluate((element) => element === document.activeElement)).toBe(false);
  expect(complaints).toEqual([]);
});
