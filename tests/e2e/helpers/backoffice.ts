/** What a person does in the backoffice, by what they read on the screen. */
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";

const FIXTURES = join(import.meta.dir, "../../fixtures");

/** Written by LibreOffice: a harbour's handbook of two pages, and rules for leave. */
export const HANDBOOK_PDF = join(FIXTURES, "handbook.pdf");
export const ABSENCE_DOCX = join(FIXTURES, "absence.docx");
export const ENCRYPTED_PDF = join(FIXTURES, "encrypted.pdf");

export const FIONA = {
  organisation: "Acme Logistics",
  name: "Fiona Marsh",
  email: "fiona@acme.example",
  password: "a long sentence of my own",
};

/** Fills in the wizard, with `token` where it asks for one, and waits for the first page. */
export async function setUpInBrowser(page: Page, token?: string): Promise<void> {
  if (token) await page.getByLabel("Setup token").fill(token);
  await page.getByLabel("Organisation").fill(FIONA.organisation);
  await page.getByLabel("Your name").fill(FIONA.name);
  await page.getByLabel("E-mail").fill(FIONA.email);
  await page.getByRole("textbox", { name: "Password" }).fill(FIONA.password);
  await page.getByRole("button", { name: "Set up Parley" }).click();
  await titled(page, "Home");
}

export async function signInBrowser(
  page: Page,
  url: string,
  email = FIONA.email,
  password = FIONA.password,
): Promise<void> {
  await page.goto(url);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await titled(page, "Home");
}

/** Resolves once the page with this title is shown. */
export async function titled(page: Page, title: string): Promise<void> {
  await page.getByRole("heading", { name: title, level: 1, exact: true }).waitFor();
}

/** Follows the link in the rail, or in the bar of a phone. */
export async function goTo(page: Page, title: string): Promise<void> {
  await page
    .getByRole("navigation", { name: "Pages" })
    // The rail says how many sources there are, too.
    .getByRole("link", { name: new RegExp(`^${title}( [\\d,.]+ sources)?$`) })
    .filter({ visible: true })
    .click();
  await titled(page, title);
}

/** Chooses files in the browser's dialog, as `button` opens it. */
export async function chooseFiles(
  page: Page,
  button: string,
  files: Parameters<Locator["setInputFiles"]>[0],
): Promise<void> {
  const dialog = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: button }).first().click();
  await (await dialog).setFiles(files);
}

export function sourceRow(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ hasText: name });
}

export async function waitUntilReady(page: Page, name: string): Promise<void> {
  await sourceRow(page, name).getByText("Ready", { exact: true }).waitFor();
}

/** Opens a conversation by what was asked first, and waits for the explanation of its last answer. */
export async function openConversation(page: Page, question: string): Promise<Locator> {
  await goTo(page, "Conversations");
  // By the keyboard: a press of the mouse would show it beside the list.
  await page.getByRole("link", { name: question }).first().press("Enter");
  await titled(page, question);
  const inspector = page.getByRole("region", { name: "Why this answer" });
  await inspector.getByRole("table", { name: "Where the time went" }).waitFor();
  return inspector;
}

/** Presses Save in the bar of unsaved changes and waits until there are none. */
export async function save(page: Page): Promise<void> {
  const bar = page.getByRole("region", { name: "Unsaved changes" });
  await bar.getByRole("button", { name: "Save" }).click();
  await bar.waitFor({ state: "detached" });
}

export function modelField(page: Page): Locator {
  return page.getByRole("combobox", { name: "Model" });
}

/** Fills in the page of the model; `key` null where the provider takes none. */
export async function fillModel(
  page: Page,
  settings: { provider: string; address: string; key: string | null; model: string },
): Promise<void> {
  await page.getByRole("radio", { name: settings.provider }).check();
  await page.getByLabel("Address").fill(settings.address);
  if (settings.key !== null) await page.getByLabel("API key").fill(settings.key);
  await modelField(page).fill(settings.model);
}
