/** The widget on a page as a person sees it: by names and roles, through its shadow root (see browser.ts). */
import type { Locator, Page } from "playwright-core";

export type WidgetPage = {
  launcher: Locator;
  panel: Locator;
  field: Locator;
  /** Texts of the assistant, oldest first. */
  answers: Locator;
  /** The line of an answer that is whole. */
  complete: Locator;
  open(): Promise<void>;
  ask(question: string): Promise<void>;
  /** Begins another conversation through the menu. */
  startOver(): Promise<void>;
  /** Opens the passage behind a citation mark of the newest answer. */
  openCitation(n: number): Promise<Locator>;
};

export function widgetOn(page: Page): WidgetPage {
  const launcher = page.locator("parley-widget button[aria-haspopup=dialog]");
  const panel = page.getByRole("dialog");
  const field = panel.getByRole("textbox");
  const answers = panel.locator(".answer");
  return {
    launcher,
    panel,
    field,
    answers,
    complete: panel.locator(".assistant[data-status=complete]"),
    async open() {
      await launcher.click();
      await panel.waitFor();
    },
    async ask(question) {
      await field.fill(question);
      await field.press("Enter");
    },
    async startOver() {
      await panel.getByRole("button", { name: "More" }).click();
      await panel.getByRole("menuitem", { name: "New conversation" }).click();
      await answers.first().waitFor({ state: "detached" });
    },
    async openCitation(n) {
      await answers
        .last()
        .getByRole("button", { name: `Source ${n}`, exact: true })
        .first()
        .click();
      const passage = panel.locator(".passage[role=region]").last();
      await passage.waitFor();
      return passage;
    },
  };
}
