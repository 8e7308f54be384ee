/** Markdown through marked's lexer: its tokens are the document's own structure. */
import { marked, type Token, type Tokens } from "marked";
import type { ParserInput } from "../format.ts";
import { writeHtml } from "../html/parser.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { decodeDocument } from "../shared/decode.ts";
import { type TableSource, tableText } from "../shared/table/table.ts";

/** Quotes in quotes beyond this are an attack or an accident. */
const DEEPEST = 50;

export async function parseMarkdown({ bytes, writer }: ParserInput): Promise<null> {
  const text = withoutTemplateTargets(withoutFrontMatter(decodeDocument(bytes).text));
  writeTokens(marked.lexer(text), writer, 0);
  return null;
}

/** Settings of a site generator at the top are not the document. */
function withoutFrontMatter(text: string): string {
  return text.replace(/^\ufeff?---\r?\n[\s\S]{0,20000}?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/, "");
}

/** A link to `{% page "x" %}` is none to a Markdown parser, so its reader would see all of it. */
function withoutTemplateTargets(text: string): string {
  return text.replace(/\]\(\{[%{][^)\n]{0,500}[%}]\}[^)\s]{0,200}\)/g, "](#)");
}

function writeTokens(tokens: readonly Token[], writer: BlockWriter, depth: number): void {
  for (const token of tokens) writeToken(token, writer, depth);
}

function writeToken(token: Token, writer: BlockWriter, depth: number): void {
  switch (token.type) {
    case "heading":
      writer.heading(token.depth, inlineText(token.tokens), null);
      return;
    case "paragraph":
    case "text":
      writer.block("paragraph", paragraphText(token as Tokens.Paragraph), null);
      return;
    case "code":
      writer.block("code", token.text, null);
      return;
    case "list":
      writer.block("list", listText(token as Tokens.List, 0), null);
      return;
    case "table":
      writer.table(tableOf(token as Tokens.Table), null);
      return;
    case "blockquote":
      if (depth < DEEPEST) writeTokens(token.tokens ?? [], writer, depth + 1);
      return;
    case "html":
      writeHtml(token.text, writer);
      return;
  }
}

/** A line at least this long was broken by an editor and not by its author. */
const WRAPPED_LINE = 60;

function paragraphText({ raw, text, tokens }: Tokens.Paragraph | Tokens.Text): string {
  const shown = tokens === undefined ? text : inlineText(tokens);
  // A break that breaks nothing.
  const whole = shown.replace(/(?:^|\s)\\$/, "");
  const isWrapped = raw.split("\n").some((line) => line.length >= WRAPPED_LINE);
  return isWrapped ? unwrapped(whole) : whole.replaceAll(FORCED_BREAK, "\n");
}

/** Lines that only an editor broke as one; where the author wanted a new line, there is one. */
function unwrapped(text: string): string {
  return text.replace(/[ \t]*\n[ \t]*/g, " ").replaceAll(FORCED_BREAK, "\n");
}

/** Markdown has no table without a row of names, so people leave that empty. */
function tableOf({ header, rows }: Tokens.Table): TableSource {
  const cellsOf = (row: Tokens.TableCell[], isHeader: boolean) => ({
    cells: row.map(({ tokens }) => ({ text: inlineText(tokens), isHeader })),
  });
  return { rows: [cellsOf(header, true), ...rows.map((row) => cellsOf(row, false))], habit: "unknown" };
}

/** A table in an item, as lines of it. */
function tableLines(table: Tokens.Table): string {
  const { sections } = tableText(tableOf(table));
  return sections
    .flatMap(({ title, rows }) => [title ?? "", ...rows.map(({ text }) => text)])
    .filter((line) => line !== "")
    .join("\n");
}

function listText(list: Tokens.List, depth: number): string {
  if (depth > DEEPEST) return "";
  const first = Number(list.start) || 1;
  const lines = list.items.map((item, index) => {
    const mark = list.ordered ? `${first + index}.` : "-";
    return `${"  ".repeat(depth)}${mark} ${itemText(item, depth)}`;
  });
  return lines.join("\n");
}

function itemText(item: Tokens.ListItem, depth: number): string {
  const parts = item.tokens.map((token) => {
    if (token.type === "list") return `\n${listText(token as Tokens.List, depth + 1)}`;
    if (token.type === "space") return "";
    if (token.type === "table") return `\n${tableLines(token as Tokens.Table)}`;
    if ("tokens" in token && token.tokens) return `${unwrapped(inlineText(token.tokens))} `;
    return ` ${token.raw.trim()} `;
  });
  return parts.join("").replace(/ +\n/g, "\n").trim();
}

/** Stands for a line break that the author asked for, until the others are gone. */
const FORCED_BREAK = "\u2028";
/** What a site generator puts in place of such a mark is not in the file. */
const TEMPLATE_TAG = /\{%[^%\n]{0,500}%\}/g;

/** What a reader sees of inline Markdown. */
function inlineText(tokens: readonly Token[] | undefined): string {
  return (tokens ?? []).map(inlineTokenText).join("");
}

function inlineTokenText(token: Token): string {
  if (token.type === "br") return FORCED_BREAK;
  if (token.type === "html") return /^<br\b/i.test(token.raw) ? " " : "";
  if (token.type === "image") return token.text;
  if ("tokens" in token && token.tokens) return inlineText(token.tokens);
  return "text" in token && typeof token.text === "string" ? shownText(token.type, token.text) : token.raw;
}

function shownText(type: string, text: string): string {
  const shown = decodeEntities(text);
  return type === "text" ? shown.replace(TEMPLATE_TAG, "") : shown;
}

/** marked leaves character references to the browser. */
function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? "");
}

const ENTITIES: Record<string, string> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " ", "#39": "'" },
};
