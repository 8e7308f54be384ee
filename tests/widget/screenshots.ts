/**
 * Pictures of every state of the widget, to be looked at beside each other:
 *
 *     bun tests/widget/screenshots.ts [STATE …]     → tests/.output/widget/*.png
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchBrowser, newPage, widgetOf } from "./helpers/browser.ts";
import { ARABIC, HOTELS, OWNERS, REFUND, STOCK, STOCK_FORM } from "./helpers/citations.ts";
import { type FakeParley, startFakeParley } from "./helpers/fake-parley.ts";
import { startHostPages } from "./helpers/host-page.ts";

const OUTPUT = join(import.meta.dir, "../.output/widget");
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const LONG_ANSWER = `## Before you travel

Book through the portal [1]. These limits count **per night**, including tax:

| City | Limit | Approval above |
|---|---:|---|
| Zurich | 190 € | cost-centre owner |
| Geneva | 210 € | cost-centre owner |
| Everywhere else | 140 € | travel desk |

1. Ask your cost-centre owner *before* booking [2].
2. Keep receipts above 25 €.
   - Breakfast belongs on the room bill.
   - Minibars do not.
3. Hand in within 30 days with \`ERP → Expenses → New\`.

> Exceptions are granted in writing only [1, 2].

\`\`\`sh
expenses submit --trip 4711 --receipts ./receipts --cost-centre 71 --approve-by owner@acme.example
\`\`\`

See https://evil.example/collect?all and ![chart](https://evil.example/x.png).`;

type Ask = (text: string) => Promise<Awaited<ReturnType<FakeParley["question"]>>>;
type State = (parley: FakeParley, ask: Ask, page: Awaited<ReturnType<typeof newPage>>) => Promise<unknown>;

const STATES: Record<string, State> = {
  empty: async () => {},
  typical: async (_parley, ask) => {
    const first = await ask("What may I spend on a hotel in Zurich?");
    first.cite([HOTELS, OWNERS]);
    first.say(
      "In Zurich the nightly limit is **190 euros** including tax [1]. Anything above needs approval before booking, by your cost-centre owner [2].",
    );
    first.finish({ followUps: ["Who is my cost-centre owner?", "Limits in other cities"] });
    const second = await ask("And breakfast?");
    second.say(
      "Breakfast is part of the limit if the hotel lists it on the room bill; otherwise it comes out of the daily ",
    );
  },
  passage: async (_parley, ask, page) => {
    const question = await ask("What may I spend on a hotel in Zurich?");
    question.cite([HOTELS, OWNERS, { ...OWNERS, n: 3 }, { ...OWNERS, n: 4 }]);
    question.say(
      "In Zurich the nightly limit is **190 euros** including tax [1].\n\nAnything above needs approval [2].",
    );
    question.finish();
    await page.locator(".cite").first().click();
    await page.getByRole("button", { name: "Copy" }).or(page.locator(".act").nth(2)).first().hover();
  },
  long: async (_parley, ask) => {
    const question = await ask(
      "Please tell me everything about travelling for Acme, from booking to getting my money back, and do not leave out the exceptions.",
    );
    question.cite([HOTELS, OWNERS]);
    question.say(LONG_ANSWER);
    question.finish();
  },
  nothing: async (_parley, ask) => {
    const question = await ask("Who won the cup in 1974?");
    question.say("I found nothing about that in the documents.");
    question.finish({ nearest: [HOTELS, OWNERS] });
  },
  failing: async (parley, ask, page) => {
    const first = await ask("What may I spend?");
    first.say("In Zurich the nightly limit is");
    first.finish({ status: "interrupted" });
    const second = await ask("And in Geneva?");
    const error = {
      code: "PROVIDER_UNAVAILABLE",
      message: "The model can't be reached. Try again in a minute.",
    };
    second.finish({ status: "failed", error });
    parley.stop();
    await page.locator(".panel .state").waitFor();
    await page.locator(".panel textarea").fill("Are you still there?");
    await page.locator(".panel textarea").press("Enter");
  },
  lookup: async (_parley, ask) => {
    const question = await ask("How many laptops are in stock?");
    question.say("I can look this up: **Stock in a city**. Tell me the rest, and I will.");
    question.offer(STOCK_FORM);
    question.finish();
  },
  confirm: async (_parley, ask, page) => {
    const question = await ask("Refund order 4711, 12.50 euros, and tell the customer that we are sorry.");
    question.propose(REFUND);
    question.say("I have prepared the refund. It is made once you confirm it below.");
    question.finish();
    await page.locator(".card").waitFor();
  },
  confirmed: async (_parley, ask, page) => {
    const question = await ask("Refund order 4711.");
    question.say("Please look at this.");
    question.propose(REFUND);
    question.propose({
      ...REFUND,
      call: "tcl_2",
      label: "Cancel an order",
      words: [{ label: "Order", value: "4712" }],
      state: "unknown",
    });
    question.propose({ ...REFUND, state: "done" });
    question.finish();
    await page.locator(".card").first().waitFor();
  },
  rows: async (_parley, ask, page) => {
    const question = await ask("How many laptops are in stock in Berlin?");
    question.cite([STOCK, HOTELS]);
    question.say("There are **12** laptops of 14 inches in Berlin [4].");
    question.finish();
    await page.locator(".cite").first().click();
    await page.locator(".passage table").waitFor();
  },
  waiting: async (_parley, ask) => {
    (await ask("What may I spend on a hotel in Zurich?")).cite([HOTELS]);
  },
  slow: async (_parley, ask, page) => {
    (await ask("What may I spend on a hotel in Zurich?")).cite([HOTELS]);
    await page.clock.runFor(9_000);
  },
  stopped: async (_parley, ask, page) => {
    const question = await ask("What may I spend on a hotel in Zurich?");
    question.say("In Zurich the nightly limit is");
    await page.locator(".answer").waitFor();
    await page.locator("[data-stop]").click();
    await page.locator(".note").waitFor();
  },
  words: async (_parley, ask, page) => {
    const question = await ask("Welche Unterlagen brauche ich?");
    question.cite([HOTELS, OWNERS, ARABIC]);
    question.say(
      "Es gilt die Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsordnung [1][2]. Sie haben **drei Wochen** [3].\n\n- [ ] Reisekostenabrechnung einreichen [1]\n- [x] Kostenstelle fragen\n- Belege aufheben\n\n1. [ ] Zug buchen\n2. [x] Hotel buchen [2]",
    );
    question.finish();
    await page.locator(".cite").nth(2).click();
  },
  menu: async (_parley, ask, page) => {
    (await ask("Question")).say("Answer");
    await page.locator("[data-menu]").click();
  },
};

const LOCALIZED = {
  de: {
    displayName: "Acme fragen",
    subtitle: "Antwortet aus dem Mitarbeiterhandbuch und den Betriebsvereinbarungen",
    greeting: "Guten Tag. Was möchten Sie wissen?",
    suggestedQuestions: [
      "Wie hoch ist die Übernachtungspauschale in Zürich?",
      "Reisekostenabrechnungsrichtlinie",
      "Wer genehmigt Arbeitsplatzausstattung?",
    ],
  },
  ar: {
    displayName: "اسأل أكمي",
    subtitle: "إجابات من دليل الموظفين",
    greeting: "مرحباً. ماذا تريد أن تعرف؟",
    suggestedQuestions: ["كم يمكنني أن أنفق على الفندق في زيورخ؟", "كم يوم إجازة لدي؟"],
  },
};

async function shoot(
  browser: Browser,
  name: string,
  state: State,
  options: { dark: boolean; size: keyof typeof SIZES; locale: string },
): Promise<void> {
  const { dark, size, locale } = options;
  const texts = locale === "de" || locale === "ar" ? LOCALIZED[locale] : {};
  const parley = await startFakeParley({ theme: "auto", ...texts });
  const pages = startHostPages(parley.port);
  const page = await newPage(browser, { ...SIZES[size], dark, locale, touch: size === "phone" });
  await page.clock.install();
  await page.goto(pages.address);
  const widget = widgetOf(page);
  await widget.launcher.click();
  await widget.field.waitFor();
  let asked = 0;
  await state(
    parley,
    async (text) => {
      await widget.ask(text);
      return parley.question(asked++);
    },
    page,
  );
  await page.locator(".panel h2").waitFor();
  await Bun.sleep(350);
  await page.screenshot({ path: join(OUTPUT, `${name}-${size}-${locale}${dark ? "-dark" : ""}.png`) });
  await page.context().close();
  parley.stop();
  pages.stop();
}

await mkdir(OUTPUT, { recursive: true });
const browser = await launchBrowser();
// Names on the command line: only those states.
const wanted = Object.entries(STATES).filter(
  ([name]) => process.argv.length === 2 || process.argv.includes(name),
);
for (const [name, state] of wanted) {
  for (const size of ["desktop", "phone"] as const) {
    for (const dark of [false, true]) await shoot(browser, name, state, { dark, size, locale: "en" });
  }
}
for (const locale of ["de", "ar"]) {
  for (const name of ["confirm", "rows", "empty", "typical", "slow", "stopped", "words", "failing"]) {
    const state = wanted.find(([one]) => one === name)?.[1];
    if (!state) continue;
    await shoot(browser, name, state, { dark: false, size: "desktop", locale });
    await shoot(browser, name, state, { dark: true, size: "phone", locale });
  }
}
await browser.close();
process.exit(0);
