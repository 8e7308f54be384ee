/**
 * PostgreSQL's own parser, compiled to WebAssembly by libpg_query. It is loaded with the first statement: a start has no
 * use for it. https://github.com/constructive-io/libpg-query-node
 */
import { refusedStatement } from "../model-select.ts";

/** The raw parse tree as protobuf's JSON: a node is an object whose only key is its kind. */
export type Tree = { stmts: { stmt?: unknown; stmt_location?: number }[] };

type Parser = {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _wasm_parse_query_raw(text: number): number;
  _wasm_free_parse_result(result: number): void;
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, pointer: number, bytes: number): void;
  UTF8ToString(pointer: number): string;
  getValue(pointer: number, type: "i32"): number;
};

let loading: Promise<Parser> | null = null;

/** @throws AppError UNSAFE_QUERY with the parser's words */
export async function parse(statement: string): Promise<Tree> {
  loading ??= load();
  const parser = await loading;
  try {
    return parsed(parser, statement);
  } catch (thrown) {
    // Its stack or memory may be anywhere now. The next statement gets a new one.
    if (!(thrown instanceof ParserComplaint)) loading = null;
    const words = thrown instanceof ParserComplaint ? thrown.message : "it is nested too deeply";
    throw refusedStatement(`PostgreSQL's parser does not take it (${words}). Write one plain SELECT`);
  }
}

class ParserComplaint extends Error {}

/** The package's own door reads the module from beside its file, which a single binary does not have. */
async function load(): Promise<Parser> {
  const [{ default: start }, { default: path }] = await Promise.all([
    import("libpg-query/wasm/libpg-query.js"),
    import("libpg-query/wasm/libpg-query.wasm", { with: { type: "file" } }),
  ]);
  return start({ wasmBinary: await Bun.file(path).bytes() }) as Promise<Parser>;
}

/** Where the result of a parse has its tree, and where its error; the error begins with its words. */
const [TREE, ERROR] = [0, 8];

function parsed(parser: Parser, statement: string): Tree {
  const bytes = parser.lengthBytesUTF8(statement) + 1;
  const text = parser._malloc(bytes);
  parser.stringToUTF8(statement, text, bytes);
  const result = parser._wasm_parse_query_raw(text);
  try {
    const error = parser.getValue(result + ERROR, "i32");
    if (error !== 0) throw new ParserComplaint(parser.UTF8ToString(parser.getValue(error, "i32")));
    return JSON.parse(parser.UTF8ToString(parser.getValue(result + TREE, "i32"))) as Tree;
  } finally {
    parser._free(text);
    parser._wasm_free_parse_result(result);
  }
}
