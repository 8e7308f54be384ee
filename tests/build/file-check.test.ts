import { expect, test } from "bun:test";
import { join } from "node:path";
import { platformOfFile, requirePlatform } from "../../scripts/build/file-check.ts";
import { nativePartsOf, TARGETS } from "../../src/native/parts.ts";

const MODULES = join(import.meta.dir, "../../node_modules");

test.each([...TARGETS])("the build knows a program for %s by its first bytes", async (target) => {
  const { sqliteBinding, onnxRuntime } = nativePartsOf(target);
  const platforms = await Promise.all(
    [sqliteBinding, ...onnxRuntime].map(({ source }) => platformOfFile(join(MODULES, source))),
  );

  expect(new Set(platforms)).toEqual(new Set([target]));
});

test("the build refuses a part of another platform", async () => {
  const { source } = nativePartsOf("linux-arm64").sqliteBinding;

  await expect(requirePlatform([join(MODULES, source)], "linux-x64")).rejects.toThrow("is for linux-arm64");
  expect(await platformOfFile(join(MODULES, "../package.json"))).toBe("no program");
});
