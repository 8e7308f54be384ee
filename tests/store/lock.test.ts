import { describe, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockDataDirectory } from "../../src/store/lock.ts";

const newDirectory = () => mkdtempSync(join(tmpdir(), "parley-lock-"));

describe("the data directory", () => {
  test("is made where there is none and belongs to one Parley at a time", () => {
    const directory = join(newDirectory(), "deep/data");
    const lock = lockDataDirectory(directory);

    expect(() => lockDataDirectory(directory)).toThrow(expect.objectContaining({ code: "DATA_DIR_LOCKED" }));
    lock.release();
    lockDataDirectory(directory).release();
  });

  test("stays locked against other processes until its owner ends, kill -9 included", async () => {
    const directory = newDirectory();
    const owner = await lockElsewhere(directory);

    expect(() => lockDataDirectory(directory)).toThrow(expect.objectContaining({ code: "DATA_DIR_LOCKED" }));
    owner.kill("SIGKILL");
    await owner.exited;
    lockDataDirectory(directory).release();
  });

  test("must be a folder that can be written to", () => {
    const file = join(newDirectory(), "file");
    writeFileSync(file, "");

    for (const path of [file, join(file, "below")]) {
      const error = expect.objectContaining({ code: "DATA_DIR_NOT_WRITABLE" });
      expect(() => lockDataDirectory(path)).toThrow(error);
    }
  });
});

async function lockElsewhere(directory: string) {
  const script = `
    const { lockDataDirectory } = await import(${JSON.stringify(join(import.meta.dir, "../../src/store/lock.ts"))});
    globalThis.lock = lockDataDirectory(${JSON.stringify(directory)});
    console.log("locked");
    setInterval(() => globalThis.lock, 1000);`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });
  await child.stdout.getReader().read();
  return child;
}
