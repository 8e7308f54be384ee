import { beforeAll, describe, expect, test } from "bun:test";
import {
  embeddedAsset,
  embeddedMigrations,
  ensureDevelopmentAssets,
  packedModelDirectory,
  sampleDocuments,
} from "../../src/native/embedded.ts";

describe("files that come with Parley", () => {
  beforeAll(() => ensureDevelopmentAssets());

  test("the backoffice's page names a script and styles that are there", async () => {
    const page = (await embeddedAsset("index.html")?.text()) ?? "";
    const named = [...page.matchAll(/"\/(assets\/admin-[a-z0-9]+\.(?:js|css))"/g)].map(
      ([, path]) => path ?? "",
    );

    expect(named.map((path) => embeddedAsset(path)?.type.split(";")[0]).sort()).toEqual([
      "text/css",
      "text/javascript",
    ]);
  });

  test("the widget's script knows where its panel is", async () => {
    const script = (await embeddedAsset("widget.js")?.text()) ?? "";
    const panel = script.match(/\/(assets\/widget-panel-[a-z0-9]+\.js)/)?.[1] ?? "";

    expect(await embeddedAsset(panel)?.exists()).toBe(true);
  });

  test.each([
    "../package.json",
    "assets/../index.html",
    "/etc/passwd",
    "assets",
    "",
    ".git",
    "no-such.js",
    "a//b",
  ])("nothing is to be had by the path %p", (path) => expect(embeddedAsset(path)).toBeNull());

  test("migrations come in their order, with their text", () => {
    const migrations = embeddedMigrations();
    const names = migrations.map(({ name }) => name);

    expect(names[0]).toStartWith("0001_");
    expect(names).toEqual([...names].sort());
    expect(migrations[0]?.sql).toContain("create table");
  });

  test("there are sample documents, and from source no packed model", async () => {
    const [first] = sampleDocuments();

    expect((await first?.bytes())?.length).toBeGreaterThan(0);
    expect(packedModelDirectory()).toBeNull();
  });
});
