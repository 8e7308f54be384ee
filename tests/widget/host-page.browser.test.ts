import { expect, test } from "bun:test";
import { EMBED_KEY } from "./helpers/fake-parley.ts";
import { openPanel, useScenes } from "./helpers/scene.ts";

const scene = useScenes();
const GLOBALS_BEFORE = ["observed", "pwned"];

test("the shadow root is closed, and the only new global is window.parley", async () => {
  const here = await scene();
  const bare = await here.page.context().newPage();
  const globals = () => Object.keys(window);
  const before = await bare.evaluate(globals);
  await openPanel(here);
  const added = (await here.page.evaluate(globals)).filter(
    (name) => !before.includes(name) && !GLOBALS_BEFORE.includes(name),
  );

  expect(added).toEqual(["parley"]);
  expect(await here.page.evaluate(() => window.observed.shadowModes)).toEqual(["closed"]);
});

test("loaded twice, in the head and in the body, there is one bubble", async () => {
  const here = await scene();
  here.pages.show({ body: `<p>Page</p>${here.pages.tag()}`, tags: here.pages.tag() });
  await here.page.reload();
  await here.widget.launcher.waitFor();

  expect(await here.widget.hosts.count()).toBe(1);
  expect(await here.widget.launcher.count()).toBe(1);
});

test("a page that swaps, empties or replaces its body keeps one bubble and the conversation", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("Kept");
  await here.parley.question(0);
  const tag = here.pages.tag();
  await here.page.evaluate(async (html) => {
    const body = document.createElement("body");
    body.innerHTML = "<main>Another page</main>";
    document.documentElement.replaceChild(body, document.body);
    const script = document.createRange().createContextualFragment(html);
    document.body.append(script);
    document.body.innerHTML = "";
    document.querySelector("parley-widget")?.remove();
    await new Promise((resolve) => setTimeout(resolve));
  }, tag);

  expect(await here.widget.hosts.count()).toBe(1);
  expect(await here.widget.visitorMessages.allTextContents()).toEqual(["Kept"]);
});

test("under a strict content policy everything works and nothing is reported", async () => {
  const here = await scene();
  here.pages.show({
    csp: "default-src 'none'; script-src 'nonce-abc123'; style-src 'self'; connect-src {parley} {ws}",
    attributes: 'nonce="abc123"',
  });
  await here.page.reload();
  await openPanel(here);
  await here.widget.ask("Question");
  const question = await here.parley.question(0);
  question.say("**Bold** answer.");
  question.finish();

  await here.page.locator(".answer strong").waitFor();
  expect(await here.page.evaluate(() => window.observed.violations)).toEqual([]);
});

test("with the server down the page is untouched and nothing is thrown", async () => {
  const here = await scene({ down: true });

  expect(await here.widget.hosts.count()).toBe(0);
  expect(here.errors).toEqual([]);
});

test("where the page's origin is not allowed, nothing is shown", async () => {
  const here = await scene();
  here.parley.refuse.config = true;
  await here.page.reload();
  await here.page.waitForFunction(() => window.observed.events.includes("error"));

  expect(await here.widget.hosts.count()).toBe(0);
  expect(here.errors).toEqual([]);
});

test("a panel that cannot be loaded says so, and loads with the next click", async () => {
  const here = await scene();
  await here.widget.launcher.waitFor();
  here.parley.refuse.panel = true;
  await here.widget.launcher.click();
  await here.page.getByText("The chat can't be reached right now.").waitFor();
  expect(here.errors).toEqual([]);
});

test("a page that hides everything, clobbers names and hooks fetch still has its chat", async () => {
  const here = await scene();
  here.pages.show({
    head: `<style>body *, parley-widget { display: none !important } * { color: red !important; font-size: 40px !important }</style>
      <script>
        var calls = 0;
        const original = window.fetch;
        window.fetch = function (...given) { calls++; return original.apply(this, given); };
        Object.prototype.polluted = "yes";
        document.cookie = "admin=secret";
      </script>`,
    body: `<form id="config"><input name="q"></form><form id="parley"><input name="q"></form><img name="settings">`,
  });
  await here.page.reload();
  await openPanel(here);
  await here.widget.ask("Question");
  const question = await here.parley.question(0);
  question.say("Answer");
  question.finish();

  await here.widget.answers.getByText("Answer").waitFor();
  expect(await here.widget.answers.evaluate((answer) => getComputedStyle(answer).fontSize)).toBe("15px");
  expect(here.parley.requests.filter(({ cookie }) => cookie !== null)).toEqual([]);
  expect(here.errors).toEqual([]);
});

