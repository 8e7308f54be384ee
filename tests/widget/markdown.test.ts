import { expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { leanMarked } from "../../scripts/build/widget-bundles.ts";
import type { CitationView } from "../../src/protocol/chat-protocol.ts";
import { allowedHref } from "../../widget/panel/answer/links.ts";
import { parseMarkdown } from "../../widget/panel/answer/markdown/parse.ts";
import type { Block, Inline } from "../../widget/panel/answer/markdown/tree.ts";
import { tidyUnfinished } from "../../widget/panel/answer/markdown/unfinished.ts";
import { STOCK } from "./helpers/citations.ts";

const CITATION: CitationView = {
  kind: "passage",
  n: 1,
  chunk: "chk_1",
  source: "src_1",
  title: "Travel policy",
  text: "Book at https://travel.example/portal before you go.",
  url: "https://wiki.example/travel",
};
const HOSTS = ["intranet.test"];

function inlinesOf(text: string): Inline[] {
  return parseMarkdown(text).flatMap((block: Block) => (block.type === "paragraph" ? block.children : []));
}

test("links that stand in a passage or in rows that were looked up may be followed, and no others", () => {
  const rows = { ...STOCK, rows: [["See https://stock.example/14 today", 1, "2.00", null, true]] };

  expect(allowedHref("https://stock.example/14", [rows], HOSTS)).toBe("https://stock.example/14");
  expect(allowedHref("https://stock.example/15", [rows], HOSTS)).toBeNull();
});

test("numbers in brackets are citations, alone, in a row and together", () => {
  expect(inlinesOf("Limit [1][2] and [1, 3].")).toEqual([
    { type: "text", text: "Limit " },
    { type: "citation", numbers: [1], raw: "[1]" },
    { type: "citation", numbers: [2], raw: "[2]" },
    { type: "text", text: " and " },
    { type: "citation", numbers: [1, 3], raw: "[1, 3]" },
    { type: "text", text: "." },
  ]);
});

test("a model cannot define where a citation leads", () => {
  const inlines = inlinesOf("[1]: https://evil.example\n\nSee [1].");

  expect(inlines.filter(({ type }) => type === "citation")).toHaveLength(2);
  expect(JSON.stringify(inlines)).not.toContain(
    '"href":"https://evil.example","children":[{"type":"citation"',
  );
});

test("tags are text, in a block and in a line", () => {
  for (const tag of [
    "<img src=x onerror=__pwn=1>",
    "<svg onload=alert(1)>",
    "<script>alert(1)</script>",
    "<!-- x -->",
  ]) {
    expect(
      inlinesOf(tag)
        .map((node) => ("text" in node ? node.text : node.type))
        .join(""),
    ).toBe(tag);
    expect(
      inlinesOf(`a ${tag}`)
        .map((node) => ("text" in node ? node.text : node.type))
        .join(""),
    ).toBe(`a ${tag}`);
  }
});

test("an image is never more than a note that there was one", () => {
  expect(inlinesOf("![a](https://canary.example/?d=SECRET)")).toEqual([{ type: "image" }]);
});

test("diagrams and HTML in fences stay code", () => {
  expect(parseMarkdown("```html\n<b>x</b>\n```\n\n```mermaid\ngraph TD\n```")).toEqual([
    { type: "code", text: "<b>x</b>" },
    { type: "code", text: "graph TD" },
  ]);
});

test("lists, tables, headings and emphasis keep their structure", () => {
  expect(
    parseMarkdown("## Title\n\n1. **one** [1]\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
  ).toMatchObject([
    { type: "heading", level: 2 },
    {
      type: "list",
      ordered: true,
      items: [
        [{ children: [{ type: "strong" }, { text: " " }, { type: "citation" }] }],
        [{ type: "paragraph" }],
      ],
    },
    { type: "table", head: [[{ text: "a" }], [{ text: "b" }]], rows: [[[{ text: "1" }], [{ text: "2" }]]] },
  ]);
});

test("a list says which of its items are tasks, tight or loose, and which are done", () => {
  const item = (text: string) => [{ type: "paragraph", children: [{ type: "text", text }] }];
  for (const text of ["- [ ] one\n- [x] two\n- three", "- [ ] one\n\n- [X] two\n\n- three"]) {
    expect(parseMarkdown(text)).toMatchObject([
      { type: "list", tasks: [false, true, null], items: [item("one"), item("two"), item("three")] },
    ]);
  }
});

test.each([
  "javascript:alert(1)",
  "JaVa\tscript:alert(1)",
  "data:text/html,<b>x</b>",
  "vbscript:x",
  "//evil.example",
  "&#106;avascript:alert(1)",
  "blob:https://intranet.test/1",
  "file:///etc/passwd",
  "/relative",
])("%s is no link", (href) => {
  expect(allowedHref(href, [CITATION], HOSTS)).toBeNull();
});

test("a web address is a link when the server retrieved it or it is our own, otherwise text", () => {
  expect(allowedHref("https://travel.example/portal", [CITATION], HOSTS)).toBe(
    "https://travel.example/portal",
  );
  expect(allowedHref("https://wiki.example/other", [CITATION], HOSTS)).toBe("https://wiki.example/other");
  expect(allowedHref("http://intranet.test/page", [], HOSTS)).toBe("http://intranet.test/page");
  expect(allowedHref("https://canary.example/SECRET", [CITATION], HOSTS)).toBeNull();
  expect(allowedHref("https://travel.example/portal?d=SECRET", [CITATION], HOSTS)).toBeNull();
});

test("mail and telephone are links", () => {
  expect(allowedHref("mailto:desk@acme.example", [], [])).toBe("mailto:desk@acme.example");
  expect(allowedHref("tel:+41441234567", [], [])).toBe("tel:+41441234567");
});

test("an answer that is still arriving shows no half of a citation, and its emphasis is closed", () => {
  expect(tidyUnfinished("The limit is **190 eu")).toBe("The limit is **190 eu**");
  expect(tidyUnfinished("The limit [1")).toBe("The limit");
  expect(tidyUnfinished("The limit [1, ")).toBe("The limit");
  expect(tidyUnfinished("Run `parley ser")).toBe("Run `parley ser`");
  expect(tidyUnfinished("```sh\na **b")).toBe("```sh\na **b");
  for (const begun of ["- [", "- [x", "- [ ]", "- [ ] "]) expect(tidyUnfinished(begun)).toBe("-");
});

test("byte by byte, nothing that arrives is ever more than text, structure or a checked link", () => {
  const answer =
    "**Bold** <img src=x onerror=__pwn=1> [x](javascript:alert(1)) ![a](https://canary.example/?d=S) [1] `code`\n\n- a\n- b";
  const types = new Set<string>();
  for (let end = 1; end <= answer.length; end++) {
    JSON.stringify(parseMarkdown(tidyUnfinished(answer.slice(0, end))), (key, value) => {
      if (key === "type") types.add(value);
      return value;
    });
  }

  expect([...types].sort()).toEqual([
    "citation",
    "code",
    "image",
    "link",
    "list",
    "paragraph",
    "strong",
    "text",
  ]);
});

test("the parser that visitors get, without the rules that it never asks, reads as the whole one does", async () => {
  const repository = join(import.meta.dir, "../..");
  const built = await Bun.build({
    entrypoints: [join(repository, "widget/panel/answer/markdown/parse.ts")],
    target: "bun",
    minify: true,
    plugins: [leanMarked],
  });
  const script = new Blob([(await built.outputs[0]?.text()) ?? ""], { type: "text/javascript" });
  const lean: { parseMarkdown: typeof parseMarkdown } = await import(URL.createObjectURL(script));
  const documents = (await readdir(join(repository, "docs"))).filter((name) => name.endsWith(".md"));
  const texts = await Promise.all(documents.map((name) => readFile(join(repository, "docs", name), "utf8")));
  const odd =
    'a *b* **c** ***d*** _e_ __f__ ~~g~~ `h` <i>j</i>\n<div>k\n\nl</div>\n\n[m]: http://n.example\n[m] [o][m]\n\n> p\n> q\n\nr\n===\n\n| s | t |\n|--|:-:|\n| *u* | v |\n\nw@x.example https://y.example www.z.example <!-- a -->\n\n*a_b_c* **d*e*f** "*quoted*" 一**二**三';

  for (const text of [...texts.flatMap((text) => text.split(/\n(?=#)/)), odd])
    expect(lean.parseMarkdown(text)).toEqual(parseMarkdown(text));
});
