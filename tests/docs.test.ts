import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  commands,
  exitCodes,
  frameTypes,
  widgetAttributes,
  widgetCommands,
  widgetEvents,
} from "../scripts/docs/source-facts.ts";
import { GENERATED_IN, withGeneratedParts } from "../scripts/generate-docs.ts";
import { SETTINGS } from "../src/config.ts";
import { STATUS } from "../src/http/error-response.ts";
import { API } from "../src/http/server.ts";

const REPOSITORY = join(import.meta.dir, "..");
const read = (path: string) => readFileSync(join(REPOSITORY, path), "utf8");
const manifest = JSON.parse(read("package.json")) as {
  version: string;
  packageManager: string;
  scripts: Record<string, string>;
};
const GUIDES = readdirSync(join(REPOSITORY, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);
const PAGES = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", ...GUIDES];

describe("the generated parts", () => {
  test.each([...GENERATED_IN])("of %s are what the source says now; otherwise run bun run docs", (path) => {
    expect(withGeneratedParts(read(path))).toBe(read(path));
  });

  test("stand in no other page, where they would go stale unnoticed", () => {
    const others = PAGES.filter((path) => !GENERATED_IN.some((known) => known === path));
    expect(others.filter((path) => /^<!-- generated:/m.test(read(path)))).toEqual([]);
  });
});

describe("everything there is to use is described", () => {
  test("every setting, with its variable, in operations.md", () => {
    const variables = SETTINGS.map(({ name }) => `PARLEY_${name.replaceAll("-", "_").toUpperCase()}`);
    expect(missing("docs/operations.md", variables)).toEqual([]);
  });

  test("every exit code and every command in operations.md", () => {
    expect(exitCodes().length).toBeGreaterThan(10);
    expect(
      missing(
        "docs/operations.md",
        exitCodes().map(([code]) => code),
      ),
    ).toEqual([]);
    expect(commands()).toContain("serve");
    const text = read("docs/operations.md");
    expect(commands().filter((words) => !text.includes(`parley ${words}`))).toEqual([]);
  });

  test("every error code in api.md or operations.md", () => {
    const text = read("docs/api.md") + read("docs/operations.md");
    expect(Object.keys(STATUS).filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
  });

  test("every endpoint in api.md", () => {
    expect(
      missing(
        "docs/api.md",
        API.map(({ method, path }) => `${method} ${path}`),
      ),
    ).toEqual([]);
  });

  test("every frame of the widget's socket in api.md, with when it comes", () => {
    const { client, server } = frameTypes();
    expect(client).toContain("hello");
    expect(server).toContain("done");
    const text = read("docs/api.md");
    const rows = (heading: string) => text.slice(text.indexOf(`### ${heading}`)).split("\n### ")[0] ?? "";
    expect(client.filter((type) => !rows("From the client").includes(`| \`${type}\` `))).toEqual([]);
    expect(server.filter((type) => !rows("From the server").includes(`| \`${type}\` `))).toEqual([]);
  });

  test("every attribute, command and event of the widget in embed-guide.md", () => {
    const text = read("docs/embed-guide.md");
    expect(widgetAttributes()).toContain("data-api-key");
    expect(widgetAttributes().filter((name) => !text.includes(`| \`${name}\` `))).toEqual([]);
    expect(widgetCommands()).toContain("newConversation");
    expect(widgetCommands().filter((name) => !text.includes(`parley("${name}"`))).toEqual([]);
    expect(widgetEvents()).toContain("message:received");
    expect(widgetEvents().filter((name) => !text.includes(`| \`${name}\` `))).toEqual([]);
  });

  test("and no attribute, command or event that the widget does not have", () => {
    const text = read("docs/embed-guide.md");
    const named = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name ?? "");
    expect(unknown(named(/`(data-[a-z-]+)`/g), widgetAttributes())).toEqual([]);
    expect(unknown(named(/parley\("(\w+)"/g), widgetCommands())).toEqual([]);
    expect(unknown(named(/parley\("on", "([\w:]+)"/g), widgetEvents())).toEqual([]);
  });
});

describe("what the pages name exists", () => {
  test.each(PAGES)("every link of %s leads to a file, and to a heading of it", (path) => {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? "");
    expect(links.filter((target) => !leadsSomewhere(path, target))).toEqual([]);
  });

  test.each(PAGES)("every file that %s names is in the repository", (path) => {
    const names = [
      ...prose(path).matchAll(
        /`((?:src|web|widget|tests|scripts|migrations|docs)\/[\w./-]*\w\/?|build\.ts)`/g,
      ),
    ].map(([, name]) => name ?? "");
    expect(names.filter((name) => !name.includes("NAME") && !existsSync(join(REPOSITORY, name)))).toEqual([]);
  });

  test.each(PAGES)("every command in %s can be run", (path) => {
    const scripts = [...read(path).matchAll(/\bbun(?:@[\d.]+)? run ([a-z]\w*)/g)].map(
      ([, name]) => name ?? "",
    );
    expect(unknown(scripts, Object.keys(manifest.scripts))).toEqual([]);
    const verbs = commands().map((words) => words.split(" ")[0] ?? "");
    const used = [...read(path).matchAll(/(?:^|`)parley ([a-z]+)\b/gm)].map(([, verb]) => verb ?? "");
    expect(unknown(used, [...verbs, "internal"])).toEqual([]);
  });

  test.each(PAGES)("every PARLEY_ variable in %s is read by something", (path) => {
    const variables = SETTINGS.map(({ name }) => `PARLEY_${name.replaceAll("-", "_").toUpperCase()}`);
    const known = [
      ...variables,
      "PARLEY_SECRET_KEY_FILE",
      "PARLEY_EGRESS_PROXY_AUTH_FILE",
      "PARLEY_BENCH_SETS",
      "PARLEY_BENCH_QUESTIONS",
    ];
    const used = [...read(path).matchAll(/`(PARLEY_[A-Z_]+)`/g)].map(([, name]) => name ?? "");
    expect(unknown(used, known)).toEqual([]);
  });
});

describe("the tree in CONTRIBUTING.md", () => {
  const block = /^```text\n(src\/[\s\S]*?)^```$/m.exec(read("CONTRIBUTING.md"))?.[1] ?? "";
  const names = [...block.matchAll(/^( {2})?(\S+) +\S/gm)].map(([, inSource, name]) =>
    inSource ? `src/${name}` : (name ?? ""),
  );

  test("has only what exists", () => {
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !existsSync(join(REPOSITORY, name)))).toEqual([]);
  });

  test("has every folder of src", () => {
    const folders = readdirSync(join(REPOSITORY, "src"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && readdirSync(join(REPOSITORY, "src", entry.name)).length > 0)
      .map(({ name }) => `src/${name}/`);
    expect(unknown(folders, names)).toEqual([]);
  });
});

describe("the pages agree with the package", () => {
  test("README and CHANGELOG name its version", () => {
    expect(/This is version ([\d.]+\d)\./.exec(read("README.md"))?.[1]).toBe(manifest.version);
    expect(/^## \[([\d.]+)\] - \d{4}-\d\d-\d\d$/m.exec(read("CHANGELOG.md"))?.[1]).toBe(manifest.version);
  });

  test("every page runs the Bun that package.json pins", () => {
    for (const path of PAGES) {
      const versions = [...read(path).matchAll(/\b(bun@[\d.]+)/g)].map(([, version]) => version ?? "");
      expect(unknown(versions, [manifest.packageManager])).toEqual([]);
    }
  });

  test("no page names a package registry's host or a folder of somebody's machine", () => {
    const named = PAGES.filter((path) =>
      /\bregistry\.\w|[\s`"(](\/work|\/root|\/home|\/Users)\//.test(read(path)),
    );
    expect(named).toEqual([]);
  });

  test("the README begins with the two commands of a clean machine", () => {
    const beginning = read("README.md").slice(0, 500);
    expect(beginning).toContain(`npx -y ${manifest.packageManager} run up`);
    expect(beginning).toContain(`npx -y ${manifest.packageManager} run ci`);
  });
});

/** Which of `names` the page does not have as code. */
function missing(path: string, names: readonly string[]): string[] {
  const text = read(path);
  return names.filter((name) => !text.includes(`\`${name}\``));
}

function unknown(used: readonly string[], known: readonly string[]): string[] {
  return [...new Set(used)].filter((name) => !known.includes(name));
}

/** A page without its blocks of code, whose paths are examples. */
function prose(path: string): string {
  return read(path).replace(/^```[\s\S]*?^```$/gm, "");
}

function leadsSomewhere(from: string, target: string): boolean {
  if (/^https?:/.test(target)) return true;
  const [file = "", heading] = target.split("#");
  const path = file === "" ? from : join(dirname(from), file);
  if (!existsSync(join(REPOSITORY, path))) return false;
  return heading === undefined || anchors(path).includes(heading);
}

/** Headings as the anchors that hosts of Markdown make of them. */
function anchors(path: string): string[] {
  return [...prose(path).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading ?? "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
