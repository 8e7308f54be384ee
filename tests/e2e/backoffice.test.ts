/** What an admin does day by day, against the real server. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { type AdminClient, OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { launchBrowser, openPage, ownAddress } from "../helpers/browser.ts";
import { type Parley, runParley, startParley } from "../helpers/parley.ts";
import { openVisitor } from "../helpers/visitor-client.ts";
import {
  ABSENCE_DOCX,
  chooseFiles,
  ENCRYPTED_PDF,
  goTo,
  HANDBOOK_PDF,
  modelField,
  save,
  signInBrowser,
  sourceRow,
  titled,
  waitUntilReady,
} from "./helpers/backoffice.ts";

setDefaultTimeout(60_000);

const QUESTION = "On which pier is the practice of the doctor?";

let browser: Browser;
let parley: Parley;
let owner: AdminClient;
let page: Page;

beforeAll(async () => {
  [browser, parley] = await Promise.all([launchBrowser(), startParley()]);
  owner = await setUpOwner(parley);
  await owner.addDocument("handbook.pdf", await Bun.file(HANDBOOK_PDF).bytes());
  const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
  await (await openVisitor(parley, embedKey)).ask(QUESTION);
  ({ page } = await openPage(browser));
  // By the machine's own address: most intranets have no certificate, and browsers give such pages less.
  await signInBrowser(
    page,
    `http://${ownAddress()}:${new URL(parley.url).port}`,
    OWNER.email,
    OWNER.password,
  );
});
afterAll(async () => {
  await browser?.close();
  await parley?.remove();
});

test("a file whose bytes are known already is no second source", async () => {
  await goTo(page, "Knowledge");
  await waitUntilReady(page, "handbook.pdf");
  await chooseFiles(page, "Add source", [HANDBOOK_PDF, ABSENCE_DOCX]);

  await waitUntilReady(page, "absence.docx");
  expect(await page.getByRole("row").filter({ hasText: "handbook.pdf" }).count()).toBe(1);
  await page.getByRole("button", { name: "All 2" }).waitFor();
});

test("a file that cannot be read says why, and stays in the list", async () => {
  const notAPdf = { name: "budget.pdf", mimeType: "application/pdf", buffer: Buffer.from("no PDF at all") };
  await chooseFiles(page, "Add source", [ENCRYPTED_PDF]);
  await sourceRow(page, "encrypted.pdf")
    .getByText(/^Failed: .*password/)
    .waitFor();

  await chooseFiles(page, "Add source", notAPdf);
  await page
    .getByText(/budget\.pdf/)
    .first()
    .waitFor();
  await page
    .getByText("Not added")
    .or(sourceRow(page, "budget.pdf").getByText(/^Failed: /))
    .first()
    .waitFor();

  await sourceRow(page, "encrypted.pdf").getByRole("link").click();
  await titled(page, "encrypted");
  await page.getByText("This file could not be read.").waitFor();
  await page.getByText("ENCRYPTED", { exact: true }).waitFor();
});

test("deleting is at once, and undone at once", async () => {
  await goTo(page, "Knowledge");
  await sourceRow(page, "absence.docx").getByRole("link").click();
  await titled(page, "absence");
  await page.getByRole("button", { name: "Delete" }).click();
  await titled(page, "Knowledge");
  await sourceRow(page, "absence.docx").waitFor({ state: "detached" });

  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();

  await waitUntilReady(page, "absence.docx");
});

test("several sources are deleted together, with one Undo", async () => {
  await page.getByRole("checkbox", { name: "Select absence" }).check();
  await page.getByRole("checkbox", { name: "Select handbook" }).check();
  await page.getByText("2 selected").waitFor();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await sourceRow(page, "handbook.pdf").waitFor({ state: "detached" });

  await page
    .getByRole("status")
    .filter({ hasText: "2 sources" })
    .getByRole("button", { name: "Undo" })
    .first()
    .click();

  await waitUntilReady(page, "handbook.pdf");
  await waitUntilReady(page, "absence.docx");
});

test("the bar of unsaved changes counts, undoes and saves", async () => {
  await goTo(page, "Model");
  await page.getByRole("radio", { name: "Ollama" }).check();
  await modelField(page).fill("llama");
  await page.getByText("2 unsaved changes").waitFor();
  await goTo(page, "Home");
  await goTo(page, "Model");
  await page.getByText("2 unsaved changes").waitFor();

  await page.getByRole("region", { name: "Unsaved changes" }).getByRole("button", { name: "Undo" }).click();

  await page.getByRole("radio", { name: "Built in" }).and(page.locator(":checked")).waitFor();
  expect(await page.getByText("unsaved change").count()).toBe(0);
});

test("the widget's preview follows what is typed, and the snippet is copied without a clipboard API", async () => {
  await goTo(page, "Widget");
  expect(await page.evaluate<boolean>("navigator.clipboard === undefined")).toBe(true);
  await page.getByLabel("Greeting").fill("Ahoy. Ask me about the harbour.");
  await page
    .getByRole("img", { name: "Preview of the widget" })
    .getByText("Ahoy. Ask me about the harbour.")
    .waitFor();
  await save(page);

  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  await page.getByLabel("Greeting").fill("");
  await page.getByLabel("Greeting").press("ControlOrMeta+v");

  expect(await page.getByLabel("Greeting").inputValue()).toBe(await page.getByLabel("Snippet").inputValue());
  await page.getByRole("region", { name: "Unsaved changes" }).getByRole("button", { name: "Undo" }).click();
});

test("another tenant sees nothing of this one", async () => {
  await page
    .getByRole("button", { name: /^Tenant:/ })
    .filter({ visible: true })
    .click();
  await page.getByRole("menuitem", { name: "New tenant…" }).click();
  const dialog = page.getByRole("dialog", { name: "New tenant" });
  await dialog.getByLabel("Name").fill("Harbour police");
  await dialog.getByRole("button", { name: "Create tenant" }).click();
  await page.getByRole("button", { name: "Tenant: Harbour police" }).filter({ visible: true }).waitFor();

  await goTo(page, "Knowledge");
  await page.getByText("No documents yet").waitFor();
  await goTo(page, "Conversations");
  await page.getByText("No conversations yet").waitFor();
  await goTo(page, "Widget");
  expect(await page.getByLabel("Greeting").inputValue()).not.toContain("Ahoy");

  await page.getByRole("button", { name: "Tenant: Harbour police" }).filter({ visible: true }).click();
  await page.getByRole("menuitem", { name: OWNER.organisation }).click();
  await goTo(page, "Conversations");
  await page.getByRole("link", { name: QUESTION }).waitFor();
});

test("the palette finds a source by name", async () => {
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: /^Search/ }).fill("handb");
  await page.getByRole("option", { name: /handbook/ }).waitFor();
  await page.keyboard.press("Enter");

  await titled(page, "handbook");
  await page.getByText("Call the control room first").waitFor();
});

test("the keyboard alone leads from the top of a page to an answer's explanation", async () => {
  await goTo(page, "Home");
  await page.reload();
  await titled(page, "Home");
  await page.keyboard.press("Tab");
  expect(await page.evaluate<string>("document.activeElement.textContent")).toBe("Skip to the page");
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("Conversations");
  await page.keyboard.press("Enter");
  await titled(page, "Conversations");
  await page.getByRole("link", { name: QUESTION }).waitFor();
  // The palette has the keys until it is gone.
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");

  await titled(page, QUESTION);
  await page.getByRole("heading", { name: "Why this answer" }).waitFor();
});

test("a deleted conversation comes back with Undo", async () => {
  await page.getByRole("button", { name: "Delete" }).click();
  await titled(page, "Conversations");
  await page.getByRole("link", { name: QUESTION }).waitFor({ state: "detached" });

  await page.getByRole("status").getByRole("button", { name: "Undo" }).last().click();

  await page.getByRole("link", { name: QUESTION }).waitFor();
});

const password = (on: Page) => on.getByRole("textbox", { name: "Password" });

test("a forgotten password is set anew with the link that a command prints", async () => {
  const { stdout } = await runParley(["user", "reset-password", OWNER.email, "--data", parley.dataDirectory]);
  const link = /#\/reset-password\/\S+/.exec(stdout)?.[0] ?? "";
  const { page: other } = await openPage(browser);
  await other.goto(`${parley.url}/${link}`);
  await password(other).fill("too short");
  await other.getByRole("button", { name: "Set it and sign in" }).click();
  await other.getByText("Use at least 15 characters").waitFor();
  await password(other).fill("four calm herons by the canal");
  await other.getByRole("button", { name: "Set it and sign in" }).click();

  await other.getByRole("link", { name: "Knowledge" }).first().waitFor();
  expect(new URL(other.url()).hash).toBe("#/");
  await other.goto(`${parley.url}/${link}`);
  await other.reload();
  await password(other).fill("five calm herons by the canal");
  await other.getByRole("button", { name: "Set it and sign in" }).click();
  await other.getByText("This link is too old or was used already.").waitFor();
});
