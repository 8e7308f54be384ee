/** How an answer is laid out, in the panel's narrowest and usual width and in both directions. */
import { expect, test } from "bun:test";
import type { CitationView } from "../../src/protocol/chat-protocol.ts";
import { ARABIC, HOTELS, OWNERS, STOCK } from "./helpers/citations.ts";
import { openPanel, type Scene, useScenes } from "./helpers/scene.ts";

const scene = useScenes();

const LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
const MANY = Array.from({ length: 16 }, (_, index) => index + 1);
async function answered(here: Scene, text: string, citations: CitationView[] = [HOTELS]) {
  await openPanel(here);
  await here.widget.ask("Question");
  const question = await here.parley.question(0);
  question.cite(citations);
  question.say(text);
  question.finish();
  await here.page.locator(".src").first().waitFor();
}

/** What of the answer is not within the panel's text column. */
function overflowing(here: Scene) {
  return here.page.locator(".panel .body").evaluate((body) => {
    const right = body.getBoundingClientRect().left + body.clientWidth;
    const inside = [...body.querySelectorAll(".assistant *")].filter(
      (one) => !one.closest(".wide, pre, .sr"),
    );
    const beyond = inside.filter((one) => one.getBoundingClientRect().right > right + 0.5);
    return [body.scrollWidth - body.clientWidth, ...beyond.map(({ className }) => className)];
  });
}

for (const width of [1440, 320]) {
  test.each([
    ["a long word", `${LONG} [1].`],
    ["a long word in bold", `A **${LONG}** [1].`],
    ["a long sentence in bold", `**${"All of it matters here. ".repeat(6).trim()}**[1].`],
    ["a long address", `See <http://chat.test/${"handbook/".repeat(14)}>[1].`],
    ["long code", `Run \`${"--option=value".repeat(9)}\`[1].`],
    ["Chinese, which has no spaces", `${"苏黎世的酒店每晚限额为一百九十欧元含税".repeat(3)}[1]。`],
    ["a row of citations", `Everywhere ${MANY.map((n) => `[${n}]`).join("")}.`],
    ["many citations in one bracket", `Everywhere [${MANY.join(", ")}].`],
    ["numbers in a bracket that are no citations", `Rooms [${MANY.map((n) => n + 400).join(",")}].`],
    ["a long word in a list in a list", `- One\n  - Two\n    - ${LONG} [1]`],
  ])(`${width} px: %s before a citation stays in the panel`, async (_, text) => {
    const here = await scene({ width });
    await answered(
      here,
      text,
      MANY.map((n) => ({ ...HOTELS, n })),
    );

    expect(await overflowing(here)).toEqual([0]);
  });
}

test("a mark does not begin a line", async () => {
  const here = await scene();
  const words = Array.from({ length: 60 }, (_, index) => "x".repeat(1 + (index % 14)));
  const marked = words.map((word, index) => [`${word} [1]`, `**${word}** [1]`, `\`${word}\`[1]`][index % 3]);
  await answered(here, marked.join(" "));

  const alone = await here.page.locator(".cite").evaluateAll((marks) =>
    marks.filter((mark) => {
      const word = mark.previousSibling;
      const range = document.createRange();
      if (!word) return true;
      range.selectNodeContents(word);
      return range.getBoundingClientRect().right > mark.getBoundingClientRect().left + 3;
    }),
  );
  expect(alone).toHaveLength(0);
});

test("whatever can be touched is at least 24 px in both directions", async () => {
  const here = await scene({ width: 390, height: 844, touch: true });
  await answered(here, "The limit is 190 euros [1][2].\n\n- Owners approve [2]", [
    { ...HOTELS, url: "http://chat.test/policy" },
    OWNERS,
    { ...OWNERS, n: 3 },
    { ...OWNERS, n: 4 },
  ]);
  await here.page.locator(".cite").first().tap();
  await here.page.locator(".passage a").waitFor();
  await here.widget.ask("Again");
  (await here.parley.question(1)).finish({ status: "failed" });
  await here.page.getByRole("button", { name: "Try again" }).last().waitFor();

  const small = await here.page.locator(".panel :is(button, .passage a)").evaluateAll((targets) =>
    targets
      .map((target) => [target.className, target.getBoundingClientRect()] as const)
      .filter(([, { width, height }]) => width < 24 || height < 24)
      .map(([name, { width, height }]) => `${name} ${width} × ${height}`),
  );
  expect(small).toEqual([]);
});

test("an open task has an empty box and a done one a full one, and both say which they are", async () => {
  const here = await scene();
  await answered(here, "- [ ] Book the train [1]\n- [x] Ask your owner\n- No task\n\n1. [ ] In order");

  const items = here.page.locator(".answer li");
  expect(await items.allTextContents()).toEqual([
    "To do:Book the train1",
    "Done:Ask your owner",
    "No task",
    "To do:In order",
  ]);
  expect(await items.locator(".tick").count()).toBe(3);
  expect(await here.page.locator(".tick.done").count()).toBe(1);
});