test("commands work before the script has loaded, through the snippet's stub", async () => {
  const here = await scene();
  here.pages.show({
    head: `<script>
      window.parley = window.parley || function () { (parley.q = parley.q || []).push(arguments) };
      window.heard = [];
      parley("on", "message:sent", (detail) => heard.push(detail.id));
      parley("setContext", { title: "Set by the page" });
      parley("open");
      parley("send", "From the page");
    </script>`,
  });
  await here.page.reload();
  const question = await here.parley.question(0);

  expect(question.text).toBe("From the page");
  expect(question.page?.title).toBe("Set by the page");
  expect(await here.page.evaluate(() => (window as unknown as { heard: string[] }).heard.length)).toBe(1);
});

test("open, close, toggle, hide, show, prefill and destroy do what they say", async () => {
  const here = await scene();
  const { page, widget } = here;
  await widget.launcher.waitFor();
  const call = (...values: unknown[]) =>
    page.evaluate((given) => window.parley?.(...(given as [string])), values);
  await call("open");
  await widget.field.waitFor();
  await call("prefill", "Half a question");
  expect(await widget.field.inputValue()).toBe("Half a question");
  await call("toggle");
  expect(await widget.panel.isVisible()).toBe(false);
  await call("hide");
  expect(await widget.launcher.isVisible()).toBe(false);
  await call("show");
  expect(await widget.launcher.isVisible()).toBe(true);
  await call("setLocale", "de");
  await call("open");
  await page.getByRole("button", { name: "Senden" }).waitFor();
  await call("destroy");
  expect(await widget.hosts.count()).toBe(0);
  expect(await page.evaluate(() => window.observed.events)).toEqual(["ready", "open", "close", "open"]);
});

test("two widgets with ids of their own stand side by side and are told apart", async () => {
  const here = await scene();
  here.pages.show({
    tags: here.pages.tag('data-id="first"') + here.pages.tag('data-id="second" data-position="bottom-left"'),
  });
  await here.page.reload();
  await here.widget.launcher.nth(1).waitFor();
  await here.page.evaluate(() => window.parley?.("second:open"));
  await here.widget.field.waitFor();

  expect(await here.widget.hosts.count()).toBe(2);
  expect(await here.widget.panel.count()).toBe(1);
});

test("inline, the panel fills the page's element and has no bubble", async () => {
  const here = await scene();
  here.pages.show({
    body: '<div id="chat" style="height:600px"></div>',
    attributes: 'data-mode="inline" data-target="#chat"',
  });
  await here.page.reload();
  await here.widget.field.waitFor();

  expect(await here.widget.launcher.count()).toBe(0);
  expect((await here.widget.panel.boundingBox())?.height).toBe(600);
});

test("the page can bring its own launcher", async () => {
  const here = await scene();
  here.pages.show({ body: '<button id="help">Help</button>', attributes: 'data-launcher="#help"' });
  await here.page.reload();
  await here.page.waitForFunction(() => window.observed.events.includes("ready"));
  await here.page.click("#help");
  await here.widget.field.waitFor();
  await here.page.keyboard.press("Escape");

  expect(await here.page.evaluate(() => document.activeElement?.id)).toBe("help");
});

test("with the keyboard alone: open, ask, open a source, close, and be where one was", async () => {
  const here = await scene();
  const { page, parley, widget } = here;
  await widget.launcher.waitFor();
  await widget.launcher.focus();
  await page.keyboard.press("Enter");
  await widget.field.waitFor();
  await page.keyboard.type("Hotel?");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("In Zurich.");
  await page.keyboard.press("Enter");
  const question = await parley.question(0);
  expect(question.text).toBe("Hotel?\nIn Zurich.");
  question.cite([
    { kind: "passage", n: 1, chunk: "c", source: "s", title: "Travel policy", text: "190 euros" },
  ]);
  question.say("190 euros [1].");
  question.finish();
  await page.locator(".cite").waitFor();
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press("Shift+Tab");
    const focused = await widget.hosts.evaluate((host) => host.shadowRoot?.activeElement?.className);
    if (focused === "cite") break;
  }
  await page.keyboard.press("Enter");
  await page.locator(".answer .passage").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");

  expect(await widget.panel.isVisible()).toBe(false);
  expect(await widget.hosts.evaluate((host) => host.shadowRoot?.activeElement?.className)).toBe("launcher");
});

test("keys typed in the panel are not the page's shortcuts", async () => {
  const here = await scene();
  await here.page.evaluate(() => {
    document.addEventListener("keydown", () => window.observed.events.push("shortcut" as never));
  });
  await openPanel(here);
  await here.widget.field.press("s");

  expect(await here.page.evaluate(() => window.observed.events)).not.toContain("shortcut");
});

