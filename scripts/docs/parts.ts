/** The generated parts of the documentation, by the name in their marker. */
import type { z } from "zod";
import { helpText } from "../../src/commands/help.ts";
import { SETTINGS } from "../../src/config.ts";
import type { ErrorCode } from "../../src/errors.ts";
import { type Audience, audienceOf, type Endpoint, isUpload } from "../../src/http/endpoint.ts";
import { STATUS } from "../../src/http/error-response.ts";
import { API, ENDPOINTS } from "../../src/http/server.ts";
import * as access from "../../src/protocol/admin-api/access.ts";
import * as apiKeys from "../../src/protocol/admin-api/api-keys.ts";
import * as connections from "../../src/protocol/admin-api/connections.ts";
import * as conversations from "../../src/protocol/admin-api/conversations.ts";
import * as credentials from "../../src/protocol/admin-api/credentials.ts";
import * as dashboard from "../../src/protocol/admin-api/dashboard.ts";
import * as egress from "../../src/protocol/admin-api/egress.ts";
import * as evals from "../../src/protocol/admin-api/evals.ts";
import * as identity from "../../src/protocol/admin-api/identity.ts";
import * as knowledge from "../../src/protocol/admin-api/knowledge.ts";
import * as llm from "../../src/protocol/admin-api/llm.ts";
import * as mcpServers from "../../src/protocol/admin-api/mcp-servers.ts";
import * as models from "../../src/protocol/admin-api/models.ts";
import * as retention from "../../src/protocol/admin-api/retention.ts";
import * as synonyms from "../../src/protocol/admin-api/synonyms.ts";
import * as tenants from "../../src/protocol/admin-api/tenants.ts";
import * as toolStatistics from "../../src/protocol/admin-api/tool-statistics.ts";
import * as tools from "../../src/protocol/admin-api/tools.ts";
import * as usage from "../../src/protocol/admin-api/usage.ts";
import * as widget from "../../src/protocol/admin-api/widget.ts";
import * as chatAnswers from "../../src/protocol/chat-answers.ts";
import * as chat from "../../src/protocol/chat-decode.ts";
import * as completions from "../../src/protocol/completions.ts";
import { FORMATS } from "../../src/rag/formats/catalog.ts";
import { CALL_HELP, DOCUMENT_HELP, START_HELP } from "./error-help.ts";
import { type NamedSchemas, nameSchemas, shapes } from "./schema-shapes.ts";
import { exitCodes, protocolType } from "./source-facts.ts";

export const PARTS: Record<string, () => string> = {
  settings: settingsTable,
  "command-line": () => block("text", helpText().trimEnd()),
  "exit-codes": exitCodeTable,
  formats: formatTable,
  "document-errors": documentErrorTable,
  endpoints: endpointTables,
  addresses: addressTable,
  shapes: shapeBlocks,
  "error-codes": errorCodeTable,
  "client-frames": () => block("ts", protocolType("ClientFrame")),
  "server-frames": () =>
    block(
      "ts",
      [
        "ServerFrame",
        "ReadyFrame",
        "DoneFrame",
        "MessageView",
        "CitationView",
        "PassageCitationView",
        "ToolCitationView",
        "ColumnView",
        "CellView",
      ]
        .map(protocolType)
        .join("\n\n"),
    ),
};

const SYSEXITS: Record<number, string> = {
  64: "EX_USAGE",
  65: "EX_DATAERR",
  69: "EX_UNAVAILABLE",
  70: "EX_SOFTWARE",
  73: "EX_CANTCREAT",
  74: "EX_IOERR",
  75: "EX_TEMPFAIL",
  77: "EX_NOPERM",
  78: "EX_CONFIG",
};

const HELP: Record<ErrorCode, string> = {
  ...CALL_HELP,
  ...START_HELP,
  ...(Object.fromEntries(Object.entries(DOCUMENT_HELP).map(([code, { means }]) => [code, means])) as Record<
    keyof typeof DOCUMENT_HELP,
    string
  >),
};

function settingsTable(): string {
  return table(
    ["Flag", "Variable", "In `parley.toml`", "Unless given", "What it does"],
    SETTINGS.map(({ name, value, default: fallback, help, flag, secret }) => [
      flag === false
        ? "none: it would show in the process list"
        : code(value === null ? `--${name}` : `--${name} ${value}`),
      code(`PARLEY_${name.replaceAll("-", "_").toUpperCase()}`),
      name === "config" || secret ? "" : code(name),
      fallback === "" ? "" : code(fallback),
      sentence(help),
    ]),
  );
}

