/** Markdown through marked's lexer: its tokens are the document's own structure. */
import { marked, type Token, type Tokens } from "marked";
import type { ParserInput } from "../format.ts";
import { writeHtml } from "../html/parser.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { decodeDocument } from "../shared/decode.ts";
import { oneLine, tableLines } from "../shared/table.ts";

/** Quotes in quotes beyond this are an attack or an accident. */
const DEEPEST = 50;

export async function parseMarkdown({ bytes, writer }: ParserInput): Promise<null> {
  writeTokens(marked.lexer(withoutFrontMatter(decodeDocument(bytes).text)), writer, 0);
  return null;
}

/** Settings of a site generator at the top are not the document. */
function withoutFrontMatter(text: string): string {
  return text.replace(/^\ufeff?---\r?\n[\s\S]{0,20000}?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/, "");
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
      writer.block("paragraph", inlineText(token.tokens) || token.text, null);
      return;
    case "code":
      writer.block("code", token.text, null);
      return;
    case "list":
      writer.block("list", listText(token as Tokens.List, 0), null);
      return;
    case "table":
      writer.block("table", tableText(token as Tokens.Table), null);
      return;
    case "blockquote":
      if (depth < DEEPEST) writeTokens(token.tokens ?? [], writer, depth + 1);
      return;
    case "html":
      writeHtml(token.text, writer);
      return;
  }
}

function tableText({ header, rows }: Tokens.Table): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => oneLine(inlineText(cell.tokens))));
  return tableLines(cells, true).join("\n");
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
    if (token.type === "table") return `\n${tableText(token as Tokens.Table)}`;
    return "tokens" in token && token.tokens ? `${inlineText(token.tokens)} ` : ` ${token.raw.trim()} `;
  });
  return parts.join("").replace(/ +\n/g, "\n").trim();
}

/** What a reader sees of inline Markdown. */
function inlineText(tokens: readonly Token[] | undefined): string {
  return (tokens ?? []).map(inlineTokenText).join("");
}

function inlineTokenText(token: Token): string {
  if (token.type === "br") return "\n";
  if (token.type === "html") return /^<br\b/i.test(token.raw) ? " " : "";
  if (token.type === "image") return token.text;
  if ("tokens" in token && token.tokens) return inlineText(token.tokens);
  return "text" in token && typeof token.text === "string" ? decodeEntities(token.text) : token.raw;
}

/** marked leaves character references to the browser. */
function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? "");
}

const ENTITIES: Record<string, string> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " ", "#39": "'" },
};
