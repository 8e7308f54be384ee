/**
 * An answer's tree as elements. Everything visible goes in as text; nothing here makes HTML of a string.
 * What it needs of Preact and of the panel is given to it: imported here, too, they would be a file of their
 * own that every first opening waits for.
 */
import type { html as Html } from "htm/preact";
import type { ComponentChildren, VNode } from "preact";
import type { CitationView } from "../../../src/protocol/chat-protocol.ts";
import type { Texts } from "../i18n/en.ts";
import { allowedHref } from "./links.ts";
import type { Block, Inline } from "./markdown/tree.ts";
import type { Passage } from "./passage.ts";

/** Which passage is open, and below which block of the answer it was opened. */
export type OpenPassage = { block: number; n: number } | null;

export type AnswerText = {
  html: typeof Html;
  Passage: typeof Passage;
  texts: Texts;
  /** Hosts that links may lead to: the page's and Parley's. */
  ownHosts: string[];
  blocks: Block[];
  citations: CitationView[];
  writing: boolean;
  open: OpenPassage;
  setOpen: (open: OpenPassage) => void;
};

export function answerText({ html, Passage, open, setOpen, ...answer }: AnswerText): Shown[] {
  const { blocks, citations, writing, texts, ownHosts } = answer;
  return blocks.map((block, index) => {
    const toggle = (n: number) => setOpen(open?.block === index && open.n === n ? null : { block: index, n });
    const writer = blockWriter({
      html,
      texts,
      citations,
      hrefOf: (href) => allowedHref(href, citations, ownHosts),
      openNumber: open?.block === index ? open.n : null,
      toggle,
    });
    const shown = open?.block === index && citations.find(({ n }) => n === open.n);
    const caret = writing && index === blocks.length - 1 ? html`<span class="caret" />` : null;
    return html`${writer.block(block, caret)}${shown && html`<${Passage} citation=${shown} onClose=${() => setOpen(null)} />`}`;
  });
}

type WriterOptions = {
  html: typeof Html;
  texts: Texts;
  citations: CitationView[];
  /** Where a link may lead, or null. */
  hrefOf: (href: string) => string | null;
  openNumber: number | null;
  toggle: (n: number) => void;
};

type Shown = VNode | string | null | (VNode | string | null)[];

function blockWriter(options: WriterOptions) {
  const { html, texts } = options;
  const inline = (children: Inline[]): Shown[] =>
    keepMarksWithWords(children).map((child) => writeInline(child, options, inline));
  /** `caret` goes to the end of the last text, where the next words will appear. */
  const block = (one: Block, caret: VNode | null): Shown => {
    switch (one.type) {
      case "paragraph":
        return html`<p>${inline(one.children)}${caret}</p>`;
      case "heading":
        return html`<h3 aria-level=${Math.min(one.level + 2, 6)}>${inline(one.children)}${caret}</h3>`;
      case "code":
        return html`<pre tabindex="0"><code>${asText(one.text)}</code>${caret}</pre>`;
      case "quote":
        return html`<blockquote>${many(one.blocks, caret)}</blockquote>`;
      case "list":
        return list(one, caret);
      case "table":
        return html`${table(one)}${caret}`;
      case "rule":
        return html`<hr />`;
    }
  };
  const many = (blocks: Block[], caret: VNode | null) =>
    blocks.map((one, index) => block(one, index === blocks.length - 1 ? caret : null));
  const list = ({ ordered, start, items, tasks }: Extract<Block, { type: "list" }>, caret: VNode | null) => {
    const rows = items.map((item, index) => {
      const blocks = many(item, index === items.length - 1 ? caret : null);
      const done = tasks[index];
      if (done === null || done === undefined) return html`<li>${blocks}</li>`;
      return html`<li class="task"><span class=${done ? "tick done" : "tick"}><span class="sr">${done ? texts.taskDone : texts.taskOpen}:</span></span>${blocks}</li>`;
    });
    return ordered ? html`<ol start=${start}>${rows}</ol>` : html`<ul>${rows}</ul>`;
  };
  const table = ({
    head,
    rows,
    align,
  }: Extract<Block, { type: "table" }>) => html`<div class="wide" tabindex="0" role="region"><table>
    <thead><tr>${head.map((cell, column) => html`<th scope="col" class=${sideOf(align[column])}>${inline(cell)}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell, column) => html`<td class=${sideOf(align[column])}>${inline(cell)}</td>`)}</tr>`)}</tbody>
  </table></div>`;
  return { block };
}

/** What must stay on one line: an end of the text and the mark behind it, which must not begin a line. */
type Hugged = { type: "hugged"; children: Inline[] };

