import { html } from "htm/preact";
import { lexer, type Token, type Tokens } from "marked";
import type { ComponentChildren, VNode } from "preact";

export type MarkdownOptions = {
  /** What becomes of `[n]` in the text; null leaves it as it stands. */
  cite: (n: number) => VNode | null;
  /** Whether a link to this address may be clicked. The scheme has been checked before. */
  mayOpen: (url: URL) => boolean;
};

/** Schemes that a click may follow. Everything else is shown as text. */
const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/**
 * Text written by a model or a visitor, as nodes. Nothing in it is trusted: HTML is shown as text, images
 * are never loaded (their address could carry what the model knows), links open only where `mayOpen` says.
 */
export function Markdown({ text, options }: { text: string; options: MarkdownOptions }) {
  if (typeof text !== "string") throw new TypeError("Markdown takes a string.");
  return html`<div class="prose">${lexer(text).map((token) => block(token, options))}</div>`;
}

function block(token: Token, options: MarkdownOptions): ComponentChildren {
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "paragraph":
      return html`<p>${inline(token, options)}</p>`;
    case "heading":
      return html`<h3>${inline(token, options)}</h3>`;
    case "list":
      return list(token as Tokens.List, options);
    case "blockquote":
      return html`<blockquote>${blocks(token, options)}</blockquote>`;
    case "code":
      return html`<pre><code>${token.text}</code></pre>`;
    case "hr":
      return html`<hr />`;
    case "table":
      return table(token as Tokens.Table, options);
    default:
      // Block HTML, and whatever marked learns later: as it was typed.
      return hasChildren(token) ? html`<p>${inline(token, options)}</p>` : html`<p>${token.raw.trim()}</p>`;
  }
}

function blocks(token: Token, options: MarkdownOptions): ComponentChildren {
  return children(token).map((child) =>
    child.type === "text" ? inline(child, options) : block(child, options),
  );
}

function list(token: Tokens.List, options: MarkdownOptions): VNode {
  const items = token.items.map(
    (item) => html`<li>${item.task && (item.checked ? "☑ " : "☐ ")}${blocks(item, options)}</li>`,
  );
  return token.ordered ? html`<ol start=${token.start || 1}>${items}</ol>` : html`<ul>${items}</ul>`;
}

function table(token: Tokens.Table, options: MarkdownOptions): VNode {
  return html`<div class="table-wrap"><table>
    <thead><tr>${token.header.map((cell) => html`<th>${cell.tokens.map((each) => span(each, options))}</th>`)}</tr></thead>
    <tbody>
      ${token.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell.tokens.map((each) => span(each, options))}</td>`)}</tr>`)}
    </tbody>
  </table></div>`;
}

function inline(token: Token, options: MarkdownOptions): ComponentChildren {
  return hasChildren(token)
    ? children(token).map((child) => span(child, options))
    : cited(token.raw, options);
}

function span(token: Token, options: MarkdownOptions): ComponentChildren {
  switch (token.type) {
    case "strong":
      return html`<strong>${inline(token, options)}</strong>`;
    case "em":
      return html`<em>${inline(token, options)}</em>`;
    case "del":
      return html`<del>${inline(token, options)}</del>`;
    case "codespan":
      return html`<code>${token.text}</code>`;
    case "br":
      return html`<br />`;
    case "escape":
      return token.text;
    case "image":
      return "[image blocked]";
    case "link":
      return link(token as Tokens.Link, options);
    case "text":
      return hasChildren(token) ? inline(token, options) : cited(token.raw, options);
    default:
      return token.raw;
  }
}

/** A link that may be opened, or its words with the address behind them. */
function link(token: Tokens.Link, options: MarkdownOptions): ComponentChildren {
  // A definition like "[1]: https://…" would otherwise turn a citation mark into a link.
  const mark = /^\[(\d{1,2})\]$/.exec(token.raw);
  const cite = mark ? options.cite(Number(mark[1])) : null;
  if (cite) return cite;
  const url = safeUrl(token.href);
  const label = inline(token, options);
  if (!url) return label;
  if (!options.mayOpen(url)) return html`${label}${token.text === token.href ? null : ` (${url.href})`}`;
  return html`<a href=${url.href} target="_blank" rel="noopener noreferrer nofollow">${label}</a>`;
}

/** The address, if it is absolute and of a scheme one may follow; else null. */
export function safeUrl(address: string): URL | null {
  try {
    const url = new URL(address);
    return SCHEMES.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

const MARKS = /(\[\d{1,2}\])/;

/** Plain text with its `[n]` marks. */
function cited(text: string, options: MarkdownOptions): ComponentChildren {
  const parts: ComponentChildren[] = [];
  for (const part of text.split(MARKS)) {
    const mark = /^\[(\d{1,2})\]$/.exec(part);
    const cite = mark && options.cite(Number(mark[1]));
    const before = parts.at(-1);
    // A mark belongs to the word before it, and must not stand alone on the next line.
    if (cite && typeof before === "string") parts[parts.length - 1] = before.trimEnd();
    parts.push(cite ?? decodeEntities(part));
  }
  return parts;
}

const ENTITIES: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  nbsp: "\u00a0",
};

/** marked leaves the entities of text as they are; the result is only ever used as text. */
function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

function hasChildren(token: Token): boolean {
  return "tokens" in token && Array.isArray(token.tokens) && token.tokens.length > 0;
}

function children(token: Token): Token[] {
  return ("tokens" in token && token.tokens) || [];
}
