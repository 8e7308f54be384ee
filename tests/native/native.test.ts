import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyOutVerified, sha256OfFile } from "../../src/native/copy-out.ts";
import { installNativeParts } from "../../src/native/native.ts";
import { nativePartsOf, TARGETS } from "../../src/native/parts.ts";

let directory: string;
let sha256: string;
const read = async () => new TextEncoder().encode("machine code");
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "parley-native-"));
  await writeFile(join(directory, "source.so"), "machine code");
  sha256 = (await sha256OfFile(join(directory, "source.so"))) ?? "";
});
afterAll(() => rm(directory, { recursive: true }));

describe("copying a native part out of the binary", () => {
  test("writes it once, for the owner only, and leaves nothing else", async () => {
    const target = join(directory, "once/part.so");

    expect(await copyOutVerified(read, target, sha256)).toBe(true);
    expect(await copyOutVerified(read, target, sha256)).toBe(false);
    expect(await readFile(target, "utf8")).toBe("machine code");
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(directory, "once"))).toEqual(["part.so"]);
  });

  test("replaces one that somebody changed", async () => {
    const target = join(directory, "changed/part.so");
    await copyOutVerified(read, target, sha256);
    await writeFile(target, "other code!!");

    expect(await copyOutVerified(read, target, sha256)).toBe(true);
    expect(await readFile(target, "utf8")).toBe("machine code");
  });

  test("says which folder it may not write to", async () => {
    await writeFile(join(directory, "a-file"), "");
    const copied = copyOutVerified(read, join(directory, "a-file/part.so"), sha256);

    await expect(copied).rejects.toMatchObject({
      code: "DATA_DIR_NOT_WRITABLE",
      message: expect.stringContaining("a-file/part.so"),
    });
  });
});

test("from source, the native parts are those of node_modules and nothing is copied", async () => {
  const data = join(directory, "data");
  const native = await installNativeParts(data);

  expect([native.sqliteBinding, native.vec0].map(existsSync)).toEqual([true, true]);
  expect(existsSync(join((await native.onnxRuntime()) ?? "", "onnxruntime_binding.node"))).toBe(true);
  expect(existsSync(data)).toBe(false);
});

test("every platform has the parts it needs; macOS on Intel has no ONNX Runtime", () => {
  const counts = TARGETS.map((target) => [target, nativePartsOf(target).onnxRuntime.length]);

  expect(Object.fromEntries(counts)).toEqual({
    "linux-x64": 2,
    "linux-arm64": 2,
    "darwin-arm64": 2,
    "darwin-x64": 0,
    "windows-x64": 2,
  });
});

describe("ONNX Runtime", () => {
  test("is a version that reports to nobody: 1.29 and later carry an uploader", async () => {
    const { onnxRuntime } = await installNativeParts("");
    const directory = await onnxRuntime();
    const library = await Bun.file(join(directory ?? "", "libonnxruntime.so.1")).bytes();

    expect(Buffer.from(library).includes("events.data.microsoft.com")).toBe(false);
    expect(Buffer.from(library).includes("OneCollector")).toBe(false);
  });
});
