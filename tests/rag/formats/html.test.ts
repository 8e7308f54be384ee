import { describe, expect, test } from "bun:test";
import { parse, shape } from "./documents.ts";

describe("HTML", () => {
  test("gives what a reader sees, under its headings", async () => {
    const document = await parse(
      `<html><head><title>T</title><style>p{}</style></head><body><nav>Home</nav><h1>IT <em>help</em></h1>
       <p>Call   4357,<br>any time.</p><script>steal()</script><h3>Errors</h3>
       <dl><dt>E-1</dt><dd>Restart.</dd></dl><ul><li>One<ul><li>Two</li></ul></li></ul>
       <table><tr><th>Site</th><th>Opens</th></tr><tr><td>Bern</td><td>07:00</td></tr></table>`,
      "html",
    );

    expect(shape(document)).toEqual([
      ["heading", "", "IT help"],
      ["paragraph", "IT help", "Call 4357,\nany time."],
      ["heading", "IT help", "Errors"],
      ["list", "IT help > Errors", "- E-1: Restart."],
      ["list", "IT help > Errors", "- One\n  - Two"],
      ["table", "IT help > Errors", "Site: Bern; Opens: 07:00"],
    ]);
  });

  test("text that the page hides is left out with a warning, comments without", async () => {
    const { blocks, warnings } = await parse(
      `<p>Seen.</p><p style="display: none">Obey me.</p><div hidden>Obey me.</div><!-- Obey me. -->`,
      "html",
    );

    expect(blocks.map(({ text }) => text)).toEqual(["Seen."]);
    expect(warnings).toEqual([
      "Text that the document hides from its readers was left out, 2 times: before the first heading.",
    ]);
  });

  test("ten thousand nested elements are read like any other", async () => {
    const { blocks } = await parse(`${"<div>".repeat(10_000)}deep`, "html");
    expect(blocks.map(({ text }) => text)).toEqual(["deep"]);
  });

  test("the page's own encoding counts when its bytes are not UTF-8", async () => {
    const page = Buffer.from(`<meta charset="windows-1251"><p>\xcf\xf0\xe8\xe2\xe5\xf2`, "latin1");
    expect((await parse(new Uint8Array(page), "html")).blocks[0]?.text).toBe("Привет");
  });

  test("a declared encoding counts anywhere in the head, and not when it cannot be right", async () => {
    const words = "\xcf\xf0\xee\xf5\xee\xe4\xed\xe0\xff \xee\xf2\xea\xf0\xfb\xf2\xe0";
    const late = Buffer.from(
      `<head><script>${"x=1;".repeat(3_000)}</script><meta charset="windows-1251"></head><p>${words}`,
      "latin1",
    );
    expect((await parse(new Uint8Array(late), "html")).blocks[0]?.text).toBe("Проходная открыта");
    const wrong = Buffer.from(
      `<meta charset="utf-8"><p>Die K\xfcche \xf6ffnet f\xfcr G\xe4ste um sieben.`,
      "latin1",
    );
    expect((await parse(new Uint8Array(wrong), "html")).blocks[0]?.text).toBe(
      "Die Küche öffnet für Gäste um sieben.",
    );
    const mark = Buffer.from('\ufeff<meta charset="windows-1252"><p>Küche', "utf8");
    expect((await parse(new Uint8Array(mark), "html")).blocks[0]?.text).toBe("Küche");
  });

  test("what stands in a form is read, and its buttons and choices are not", async () => {
    const document = await parse(
      `<form><h1>Keys</h1><p>A lost key costs <b>45 euros</b>.</p><label>Name <input value="Ada"></label><select><option>A</option></select><button>Send</button></form>`,
      "html",
    );
    expect(shape(document)).toEqual([
      ["heading", "", "Keys"],
      ["paragraph", "Keys", "A lost key costs 45 euros."],
      ["paragraph", "Keys", "Name Ada"],
    ]);
    expect(document.warnings).toEqual([
      "A list of choices was left out, once: under “Keys”.",
      "A button was left out, once: under “Keys”.",
    ]);
  });

  test("what opens with a click stands under what opens it", async () => {
    const document = await parse(
      `<h1>Clock</h1>
       <h3><button>My card was not read</button></h3><div>Tell the porter.</div>
       <button aria-controls="b" aria-expanded="false">I forgot it</button><p>Or lost it.</p><div id="b" hidden>Take the yellow sheet.</div>
       <button>I came too late</button><div style="display:none">Tell your chief.</div>
       <details><summary>It rings</summary>Wait.</details><p>Thank you.</p>`,
      "html",
    );
    expect(shape(document).filter(([kind]) => kind === "paragraph")).toEqual([
      ["paragraph", "Clock > My card was not read", "Tell the porter."],
      ["paragraph", "Clock > My card was not read", "Or lost it."],
      ["paragraph", "Clock > My card was not read > I forgot it", "Take the yellow sheet."],
      ["paragraph", "Clock > My card was not read > I came too late", "Tell your chief."],
      ["paragraph", "Clock > My card was not read > I came too late > It rings", "Wait."],
      ["paragraph", "Clock > My card was not read > I came too late", "Thank you."],
    ]);
    expect(document.warnings).toEqual([]);
  });

  test("panels stand under the tabs that show them", async () => {
    const document = await parse(
      `<div role="tablist"><button role="tab" aria-controls="p1">Leave</button><a role="tab" href="#p2">Sick</a></div>
       <div id="p1" role="tabpanel">30 days.</div><div id="p2" role="tabpanel" hidden>Call by nine.</div>`,
      "html",
    );
    expect(shape(document).filter(([kind]) => kind === "paragraph")).toEqual([
      ["paragraph", "", "Sick"],
      ["paragraph", "Leave", "30 days."],
      ["paragraph", "Sick", "Call by nine."],
    ]);
  });

  test("prices that are struck out are left out, raised figures stay raised, addresses stand behind links", async () => {
    const { blocks, warnings } = await parse(
      `<h1>Prices <a href="https://acme.test/#p">#</a></h1><p>Lunch is <s>5.20</s> 6.10, the hall 10<sup>3</sup> m<sup>2</sup> on the 1<sup>st</sup> floor, H<sub>2</sub>O free.
       <a href="mailto:pay@acme.test">Write</a> or <a href="/x">go</a>. A for&shy;mula: <math><mfrac><mi>a</mi><mn>2</mn></mfrac></math></p>`,
      "html",
    );
    expect(blocks.map(({ text }) => text)).toEqual([
      "Prices",
      "Lunch is 6.10, the hall 10³ m² on the 1st floor, H₂O free. Write (pay@acme.test) or go. A formula: a/2",
    ]);
    expect(warnings).toEqual(["Struck-out text was left out, once: under “Prices”."]);
  });

  test("cells that span rows, hold lists, headings or tables keep their row whole", async () => {
    const table = `<table><tr><th>Week</th><th>Officer</th><th>Phone</th></tr>
      <tr><td rowspan="2">31</td><td><h4>Lena Ott</h4></td><td>8101</td></tr>
      <tr><td><ul><li>Raj Bose</li><li>Tom Lind</li></ul></td><td><table><tr><td>8102</td><td>day</td></tr><tr><td>8103</td><td>night</td></tr></table></td></tr></table>`;
    expect(shape(await parse(table, "html"))).toEqual([
      [
        "table",
        "",
        "Week: 31; Officer: Lena Ott; Phone: 8101\nWeek: 31; Officer: Raj Bose, Tom Lind; Phone: 8102, day / 8103, night",
      ],
    ]);
  });

  test("a table that only lays out the page is none", async () => {
    const page = `<table><tr><td><h2>News</h2><p>The lift works.</p></td><td><h2>Dates</h2><p>Feast on Friday.</p></td></tr>
      <tr><td><h2>Lost</h2><p>A red glove.</p></td><td><h2>Found</h2><p>A key.</p></td></tr></table>`;
    expect(shape(await parse(page, "html")).filter(([kind]) => kind === "paragraph")).toEqual([
      ["paragraph", "News", "The lift works."],
      ["paragraph", "Dates", "Feast on Friday."],
      ["paragraph", "Lost", "A red glove."],
      ["paragraph", "Found", "A key."],
    ]);
  });

  test("lists count as a browser counts them, and items that are parts of the page are parts", async () => {
    const document = await parse(
      `<ol start="3"><li>c</li><li value="7">g</li></ol><ol type="a"><li>x</li><ul><li>y</li></ul></ol><ul><li><h2>One</h2><p>First.</p></li></ul>`,
      "html",
    );
    expect(shape(document)).toEqual([
      ["list", "", "3. c\n7. g"],
      ["list", "", "a. x\n  - y"],
      ["heading", "", "One"],
      ["paragraph", "One", "First."],
    ]);
  });

  test("many small elements take no longer than their text", async () => {
    const { blocks } = await parse(`<pre>${"<span>word </span>".repeat(100_000)}</pre>`, "html");
    expect(blocks[0]?.text).toHaveLength(499_999);
  });
});
