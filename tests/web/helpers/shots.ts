/**
 * Pictures of every page of the backoffice in every state, for looking at:
 *
 *   bun tests/web/helpers/shots.ts [page=knowledge] [scenario=typical] [theme=dark] [size=390x844] [dir=rtl]
 *
 * Each word narrows what is taken; several by comma. They lie in tests/.output/shots.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import type { Scenario } from "./fake-api.ts";
import { startFake } from "./fake-server.ts";

const OUTPUT = join(import.meta.dir, "../../.output/shots");

const PAGES: Record<string, string> = {
  setup: "",
  "sign-in": "",
  home: "",
  conversations: "conversations",
  "conversations-pane": "conversations?open=cnv_2&flagged=true&q=badge",
  conversation: "conversations/cnv_1",
  knowledge: "knowledge",
  source: "knowledge/src_1",
  "source-failed": "knowledge/src_4",
  "source-of-many": "knowledge/src_7",
  synonyms: "synonyms",
  synonym: "synonyms/syn_1",
  quality: "quality",
  "golden-question": "quality/gld_1",
  "golden-question-failed": "quality/gld_4",
  "evaluation-run": "quality/evr_2",
  model: "model",
  models: "models",
  "build-index": "models/build",
  tools: "tools",
  tool: "tools/tol_1",
  widget: "widget",
  identity: "identity",
  "api-keys": "api-keys",
  design: "design",
  missing: "nowhere",
};
const SCENARIOS: Scenario[] = ["empty", "typical", "crowded", "failing", "loading"];

/** Longer than the skeletons' patience, so that a slow page shows them. */
const SETTLE_MS = 350;

const wanted = new Map(process.argv.slice(2).map((word) => word.split("=", 2) as [string, string]));
const chosen = (name: string, all: string[]) => wanted.get(name)?.split(",") ?? all;

await mkdir(OUTPUT, { recursive: true });
const browser = await launchBrowser();
for (const scenario of chosen("scenario", SCENARIOS)) await shoot(browser, scenario as Scenario);
await browser.close();

async function shoot(browser: Browser, scenario: Scenario): Promise<void> {
  const fake = await startFake(scenario);
  for (const theme of chosen("theme", ["light", "dark"])) {
    for (const size of chosen("size", ["1440x900", "390x844"])) {
      const [width = 0, height = 0] = size.split("x").map(Number);
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme === "dark" ? "dark" : "light",
        reducedMotion: "reduce",
      });
      for (const name of chosen("page", Object.keys(PAGES))) {
        const signedIn = fake.state.me;
        fake.state.initialised = name !== "setup";
        if (name === "sign-in") fake.state.me = null;
        const page = await context.newPage();
        page.on("console", (said) => said.type() === "error" && console.log(name, scenario, said.text()));
        page.on("pageerror", (error) => console.log(name, scenario, error.message));
        await page.goto(`${fake.url}/#/${PAGES[name] ?? name}`);
        if (wanted.has("dir")) {
          await page.evaluate(
            (dir) => document.documentElement.setAttribute("dir", dir),
            wanted.get("dir") ?? "",
          );
        }
        await page.waitForTimeout(SETTLE_MS);
        const file = [name, scenario, theme, size, wanted.get("dir")].filter(Boolean).join("-");
        await page.screenshot({ path: join(OUTPUT, `${file}.png`), fullPage: wanted.has("full") });
        await page.close();
        fake.state.me = signedIn;
      }
      await context.close();
    }
  }
  await fake.stop();
}
