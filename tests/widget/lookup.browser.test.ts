/** A look-up that lacks values asks for them, and what is filled in is the visitor's next message. */
import { expect, test } from "bun:test";
import { STOCK_FORM } from "./helpers/citations.ts";
import { openPanel, useScenes } from "./helpers/scene.ts";

const scene = useScenes();

async function offered(sockets: "passed" | "refused") {
  const here = await scene({ sockets });
  await openPanel(here);
  await here.widget.ask("How many laptops are in stock?");
  const question = await here.parley.question(0);
  question.say("I can look this up: **Stock in a city**.");
  question.offer(STOCK_FORM);
  question.finish();
  await here.page.getByRole("form", { name: "Stock in a city" }).waitFor();
  return here;
}

test.each(["passed", "refused"] as const)("where sockets are %s", async (sockets) => {
  const { page, parley } = await offered(sockets);
  expect(await page.locator("[name=product]").inputValue()).toBe("Laptop");

  // People see the label; what is sent is the value.
  await page.locator("[name=city]").selectOption({ label: "Berlin Mitte" });
  await page.locator("[name=least]").fill("3");
  await page.getByRole("button", { name: "Look it up" }).click();

  const next = await parley.question(1);
  expect(next.filledIn).toMatchObject({
    tool: "stock",
    values: { product: "Laptop", city: "Berlin", least: 3 },
  });
  expect(await page.locator(".visitor .said").last().textContent()).toBe(
    "Stock in a city: Laptop, Berlin Mitte, 3",
  );
  expect(await page.getByRole("form", { name: "Stock in a city" }).count()).toBe(0);
});

test("a value that is missing is asked for by the browser, and nothing is sent", async () => {
  const { page, parley } = await offered("passed");

  await page.getByRole("button", { name: "Look it up" }).click();

  expect(
    await page.locator("[name=city]").evaluate((field) => (field as HTMLSelectElement).validity.valueMissing),
  ).toBe(true);
  expect(parley.questions).toHaveLength(1);
});

test("the form is there again after a reload", async () => {
  const here = await offered("passed");
  await here.page.reload();

  await here.widget.field.waitFor();
  expect(await here.page.locator("[name=product]").inputValue()).toBe("Laptop");
});
