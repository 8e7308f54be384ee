/** Markdown through marked's lexer: its tokens are the document's own structure. */
import { marked, type Token, type Tokens } from "marked";
import type { ParserInput } from "../format.ts";
import { writeHtml } from "../html/parser.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { decodeDocument } from "../shared/encoding/decode.ts";
import { decodeEntities } from "../shared/entities.ts";
import { STRUCK_OUT } from "../shared/left-out.ts";
import { withAddress } from "../shared/links.ts";
import { type TableSource, tableText } from "../shared/table/table.ts";
import { joinWrapped } from "../shared/wrapped.ts";

/** Quotes in quotes beyond this are an attack or an accident. */
const DEEPEST = 50;

export async function parseMarkdown({ bytes, writer }: ParserInput): Promise<null> {
  const { title, text } = takeFrontMatter(decodeDocument(bytes).text);
  const tokens = marked.lexer(withoutTemplateTargets(text));
  const first = tokens.find(({ type }) => type === "heading") as Tokens.Heading | undefined;
  const isRepeated = first !== undefined && headingText(first.tokens).trim() === title;
  if (title !== null && !isRepeated) writer.heading(TITLE_LEVEL, title, null);
  writeTokens(tokens, writer, 0);
  return null;
}

/** Above the headings of the text. */
const TITLE_LEVEL = 0;
const FRONT_MATTER = /^\ufeff?(---|\+\+\+)\r?\n([\s\S]{0,20000}?)(?<=\n)(?:\1|\.\.\.)[ \t]*(?:\r?\n|$)/;
/** In quotation marks of either kind, over indented lines, or as it stands. */
const TITLE =
  /^title[ \t]*[:=][ \t]*(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|[|>][+-]?[ \t]*\n((?:[ \t]+[^\n]*\n?)+)|([^\n]*))/m;

/** Settings of a site generator at the top are not the document, but for what it is called. */
function takeFrontMatter(text: string): { title: string | null; text: string } {
  const settings = FRONT_MATTER.exec(text);
  if (!settings) return { title: null, text };
  const [, double, single, folded, plain] = TITLE.exec((settings[2] ?? "").replaceAll("\r", "")) ?? [];
  const title = (
    double?.replace(/\\(.)/g, "$1") ??
    single?.replaceAll("''", "'") ??
    folded ??
    plain ??
    ""
  ).trim();
  return {
    title: title === "" ? null : decodeEntities(title),
    text: text.slice(settings[0].length),
  };
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
      writer.heading(token.depth, headingText(token.tokens), null);
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

function paragraphText({ text, tokens }: Tokens.Paragraph | Tokens.Text): string {
  const shown = tokens === undefined ? text : inlineText(tokens);
  // A break that breaks nothing.
  const whole = shown.replace(/(?:^|\s)\\$/, "");
  return whole
    .split(FORCED_BREAK)
    .map((part) => joinWrapped(part.split("\n")))
    .join("\n");
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
    if (token.type === "code") return `\n${token.raw.trim()}\n`;
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

/** What a reader sees of inline Markdown, with the addresses behind links. */
function inlineText(tokens: readonly Token[] | undefined): string {
  return (tokens ?? []).map((token) => inlineTokenText(token, inlineText)).join("");
}

/** The same without addresses: a heading stands above every passage of its part. */
function headingText(tokens: readonly Token[] | undefined): string {
  return (tokens ?? [])
    .map((token) => (token.type === "link" ? headingText(token.tokens) : inlineTokenText(token, headingText)))
    .join("");
}

function inlineTokenText(token: Token, inner: (tokens: readonly Token[] | undefined) => string): string {
  if (token.type === "br") return FORCED_BREAK;
  if (token.type === "html") return /^<br\b/i.test(token.raw) ? " " : "";
  if (token.type === "image") return token.text;
  if (token.type === "del") return STRUCK_OUT;
  if (token.type === "link") return withAddress(inner(token.tokens), token.href);
  if ("tokens" in token && token.tokens) return inner(token.tokens);
  return "text" in token && typeof token.text === "string" ? shownText(token.type, token.text) : token.raw;
}

function shownText(type: string, text: string): string {
  const shown = decodeEntities(text);
  return type === "text" ? shown.replace(TEMPLATE_TAG, "") : shown;
}