test.each([
  ["en", ARABIC, "rtl"],
  ["ar", ARABIC, "rtl"],
  ["ar", HOTELS, "ltr"],
  ["en", HOTELS, "ltr"],
] as const)(
  "in a panel in %s a passage runs as its own text does, its bar where its lines begin",
  async (locale, citation, direction) => {
    const here = await scene({ locale });
    await answered(here, `190 [${citation.n}]`, [citation]);
    for (const opener of [".cite", ".src"]) {
      await here.page.locator(opener).click();
      const passage = here.page.locator(".passage");
      const style = await passage.evaluate((element) => {
        const { direction, borderLeftWidth, borderRightWidth, paddingLeft, paddingRight } =
          getComputedStyle(element);
        const text = element.querySelector(".text");
        return {
          text: text && getComputedStyle(text).direction,
          ...{ direction, left: [borderLeftWidth, paddingLeft], right: [borderRightWidth, paddingRight] },
        };
      });
      const [bar, other] = [
        ["2px", "12px"],
        ["0px", "0px"],
      ];
      expect(style).toEqual({
        ...{ text: direction, direction },
        left: direction === "ltr" ? bar : other,
        right: direction === "ltr" ? other : bar,
      });
      await passage.locator("button").click();
    }
  },
);

test("passages announced for an answer that then found nothing are listed once, as the closest", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("Who won the cup?");
  const question = await here.parley.question(0);
  question.cite([HOTELS, OWNERS]);
  question.say("I found nothing about that in the documents.");
  question.finish({ nearest: [HOTELS, OWNERS] });

  await here.page.getByRole("group", { name: "Closest passages" }).waitFor();
  expect(await here.page.locator(".src").count()).toBe(2);
});

test("an answer without a word lists no sources", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("Question");
  const question = await here.parley.question(0);
  question.cite([HOTELS, OWNERS]);
  question.finish({ status: "interrupted" });

  await here.page.getByRole("button", { name: "Try again" }).waitFor();
  expect(await here.page.locator(".src").count()).toBe(0);
});

test("a mark behind what was looked up opens the rows, value by value, with their name and time", async () => {
  const here = await scene();
  await answered(here, "There are 12 laptops in Berlin [4].", [STOCK]);
  for (const opener of [".cite", ".src"]) {
    await here.page.locator(opener).click();
    const opened = here.page.locator(".passage");

    expect(await opened.locator(".head > span").textContent()).toMatch(
      /^Stock by city Looked up Nov 27, 2026, \d+:30/,
    );
    expect(await opened.locator("th").allTextContents()).toEqual([
      ...["Product", "In stock", "Price", "Counted", "Listed"],
    ]);
    expect(await opened.locator("tbody tr").allInnerTexts()).toEqual([
      "Laptop 14″\t12\u00a0pcs\t1299.00\u00a0€\t2026-11-26 17:00 UTC\tyes",
      "Laptop 16″\t9007199254740993\u00a0pcs\t1799.50\u00a0€\t–\tno",
    ]);
    expect(await overflowing(here)).toEqual([0]);
    await here.page.keyboard.press("Escape");
    await opened.waitFor({ state: "detached" });
  }
});

test("the statement that a model wrote stands under its rows, as text", async () => {
  const here = await scene();
  const statement = `select '<b>' from ${LONG}${LONG}`;
  await answered(here, "There are 12 [4].", [{ ...STOCK, statement }]);

  await here.page.locator(".cite").click();
  expect(await here.page.locator(".passage code").textContent()).toBe(statement);
  expect(await overflowing(here)).toEqual([0]);
});

test("where there were more rows than are shown, or none, that is said", async () => {
  const here = await scene({ locale: "de" });
  await answered(here, "Viele [4], keine [5].", [
    { ...STOCK, truncated: true },
    { ...STOCK, n: 5, rows: [] },
  ]);

  await here.page.locator(".cite").first().click();
  expect(await here.page.locator(".passage .hint").textContent()).toBe("Die ersten 2 Zeilen");
  await here.page.locator(".cite").last().click();
  expect(await here.page.locator(".passage .hint").textContent()).toBe("Keine Zeilen");
});

test("a value is text, whatever it looks like", async () => {
  const here = await scene();
  const hostile = "<img src=x onerror=window.pwned=1>";
  const columns = [{ name: "a", label: hostile, type: "text" as const }];
  await answered(here, "Rows [4].", [{ ...STOCK, label: hostile, columns, rows: [[hostile]] }]);
  await here.page.locator(".cite").click();

  expect(await here.page.locator(".passage td").textContent()).toBe(hostile);
  expect(await here.page.locator(".passage img").count()).toBe(0);
  expect(await here.page.evaluate(() => window.pwned)).toBeUndefined();
});
