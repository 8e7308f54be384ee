/** Who may import whom, as the page on style has it. A file is ruled by the first line that matches it. */
import { describe, expect, test } from "bun:test";
import { dirname, join } from "node:path";
import { Glob } from "bun";

const REPOSITORY = join(import.meta.dir, "..");

/** Groups of files, as the table's cells name them. */
const CORE = /^src\/(domain\/|errors\.ts$)/;
const PORTS = /^src\/(store\/store|providers\/provider|connectors\/connector|tools\/tool)\.ts$/;
const DEPS = /^src\/deps\.ts$/;
const PROTOCOL = /^src\/protocol\//;
const CHAT_PROTOCOL = /^src\/protocol\/chat-protocol\.ts$/;
const under = (folder: string) => new RegExp(`^${folder}/`);

type Rule = {
  importer: RegExp;
  /** Files of ours. */
  may: RegExp[];
  /** Packages from elsewhere; nothing when absent. */
  packages?: RegExp;
};

const NODE = "(node|bun):|bun$";
const RULES: Rule[] = [
  // app.ts, commands/ and main.ts wire everything together, as does what packs the binary's own files for them.
  { importer: /^src\/(app|main|config)\.ts$|^src\/(commands|composition)\//, may: [/./], packages: /./ },
  { importer: /^src\/native\/assets\.ts$/, may: [/./], packages: /./ },

  { importer: CORE, may: [CORE], packages: /^ulid$/ },
  { importer: CHAT_PROTOCOL, may: [CORE] },
  { importer: under("src/lexical"), may: [CORE, under("src/lexical")] },
  { importer: PROTOCOL, may: [CORE, PROTOCOL], packages: /^zod$/ },
  { importer: PORTS, may: [CORE] },
  { importer: DEPS, may: [CORE, PORTS] },
  { importer: /^src\/(log|metrics|version)\.ts$/, may: [CORE, DEPS, /^package\.json$/] },

  {
    importer: under("src/store/sqlite"),
    // The engine lives in threads of its own, which hold copies of its indexes in memory.
    may: [
      ...[
        CORE,
        DEPS,
        /^src\/store\/((store|sealing|reserve)\.ts$|sqlite\/)/,
        /^src\/workers\/(channel|start)\.ts$/,
      ],
      ...["lexical", "vectors"].map((folder) => under(`src/${folder}`)),
    ],
    packages: new RegExp(`^(${NODE}|drizzle-orm|better-sqlite3)`),
  },
  {
    importer: under("src/store"),
    // The engine's migrations come from the packed files.
    may: [CORE, DEPS, under("src/store"), /^src\/native\/embedded\.ts$/],
    packages: new RegExp(`^(${NODE}|better-sqlite3)`),
  },
  {
    importer: under("src/providers"),
    // extractive.ts quotes with rag's own functions, given to it; providers never import them.
    may: [CORE, DEPS, under("src/providers"), under("src/egress")],
    packages: new RegExp(`^(${NODE}|openai|@anthropic-ai/sdk|ollama|zod)`),
  },
  {
    importer: under("src/connectors"),
    may: [CORE, DEPS, under("src/connectors"), under("src/egress")],
    packages: new RegExp(`^(${NODE}|mysql2|mongodb|bson|libpg-query)`),
  },
  {
    importer: under("src/tools"),
    may: [CORE, DEPS, under("src/tools"), under("src/egress"), /^src\/connectors\/(connector|pool)\.ts$/],
    packages: new RegExp(`^(${NODE}|@modelcontextprotocol|@apidevtools|jsonpath-rfc9535|zod)`),
  },
  {
    importer: under("src/rag"),
    may: [CORE, PORTS, under("src/rag"), /^src\/native\/pdf-environment\.ts$/],
    packages:
      /^(node:zlib|chardet|csv-parse|fflate|franc-min|marked|parse5|pdf-parse|pdfjs-dist|snowball-stemmers)/,
  },
  // Indexes in memory, as pure as rag: the search workers hold them.
  { importer: under("src/vectors"), may: [CORE, under("src/vectors")] },
  { importer: under("src/lexical"), may: [CORE, under("src/lexical")] },
  {
    importer: under("src/egress"),
    may: [CORE, DEPS, under("src/egress")],
    packages: new RegExp(`^(${NODE})`),
  },
  {
    importer: under("src/secrets"),
    may: [CORE, DEPS, under("src/secrets")],
    packages: new RegExp(`^(${NODE}|jose|libsodium)`),
  },
  {
    importer: under("src/workers"),
    // The parser child is where rag's parsers run, and native code comes from the packed files.
    may: [
      CORE,
      DEPS,
      PORTS,
      ...["workers", "rag", "vectors", "lexical", "native"].map((folder) => under(`src/${folder}`)),
    ],
    packages: new RegExp(`^(${NODE}|@huggingface|onnxruntime|fflate|zod)`),
  },
  {
    importer: under("src/native"),
    may: [CORE, under("src/native"), under("scripts/build"), /^src\/workers\/model-manifest\.ts$/],
    packages: /./,
  },
  {
    importer: under("src/services"),
    // What fits a tool's parameters is decided in one place, which is as pure as rag.
    may: [CORE, PORTS, DEPS, under("src/rag"), under("src/services"), /^src\/tools\/arguments\.ts$/],
  },
  {
    importer: under("src/http"),
    may: [CORE, DEPS, PROTOCOL, under("src/services"), under("src/http"), /^src\/version\.ts$/],
    packages: /^(hono|zod|node:(util|zlib)$)/,
  },
  {
    importer: under("web"),
    // The preview is the widget itself.
    may: [under("web"), PROTOCOL, /^src\/domain\/ids\.ts$/, /^widget\/preview\/preview\.ts$/],
    packages: /^(preact|htm|@preact|lucide|marked)/,
  },
  {
    importer: under("widget"),
    may: [under("widget"), CHAT_PROTOCOL],
    packages: /^(preact|htm|@preact|marked|lucide)/,
  },
];

type Import = { file: string; specifier: string };

const FILES = (await Array.fromAsync(new Glob("{src,web,widget}/**/*.ts").scan(REPOSITORY))).sort();
const SOURCES = new Map(
  await Promise.all(
    FILES.map(async (file) => [file, await Bun.file(join(REPOSITORY, file)).text()] as const),
  ),
);

/** Static and dynamic imports, types too. */
const IMPORTS: Import[] = [...SOURCES].flatMap(([file, source]) =>
  [
    ...source.matchAll(
      /^\s*(?:import|export)\b[^;"'`]*?from "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm,
    ),
  ].map(([, from, bare, dynamic]) => ({ file, specifier: from ?? bare ?? dynamic ?? "" })),
);

function ruleOf(file: string): Rule | undefined {
  return RULES.find(({ importer }) => importer.test(file));
}

function isAllowed({ file, specifier }: Import): boolean {
  const rule = ruleOf(file);
  if (!rule) return false;
  if (!specifier.startsWith(".")) return rule.packages?.test(specifier) ?? false;
  const target = join(dirname(file), specifier);
  return rule.may.some((allowed) => allowed.test(target));
}

/** Code without comments and without what stands in quotes. */
function codeOf(file: string): string {
  return (SOURCES.get(file) ?? "")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\/\/.*$/gm, "")
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
}

function filesWith(pattern: RegExp, files = FILES): string[] {
  return files.filter((file) => pattern.test(codeOf(file)));
}

describe("the architecture", () => {
  test("imports only point the way the page says", () => {
    const violations = IMPORTS.filter((each) => !isAllowed(each)).map(
      ({ file, specifier }) => `${file} imports ${specifier}`,
    );

    expect(violations).toEqual([]);
    expect(IMPORTS.length).toBeGreaterThan(400);
  });

  test("no folder of services imports another in a circle", () => {
    const roomOf = (path: string) => /^src\/services\/([^/]+)\//.exec(path)?.[1];
    const uses = new Map<string, Set<string>>();
    for (const { file, specifier } of IMPORTS) {
      const [from, to] = [roomOf(file), roomOf(join(dirname(file), specifier))];
      if (from !== undefined && to !== undefined && from !== to)
        uses.set(from, (uses.get(from) ?? new Set()).add(to));
    }
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      [...(uses.get(from) ?? [])].some(
        (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
      );

    expect([...uses.keys()].filter((room) => reaches(room, room))).toEqual([]);
    expect(uses.size).toBeGreaterThan(2);
  });

  test("a component is used by several pages; what one noun alone uses stands beside its page", () => {
    const roomOf = (file: string) =>
      /^web\/(?:pages\/([\w-]+)|(shell|app))/.exec(file)?.slice(1).find(Boolean);
    const usersOf = (component: string, seen = new Set<string>()): Set<string> => {
      const rooms = new Set<string>();
      for (const { file, specifier } of IMPORTS) {
        if (seen.has(file) || join(dirname(file), specifier) !== component) continue;
        seen.add(file);
        const room = roomOf(file);
        if (room !== undefined) rooms.add(room);
        else for (const each of usersOf(file, seen)) rooms.add(each);
      }
      return rooms;
    };
    const components = FILES.filter((file) => file.startsWith("web/components/"));

    expect(components.filter((component) => usersOf(component).size < 2)).toEqual([]);
    expect(components.length).toBeGreaterThan(10);
  });

  test("every import of ours carries its ending", () => {
    const bare = IMPORTS.filter(({ specifier }) => specifier.startsWith(".") && !/\.\w+$/.test(specifier));

    expect(bare).toEqual([]);
  });

  test("only config.ts and main.ts read the environment", () => {
    const readers = filesWith(/\bprocess\.env\b|\bBun\.env\b|import\.meta\.env/);

    // The parser's child gets a few variables of the system handed on, and none of Parley's.
    expect(readers.filter((file) => !/^src\/(config|main|workers\/parser)\.ts$/.test(file))).toEqual([]);
    expect(readers).toContain("src/main.ts");
  });

  test("only main.ts ends the process", () => {
    const ending = filesWith(/\bprocess\.exit\(/).filter(
      (file) => !/^src\/workers\/parser-child\.ts$/.test(file),
    );
    expect(ending).toEqual(["src/main.ts"]);
  });

  test("row 61: only src/egress dials out", () => {
    const dialling =
      /(?<![\w.])fetch\(|\bglobalThis\.fetch\b|\bBun\.(connect|udpSocket)\(|\bnew (WebSocket|EventSource|XMLHttpRequest)\b|\bhttps?\.(request|get)\(|\bnet\.(connect|createConnection)\(/;
    const server = FILES.filter((file) => file.startsWith("src/") && !file.startsWith("src/egress/"));

    // A function that is handed egress's `fetch` may call it by that name.
    const given = (file: string) => /\bfetch: Fetch\b/.test(SOURCES.get(file) ?? "");
    expect(filesWith(dialling, server).filter((file) => !given(file))).toEqual([]);
    const networkModules = IMPORTS.filter(
      ({ file, specifier }) =>
        file.startsWith("src/") &&
        !file.startsWith("src/egress/") &&
        /^(node:)?(net|tls|http|https|http2|dgram|dns|undici)(\/|$)/.test(specifier),
    );
    expect(networkModules).toEqual([]);
  });

  test("row 61: a driver connects to what egress has vetted, and is made nowhere else", () => {
    const drivers = /^(mysql2|mongodb|bson|pg|postgres)(\/|$)|^@modelcontextprotocol\/sdk\/client\//;
    const making =
      /\bnew (Bun\.)?SQL\(|\bcreate(Connection|Pool)\(|\bnew MongoClient\(|\bnew (StreamableHTTP|SSE|WebSocket|Stdio)ClientTransport\(/;
    const makers = filesWith(
      making,
      FILES.filter((file) => file.startsWith("src/")),
    );
    const holding = IMPORTS.filter(
      ({ file, specifier }) => file.startsWith("src/") && drivers.test(specifier),
    ).map(({ file }) => file);

    expect([...makers, ...holding].filter((file) => !/^src\/(connectors|tools)\//.test(file))).toEqual([]);
    // It is given the address, or the `fetch`, that egress gives it; it never looks for a name by itself.
    const vetted = /\bVettedHost\b|\bvettedHost\(|\bfetchFor\(|\bfetch: Fetch\b/;
    expect(makers.filter((file) => !vetted.test(SOURCES.get(file) ?? ""))).toEqual([]);
    expect(makers.length).toBeGreaterThan(1);
  });

  test("only the adapters and their catalogue know vendors by name", () => {
    // Spanish has "videollamada" for a video call.
    // What many servers speak is named after one vendor.
    const vendors = /openai(?!-compatible)|anthropic|claude|(?<!vide)ollama|azure|vllm|lm studio/i;
    const knowing = FILES.filter((file) => !file.startsWith("src/providers/")).filter((file) =>
      vendors.test(SOURCES.get(file) ?? ""),
    );

    expect(knowing).toEqual([]);
  });

  test("nothing is typed `any`, and no check is switched off", () => {
    expect(filesWith(/(?<![\w.])any(?=\s*[;,)\]>|&=]|\[\])/)).toEqual([]);
    const silenced = FILES.filter((file) =>
      /@ts-(ignore|nocheck|expect-error)/.test(SOURCES.get(file) ?? ""),
    );
    expect(silenced).toEqual([]);
  });

  test("nothing is left to do", () => {
    expect(FILES.filter((file) => /\b(TODO|FIXME|XXX)\b/.test(SOURCES.get(file) ?? ""))).toEqual([]);
  });

  test("row 49: our own code writes no HTML and evaluates no text", () => {
    const dangerous =
      /\b(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|srcdoc)\b|\bdocument\.write\b|(?<![\w.])eval\(|\bnew Function\b/;
    expect(filesWith(dangerous)).toEqual([]);
  });
});
