/**
 * Markdown to a tree of text. The library only finds the structure; no HTML comes out of here, and none
 * goes through: tags are text.
 */
import { Lexer, type Token, Tokenizer, type Tokens } from "marked";
import { inlineText } from "./citations.ts";
import type { Block, Inline } from "./tree.ts";

/** Without HTML, which is to be seen as it was written, and without link definitions, which could turn a citation into somebody's link. */
class AnswerTokenizer extends Tokenizer {
  override html(): undefined {}
  override tag(): undefined {}
  override def(): undefined {}
  override reflink(): undefined {}
}

export function parseMarkdown(text: string): Block[] {
  return toBlocks(Lexer.lex(text, { gfm: true, breaks: false, tokenizer: new AnswerTokenizer() }));
}

function toBlocks(tokens: Token[]): Block[] {
  return tokens.flatMap((token) => toBlock(token as Tokens.Generic) ?? []);
}

function toBlock(token: Tokens.Generic): Block | null {
  switch (token.type) {
    case "space":
    case "checkbox":
      return null;
    case "heading":
      return { type: "heading", level: token.depth, children: toInlines(token.tokens) };
    case "code":
      return { type: "code", text: token.text };
    case "blockquote":
      return { type: "quote", blocks: toBlocks(token.tokens ?? []) };
    case "list":
      return {
        type: "list",
        ordered: token.ordered,
        start: token.start || 1,
        items: token.items.map((item: Tokens.ListItem) => toBlocks(item.tokens)),
        tasks: token.items.map(({ task, checked }: Tokens.ListItem) => (task ? checked === true : null)),
      };
    case "table":
      return toTable(token as Tokens.Table);
    case "hr":
      return { type: "rule" };
    default:
      return { type: "paragraph", children: token.tokens ? toInlines(token.tokens) : inlineText(token.raw) };
  }
}

function toTable({ align, header, rows }: Tokens.Table): Block {
  return {
    type: "table",
    align,
    head: header.map(({ tokens }) => toInlines(tokens)),
    rows: rows.map((row) => row.map(({ tokens }) => toInlines(tokens))),
  };
}

function toInlines(tokens: Token[] | undefined): Inline[] {
  return (tokens ?? []).flatMap((token) => toInline(token as Tokens.Generic));
}

function toInline(token: Tokens.Generic): Inline[] {
  switch (token.type) {
    case "strong":
    case "em":
    case "del":
      return [{ type: token.type, children: toInlines(token.tokens) }];
    case "codespan":
      return [{ type: "code", text: token.text }];
    // The list says which of its items are tasks.
    case "checkbox":
      return [];
    case "br":
      return [{ type: "break" }];
    case "image":
      return [{ type: "image" }];
    case "link":
      return [{ type: "link", href: token.href, children: toInlines(token.tokens) }];
    case "text":
      return token.tokens ? toInlines(token.tokens) : inlineText(token.text);
    case "escape":
      return [{ type: "text", text: token.text }];
    default:
      return inlineText(token.raw);
  }
}
