import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { version } from "../../package.json";
import { platformOfFile } from "../../scripts/build/file-check.ts";
import { currentTarget } from "../../src/native/parts.ts";
import { anEmptyMachine, BINARY, type EmptyMachine } from "../helpers/binary.ts";
import { writeTinyModel } from "../helpers/tiny-model.ts";

const MAX_SIZE_BYTES = 180_000_000;

let machine: EmptyMachine;
beforeEach(async () => {
  machine = await anEmptyMachine();
});
afterEach(() => machine.remove());

describe("the binary, on a machine with nothing else", () => {
  test("is one program for this platform, and small", async () => {
    expect(await platformOfFile(BINARY)).toBe(currentTarget() ?? "");
    expect((await stat(BINARY)).size).toBeLessThan(MAX_SIZE_BYTES);
  });

  test("says its version", async () => {
    const { exitCode, stdout } = await machine.run("version");

    expect(exitCode).toBe(0);
    expect(stdout).toContain(version);
  });

  test("has every native part inside and embeds with a local model", async () => {
    await writeTinyModel(join(machine.data, "models/tiny-words"));

    const { exitCode, stdout, stderr } = await machine.run("doctor", "--data", machine.data);

    expect(stderr).toBe("");
    expect(stdout).not.toContain("FAIL");
    for (const name of ["SQLite", "sqlite-vec", "ONNX Runtime", "Model tiny-words"])
      expect(stdout).toContain(name);
    expect(exitCode).toBe(0);
  });

  test("writes nothing outside of its data directory: no temporary files, no telemetry of a library", async () => {
    await writeTinyModel(join(machine.data, "models/tiny-words"));
    await machine.run("doctor", "--data", machine.data);

    expect(await machine.strayFiles()).toEqual([]);
  });

  test("keeps its native parts where only the owner may write, and writes them once", async () => {
    await machine.run("doctor", "--data", machine.data);
    const native = join(machine.data, "native");
    const before = await identities(native);
    await machine.run("doctor", "--data", machine.data);

    expect((await stat(native)).mode & 0o777).toBe(0o700);
    expect(Object.keys(before)).toContain("vec0.so");
    expect(await identities(native)).toEqual(before);
  });

  test("does not load a native part that somebody changed, but replaces it", async () => {
    await machine.run("doctor", "--data", machine.data);
    const part = join(machine.data, "native/vec0.so");
    const genuine = await readFile(part);
    await writeFile(part, "not a library");

    const { stdout } = await machine.run("doctor", "--data", machine.data);

    expect(stdout).not.toContain("FAIL");
    expect((await readFile(part)).equals(genuine)).toBe(true);
  });

  test("takes no settings from files in the folder where it is started", async () => {
    const elsewhere = join(machine.data, "../cwd");
    await writeFile(join(elsewhere, "bunfig.toml"), 'preload = ["./evil.ts"]');
    await writeFile(join(elsewhere, "evil.ts"), 'console.log("evil");');

    expect((await machine.run("version")).stdout).not.toContain("evil");
  });
});

/** A file that was written again is another file. */
async function identities(directory: string): Promise<Record<string, number>> {
  const names = await readdir(directory);
  const inodes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).ino));
  return Object.fromEntries(names.map((name, index) => [name, inodes[index] ?? 0]));
}