test("an answer that ends while the panel is closed is counted on the launcher", async () => {
  const here = await scene();
  await openPanel(here);
  await here.widget.ask("Question");
  const question = await here.parley.question(0);
  await here.page.keyboard.press("Escape");
  question.say("The answer.");
  question.finish();

  await here.page.locator(".unread", { hasText: "1" }).waitFor();
  await here.widget.launcher.click();
  expect(await here.page.locator(".unread").isVisible()).toBe(false);
});

test("on a phone the panel fills the screen, and at 200 % zoom everything is reachable", async () => {
  for (const [width, height] of [
    [390, 844],
    [720, 450],
  ] as const) {
    const here = await scene({ width, height, touch: width === 390 });
    await openPanel(here);
    expect(await here.widget.panel.boundingBox()).toEqual({ x: 0, y: 0, width, height });
    await here.page.getByRole("button", { name: "Close chat" }).click();
    expect(await here.widget.launcher.isVisible()).toBe(true);
  }
});

test("visitor's no to sharing the page is kept to", async () => {
  const here = await scene();
  await openPanel(here);
  await here.page.getByRole("button", { name: "Stop sharing this page" }).click();
  await here.widget.ask("Question");

  expect((await here.parley.question(0)).page).toBeUndefined();
});

test.each(["#00655b", "#ffd400", "#ffffff", "#000000", "#e11d48", "#777777"])(
  "text on and in %s is readable in both themes",
  async (primaryColor) => {
    for (const theme of ["light", "dark"] as const) {
      const here = await scene({ config: { primaryColor, theme } });
      await openPanel(here);
      const contrasts = await here.page.locator(".root").evaluate((root) => {
        const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        const luminance = (role: string) => {
          if (!context) return 0;
          context.fillStyle = getComputedStyle(root).getPropertyValue(role);
          context.fillRect(0, 0, 1, 1);
          const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data]
            .map((channel) => channel / 255)
            .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
          return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        const contrast = (first: string, second: string) => {
          const [low = 0, high = 0] = [luminance(first), luminance(second)].sort(
            (left, right) => left - right,
          );
          return (high + 0.05) / (low + 0.05);
        };
        return [
          ["--on-signal", "--signal"],
          ["--signal-ink", "--signal-soft"],
          ["--signal-ink", "--sheet"],
          ["--ink", "--signal-soft"],
          ["--ink-3", "--sheet"],
          ["--ink-2", "--sunk"],
          ["--warn", "--warn-soft"],
        ].map(([first = "", second = ""]) => [first, second, contrast(first, second)] as const);
      });
      for (const [first, second, value] of contrasts)
        expect([first, second, value >= 4.5]).toEqual([first, second, true]);
    }
  },
);

test("the sizes are kept: launcher 6 kB, first open 30 kB, all 45 kB", async () => {
  const here = await scene();
  const sizes = [...here.parley.files].map(
    ([path, bytes]) => [path, Bun.gzipSync(new Uint8Array(bytes), { level: 9 }).length] as const,
  );
  const sizeOf = (part: string) =>
    sizes.filter(([path]) => path.includes(part)).reduce((sum, [, size]) => sum + size, 0);
  await openPanel(here);
  const firstOpen = sizes.filter(([path]) =>
    here.parley.requests.some((request) => request.path === `/${path}`),
  );
  const largestLater = Math.max(
    ...sizes.filter(([path]) => /assets\/widget-(?!panel)/.test(path)).map(([, size]) => size),
  );

  expect(EMBED_KEY).toStartWith("pk_");
  expect(sizeOf("widget.js")).toBeLessThanOrEqual(6_000);
  expect(firstOpen.reduce((sum, [, size]) => sum + size, 0)).toBeLessThanOrEqual(30_000);
  expect(sizeOf("widget.js") + sizeOf("widget-panel") + largestLater).toBeLessThanOrEqual(45_000);
});

test("on a touch screen opening does not call up the keyboard, yet the focus is in the panel", async () => {
  const here = await scene({ touch: true });
  await here.widget.launcher.tap();
  await here.widget.field.waitFor();
  const focused = () => here.widget.hosts.evaluate((host) => host.shadowRoot?.activeElement?.className);

  expect(await focused()).toBe("panel");
  await here.page.keyboard.press("Escape");
  expect(await here.widget.panel.isVisible()).toBe(false);
});

test("a visitor whose language Parley does not speak reads that of the page", async () => {
  const here = await scene({ locale: "nl" });
  await here.page.evaluate(() => {
    document.documentElement.lang = "de";
  });
  await openPanel(here);

  expect(await here.widget.panel.getAttribute("lang")).toBe("de");
});

test("a visitor reads their own language before that of the page", async () => {
  const here = await scene({ locale: "fr-CH" });
  await here.page.evaluate(() => {
    document.documentElement.lang = "de";
  });
  await openPanel(here);

  expect(await here.widget.panel.getAttribute("lang")).toBe("fr");
});
