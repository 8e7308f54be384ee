import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { FORMATS, formatNamed } from "../../../src/rag/formats/catalog.ts";
import { detectFormat } from "../../../src/rag/formats/detect.ts";

const REPOSITORY = join(import.meta.dir, "../../..");
const FOLDER = join(REPOSITORY, "src/rag/formats");
const names = FORMATS.map(({ name }) => name);

describe("the catalogue of formats", () => {
  test("has every folder of a format, and a name, a label and endings for each", () => {
    const folders = readdirSync(FOLDER, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "shared")
      .map(({ name }) => name);

    expect([...names].sort()).toEqual(folders.sort());
    for (const { label, takes, extensions } of FORMATS) {
      expect(label).not.toBe("");
      expect(takes).toEndWith(".");
      for (const extension of extensions) expect(extension).toMatch(/^[a-z0-9]{1,10}$/);
    }
  });

  test("no ending belongs to two formats", () => {
    const endings = FORMATS.flatMap(({ extensions }) => [...extensions]);

    expect(new Set(endings).size).toBe(endings.length);
  });

  test("text of a format's own ending is that format, and of an unknown one plain text", () => {
    const words = new TextEncoder().encode("Helmets are worn on the quay.");
    for (const { kind, name, extensions } of FORMATS) {
      for (const extension of kind === "text" ? extensions : [])
        expect(detectFormat(words, `file.${extension.toUpperCase()}`)).toBe(name);
    }
    expect(detectFormat(words, "file.unheardof")).toBe("text");
  });

  test("a document of a format that is not there any more is refused with a sentence", () => {
    expect(() => formatNamed("wordstar")).toThrow("does not read documents of the kind “wordstar”");
  });

  test("detecting loads no parser", async () => {
    const code = `await import("${FOLDER}/detect.ts"); console.log(Object.keys(require.cache).join("\\n"));`;
    const child = Bun.spawn([process.execPath, "-e", code], { stdout: "pipe", stderr: "inherit" });
    const loaded = (await new Response(child.stdout).text()).split("\n");

    expect(loaded.filter((file) => /parser\.ts$|node_modules/.test(file))).toEqual([]);
    expect(loaded.some((file) => file.endsWith("formats/pdf/format.ts"))).toBe(true);
  });

  test("nothing outside knows a format's folder, or tells formats apart by their names", async () => {
    const files = await Array.fromAsync(new Bun.Glob("{src,web}/**/*.ts").scan(REPOSITORY));
    const knowing: string[] = [];
    for (const file of files.filter((each) => !each.startsWith("src/rag/formats/"))) {
      const source = await Bun.file(join(REPOSITORY, file)).text();
      // One or two may be words of something else: a column is "text" or "json", golden questions are "csv".
      const named = names.filter((name) => new RegExp(`["'\`]${name}["'\`]`).test(source));
      if (named.length > 2 || names.some((name) => source.includes(`formats/${name}/`))) knowing.push(file);
    }

    expect(knowing).toEqual([]);
    expect(files.length).toBeGreaterThan(300);
  });
});