function exitCodeTable(): string {
  const rows = exitCodes().map(([errorCode, exitCode]) => [
    String(exitCode),
    code(SYSEXITS[exitCode] ?? ""),
    code(errorCode),
    HELP[errorCode as ErrorCode],
  ]);
  return table(
    ["Exit code", "Name", "Error code", "What happened and what helps"],
    [
      ["0", "", "", "Stopped as asked, or the command did its work."],
      ...rows,
      [
        "70",
        code("EX_SOFTWARE"),
        "any other",
        "A fault in Parley, or `parley doctor` found something that does not work.",
      ],
    ],
  );
}

function formatTable(): string {
  return table(
    ["Format", "Files", "What is taken from it"],
    FORMATS.map(({ label, extensions, takes }) => [
      label,
      extensions.map((extension) => code(`.${extension}`)).join(" "),
      takes,
    ]),
  );
}

function documentErrorTable(): string {
  return table(
    ["Code", "What it means", "What to do"],
    Object.entries(DOCUMENT_HELP).map(([errorCode, { means, helps }]) => [code(errorCode), means, helps]),
  );
}

function errorCodeTable(): string {
  const codes = Object.entries(STATUS) as [ErrorCode, number][];
  const seen = codes.filter(([errorCode]) => !(errorCode in START_HELP));
  return table(
    ["Status", "Code", "What it means"],
    seen
      .sort(([, left], [, right]) => left - right)
      .map(([errorCode, status]) => [String(status), code(errorCode), HELP[errorCode]]),
  );
}

const AUDIENCES: [Audience, string][] = [
  ["anyone", "Anyone"],
  ["admin", "Signed-in people"],
  ["operator", "Operators"],
  ["page", "Pages and scripts"],
  ["program", "Programs with an API key"],
];

const NAMES: NamedSchemas = nameSchemas([
  access,
  connections,
  conversations,
  credentials,
  mcpServers,
  dashboard,
  egress,
  evals,
  knowledge,
  synonyms,
  identity,
  retention,
  apiKeys,
  llm,
  models,
  tenants,
  usage,
  toolStatistics,
  tools,
  widget,
  chat,
  chatAnswers,
  completions,
]);

function endpointTables(): string {
  return AUDIENCES.map(([who, heading]) => {
    const rows = API.filter(({ need }) => audienceOf(need) === who).map(endpointRow);
    return `### ${heading}\n\n${table(["Call", "What it does", "Takes", "Answers"], rows)}`;
  }).join("\n\n");
}

function endpointRow(endpoint: Endpoint): string[] {
  const { method, path, summary, query, body, status, answer } = endpoint;
  const takes = [
    query && `query ${typeName(query)}`,
    body && (isUpload(body) ? "multipart, parts `file`" : typeName(body)),
  ];
  return [
    code(`${method} ${path}`),
    sentence(summary),
    takes.filter(Boolean).join(", "),
    [String(status), answer && typeName(answer)].filter(Boolean).join(" "),
  ];
}

/** What browsers open: everything that is no API. */
function addressTable(): string {
  const rows = ENDPOINTS.filter((endpoint) => !API.includes(endpoint)).map(
    ({ method, path, summary, socket }) => [
      code(`${socket ? "WS" : method} ${path.replace(/\{.*\}/, "")}`),
      sentence(summary),
    ],
  );
  return table(["Address", "What is there"], rows);
}

function typeName(schema: z.ZodType): string {
  const name = NAMES.get(schema);
  if (name === undefined)
    throw new Error("An endpoint's schema is not exported, so that the documentation has no name for it.");
  return code(name);
}

function shapeBlocks(): string {
  const roots = API.flatMap(({ query, body, answer }) => [
    ...(query ? [{ schema: query, io: "input" as const }] : []),
    ...(body && !isUpload(body) ? [{ schema: body, io: "input" as const }] : []),
    ...(answer ? [{ schema: answer, io: "output" as const }] : []),
  ]);
  return block("ts", shapes(roots, NAMES).join("\n\n"));
}

/** Columns are as wide as their widest cell, as the formatter has them. */
function table(head: string[], rows: string[][]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [first = [], ...rest] = cells;
  const rule = widths.map((width) => "-".repeat(width));
  return [first, rule, ...rest].map(line).join("\n");
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function code(text: string): string {
  return text && `\`${text}\``;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