/** So much of a word stays with its mark: a line of the narrowest panel has room for it in any script. */
const WORD_END = /^(.*?)(\S{0,12})\s*$/su;
const MOST_TIED = 3;
/** A piece that cannot be cut, such as a link, stays whole with its mark up to this length. */
const LONGEST_WHOLE = 20;

function keepMarksWithWords(nodes: Inline[]): (Inline | Hugged)[] {
  const kept: (Inline | Hugged)[] = [];
  for (const node of nodes) {
    let last = kept.pop();
    // The space between a word and its mark goes, also where the word ends another piece.
    if (node.type === "citation" && last?.type === "text" && !last.text.trim()) last = kept.pop() ?? last;
    if (!last) kept.push(node);
    else if (node.type === "citation") kept.push(...hug(last, node));
    else kept.push(last, node);
  }
  return kept;
}

function hug(last: Inline | Hugged, mark: Inline): (Inline | Hugged)[] {
  switch (last.type) {
    case "hugged":
      return [{ ...last, children: [...last.children, mark] }];
    case "text": {
      const [, before = "", end = ""] = WORD_END.exec(last.text) ?? [];
      return [
        { type: "text", text: before },
        { type: "hugged", children: [{ type: "text", text: end }, mark] },
      ];
    }
    case "strong":
    case "em":
    case "del":
      // Inside it the mark finds the last word.
      return [{ ...last, children: [...last.children, mark] }];
    case "code":
    case "link":
      return lengthOf(last) > LONGEST_WHOLE ? [last, mark] : [{ type: "hugged", children: [last, mark] }];
    default:
      return [last, mark];
  }
}

function lengthOf(node: Inline): number {
  if ("text" in node) return node.text.length;
  return "children" in node ? node.children.reduce((sum, child) => sum + lengthOf(child), 0) : 1;
}

function writeInline(
  node: Inline | Hugged,
  options: WriterOptions,
  inline: (children: Inline[]) => Shown[],
): Shown {
  const { html, texts } = options;
  switch (node.type) {
    case "text":
      return asText(node.text);
    case "code":
      return html`<code>${asText(node.text)}</code>`;
    case "strong":
      return html`<strong>${inline(node.children)}</strong>`;
    case "em":
      return html`<em>${inline(node.children)}</em>`;
    case "del":
      return html`<del>${inline(node.children)}</del>`;
    case "break":
      return html`<br />`;
    case "image":
      return html`<span class="gone">${texts.imageBlocked}</span>`;
    case "link":
      return writeLink(node, options, inline(node.children));
    case "hugged":
      return writeHugged(node, options, inline);
    case "citation":
      return writeCitation(node, options);
  }
}

/** A row of marks may go on in the next line, and so may text in brackets that is no mark. */
function writeHugged(
  { children: [end, ...marks] }: Hugged,
  options: WriterOptions,
  inline: (children: Inline[]) => Shown[],
): Shown {
  const { html } = options;
  const shown = marks.flatMap((mark) => writeInline(mark, options, inline));
  const free = shown.findIndex((mark, index) => index === MOST_TIED || typeof mark === "string");
  const tied = free < 0 ? shown.length : free;
  const text = end && writeInline(end, options, inline);
  return [html`<span class="hug">${text}${shown.slice(0, tied)}</span>`, ...shown.slice(tied)];
}

/** An address that may not be a link is shown whole, so that nobody is sent where they did not mean to go. */
function writeLink(
  { href, children }: Extract<Inline, { type: "link" }>,
  { html, hrefOf }: WriterOptions,
  label: ComponentChildren,
): Shown {
  const target = hrefOf(href);
  if (target) return html`<a href=${target} target="_blank" rel="noopener noreferrer nofollow">${label}</a>`;
  const [only] = children;
  const isBare = children.length === 1 && only?.type === "text" && only.text === href;
  return html`<span>${label}${isBare ? null : ` (${asText(href)})`}</span>`;
}

/** Numbers that the server did not retrieve stay what they are: text. */
function writeCitation(
  { numbers, raw }: Extract<Inline, { type: "citation" }>,
  { html, texts, citations, openNumber, toggle }: WriterOptions,
): Shown {
  const known = numbers.filter((n) => citations.some((citation) => citation.n === n));
  if (known.length === 0) return raw;
  return numbers.map((n) =>
    known.includes(n)
      ? html`<button type="button" class="cite" aria-label=${texts.source.replace("{n}", String(n))} aria-expanded=${String(openNumber === n)} onClick=${() => toggle(n)}>${n}</button>`
      : `[${n}]`,
  );
}

function sideOf(align: string | null | undefined): string | null {
  return align === "right" ? "r" : null;
}

/** Preact would take an object for an element; what a model wrote must never be one. */
function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
