import type { Page } from "playwright-core";

/** Writes down every text that the newest answer has had, as a person's eye would see it. */
export async function watchAnswer(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(`
    window.answerSteps = [];
    const root = document.querySelector("parley-widget").shadowRoot;
    new MutationObserver(() => {
      const text = [...root.querySelectorAll(".answer")].at(-1)?.textContent ?? "";
      if (text !== "" && text !== window.answerSteps.at(-1)) window.answerSteps.push(text);
    }).observe(root, { subtree: true, childList: true, characterData: true });`);
  return () => page.evaluate<string[]>("window.answerSteps");
}
