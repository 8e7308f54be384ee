import { expect, test } from "bun:test";
import { join } from "node:path";
import { deadline } from "../../src/services/tools/deadline.ts";

const ended = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));

test("what takes too long is told as that, and not as a fault of the server", async () => {
  expect(await ended(deadline(1))).toMatchObject({
    code: "TOOL_TIMEOUT",
    message: expect.stringContaining("0.001 seconds"),
  });
});

test("who gives up before ends it with their own reason", async () => {
  const controller = new AbortController();
  const told = ended(deadline(60_000, controller.signal));
  controller.abort(new Error("gone"));

  expect(await told).toMatchObject({ message: "gone" });
});

test("no look-up has a limit of time whose end nobody made on purpose", async () => {
  const folder = join(import.meta.dir, "../../src/services/tools");
  const files = await Array.fromAsync(new Bun.Glob("*.ts").scan(folder));
  const texts = await Promise.all(files.map((file) => Bun.file(join(folder, file)).text()));
  const bare = files.filter((_, at) => /(?<!`)AbortSignal\.timeout\(/.test(texts[at] ?? ""));

  expect(bare).toEqual([]);
  expect(files.length).toBeGreaterThan(5);
});
