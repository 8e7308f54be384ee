/** The widget, bundled for the browser and kept small: a launcher on every page, the rest when it is needed. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BunPlugin } from "bun";

const LOADER_ENTRY = "widget/loader/main.ts";
const PANEL_ENTRY = "widget/panel/main.ts";
export type WidgetBundles = {
  files: Map<string, Uint8Array>;
  /** The panel's path, with a slash in front. */
  panelPath: string;
};

const PRODUCTION = { "process.env.NODE_ENV": '"production"' };

/**
 * The widget's files by their path below Parley's address:
 *
 *     widget.js                         classic script, the name pages embed; has the panel's path inside
 *     assets/widget-panel-<hash>.js     ES module, loaded when the panel is first opened
 *     assets/widget-<hash>.js           what the panel loads later: markdown, languages
 */
export async function bundleWidget(repository: string): Promise<WidgetBundles> {
  const panel = await Bun.build({
    entrypoints: [join(repository, PANEL_ENTRY)],
    root: repository,
    target: "browser",
    format: "esm",
    minify: true,
    splitting: true,
    // No chunk needs another one, and a hint in the page's head would be something of ours in the page.
    modulePreload: false,
    define: PRODUCTION,
    naming: { entry: "assets/widget-panel-[hash].[ext]", chunk: "assets/widget-[hash].[ext]" },
    plugins: [leanMarked],
  });
  const panelFile = panel.outputs.find(({ kind }) => kind === "entry-point");
  if (!panelFile) throw new Error(`${PANEL_ENTRY} became no script.`);
  const panelPath = `/${pathOf(panelFile)}`;
  const loader = await Bun.build({
    entrypoints: [join(repository, LOADER_ENTRY)],
    root: repository,
    target: "browser",
    format: "iife",
    minify: true,
    define: { ...PRODUCTION, PARLEY_PANEL_PATH: JSON.stringify(panelPath) },
    naming: { entry: "widget.[ext]" },
  });
  const files = new Map<string, Uint8Array>();
  for (const output of [...panel.outputs, ...loader.outputs]) {
    files.set(pathOf(output), new Uint8Array(await output.arrayBuffer()));
  }
  return { files, panelPath };
}

/** Of an output, below Parley's address. */
export function pathOf({ path }: { path: string }): string {
  return path.replaceAll("\\", "/").replace(/^\.\//, "");
}

/**
 * marked attaches its HTML renderer to the function it exports, so a bundler has to keep all of it. The
 * widget only wants the lexer; without that tail the renderer can go, a fifth of the library. With it go the rules
 * that the widget's tokenizer never asks for and another dialect's, which are built by calls that no bundler drops.
 */
export const leanMarked: BunPlugin = {
  name: "lean-marked",
  setup(build) {
    build.onLoad({ filter: /[\\/]marked[\\/]lib[\\/]marked\.esm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const [, kept, exports] =
        /^([\s\S]*)var \w+=new \w+;function \w+\(\w+,\w+\)[\s\S]*?export\{([^}]*)\}/.exec(source) ?? [];
      const wanted = exports?.split(",").filter((name) => / as (?:Lexer|Tokenizer)$/.test(name));
      if (!kept || wanted?.length !== 2) throw unexpectedMarked();
      const ruled = UNUSED_RULES.reduce(withoutRule, DIALECTS.reduce(withoutDialect, kept));
      const lean = UNUSED_EXPRESSIONS.reduce(withoutExpressions, OVERRIDDEN.reduce(withoutBody, ruled));
      return { contents: `${lean}export{${wanted.join(",")}}`, loader: "js" };
    });
  },
};

/** See AnswerTokenizer in widget/panel/answer/markdown/parse.ts. */
const UNUSED_RULES = ["html", "tag", "def", "reflink", "nolink", "reflinkSearch"];
/** Methods of marked's that the widget's tokenizer has its own of. */
const OVERRIDDEN = ["html", "tag", "def", "reflink"];
/** Runs of expressions that only those methods and another dialect use: the first, and the one behind the last. */
const UNUSED_EXPRESSIONS = [
  ["startATag", "startAngleBracket"],
  ["pedanticHrefTitle", "unicodeAlphaNumeric"],
  ["pedanticHeadingBeginRegex", "htmlBeginRegex"],
] as const;
/** What makes each, and what only it uses. */
const DIALECTS = [
  /,\w+=\{\.\.\.\w+,html:g\([\s\S]*?\.getRegex\(\)\}(?=,)/,
  /,\w+=\{\.\.\.\w+,emStrongLDelim:\w+,[^{]*?\.getRegex\(\)\}(?=,)/,
  /,\w+=\{\.\.\.\w+,br:g\([\s\S]*?\.getRegex\(\)\}(?=,)/,
];

/** Nothing chooses the dialect, so its name may lead nowhere. */
function withoutDialect(source: string, dialect: RegExp): string {
  const [made] = dialect.exec(source) ?? [];
  const name = made && /,(\w+)=/.exec(made)?.[1];
  if (!name) throw unexpectedMarked();
  const rest = source.replace(made, "").replace(new RegExp(`,\\w+:${name}(?=[,}])`), "");
  const own = [...made.matchAll(/emStrong\w+:(\w+)/g)].map(([, rule]) => madeBy(rule));
  return own.reduce((kept, rule) => kept.replace(rule, ""), rest);
}

/** The call that makes a rule, up to its comma. */
function madeBy(rule: string | undefined): RegExp {
  return new RegExp(`\\b${rule}=g\\([\\s\\S]*?\\.getRegex\\(\\),`);
}

function withoutRule(source: string, rule: string): string {
  const never = /(\w+)=\{exec:\(\)=>null\}/.exec(source)?.[1];
  const name = new RegExp(`[{,]${rule}:(\\w+)(?=[,}])`).exec(source)?.[1];
  const made = madeBy(name);
  if (!never || !name || !made.test(source)) throw unexpectedMarked();
  return source.replace(made, "").replace(new RegExp(`([{,]${rule}:)${name}(?=[,}])`), `$1${never}`);
}

function withoutExpressions(source: string, [first, behind]: readonly [string, string]): string {
  const [from, to] = [source.indexOf(`${first}:`), source.indexOf(`${behind}:`)];
  if (from < 0 || to < from) throw unexpectedMarked();
  return source.slice(0, from) + source.slice(to);
}

/** No string and no expression in these has a brace of its own; the test beside the parser would notice one. */
function withoutBody(source: string, method: string): string {
  const start = new RegExp(`\\}${method}\\(\\w+(?:,\\w+)*\\)\\{`).exec(source);
  if (!start) throw unexpectedMarked();
  const from = start.index + start[0].length;
  let end = from;
  for (let depth = 1; depth > 0; end++) {
    if (source[end] === undefined) throw unexpectedMarked();
    depth += source[end] === "{" ? 1 : source[end] === "}" ? -1 : 0;
  }
  return source.slice(0, from) + source.slice(end - 1);
}

function unexpectedMarked(): Error {
  return new Error("marked looks different than expected: see leanMarked.");
}
