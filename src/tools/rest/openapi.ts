/**
 * Operations of an OpenAPI 3 document as tools. Only what stands in the document is read: a reference to a file or to
 * another address is none.
 */
import type { ApiDescription, ApiOperation, ApiTool } from "../../domain/api-description.ts";
import { HEADER_NAME, headerProblem } from "../../domain/credential.ts";
import { PARAMETER_PLACES, REST_METHODS, type ToolParameter } from "../../domain/tool.ts";
import { AppError } from "../../errors.ts";

type Json = Record<string, unknown>;
type Place = NonNullable<ToolParameter["in"]>;
type Described = { parameter: ToolParameter; original: string } | { problem: string | null };

/** More nobody picks from. */
const MOST_OPERATIONS = 500;
/** References may lead to references. */
const MOST_STEPS = 20;

/** @param address where the document was found, which its servers may be relative to */
export function readOpenApi(text: string, address: URL | null): ApiDescription {
  const document = parseDocument(text);
  if (typeof document.openapi !== "string" || !document.openapi.startsWith("3."))
    throw invalid("This is no OpenAPI 3 document: its “openapi” does not begin with 3.");
  const info = objectAt(document, "info");
  const names = new Set<string>();
  const operations = Object.entries(objectAt(document, "paths")).flatMap(([path, item]) =>
    operationsOf(document, path, resolved(document, item), address, names),
  );
  if (operations.length === 0) throw invalid("This document describes no operation.");
  return {
    title: textOf(info.title, "API", 200),
    version: textOf(info.version, "", 100),
    operations: operations.slice(0, MOST_OPERATIONS),
  };
}

function parseDocument(text: string): Json {
  try {
    const parsed: unknown = /^\s*\{/.test(text) ? JSON.parse(text) : Bun.YAML.parse(text);
    if (isObject(parsed)) return parsed;
  } catch (cause) {
    throw invalid("This is neither JSON nor YAML.", cause);
  }
  throw invalid("This is no OpenAPI document.");
}

function operationsOf(
  document: Json,
  path: string,
  item: Json,
  address: URL | null,
  names: Set<string>,
): ApiOperation[] {
  return REST_METHODS.flatMap((method) => {
    const operation = item[method.toLowerCase()];
    if (!isObject(operation)) return [];
    const summary = textOf(operation.summary, textOf(operation.operationId, `${method} ${path}`, 100), 100);
    const server = serverOf(document, item, operation, address);
    const built = toTool(document, { method, path, item, operation, summary, server: server ?? "" });
    const name = freeName(textOf(operation.operationId, `${method} ${path}`, 200), names);
    const problem = server === null ? "The document names no server with a whole address." : built.problem;
    return [{ method, path, summary, problem, tool: { ...built.tool, name } }];
  });
}

type Source = {
  method: ApiTool["method"];
  path: string;
  item: Json;
  operation: Json;
  summary: string;
  server: string;
};

function toTool(document: Json, source: Source): { tool: Omit<ApiTool, "name">; problem: string | null } {
  const { method, path, item, operation, summary, server } = source;
  const described = [
    ...parametersOf(document, item, operation),
    ...(method === "GET" || method === "HEAD" ? [] : bodyParameters(document, operation)),
  ];
  const found = described.flatMap((each) => ("parameter" in each ? [each] : []));
  const problem = described.find((each) => "problem" in each && each.problem !== null);
  const { url, headers } = placesFor(`${server}${path}`, found);
  return {
    problem: problem && "problem" in problem ? problem.problem : null,
    tool: {
      ...{ type: "rest_api", label: summary, method, url, headers, credential: null },
      description: textOf(operation.description, summary, 2_000),
      effect: method === "GET" || method === "HEAD" ? "read" : "write",
      responsePath: responsePathOf(document, operation),
      parameters: found.map(({ parameter }) => parameter),
    },
  };
}

/** Names that are no names of parameters stand in the address or the headers, with a place for the value. */
function placesFor(template: string, found: readonly { parameter: ToolParameter; original: string }[]) {
  let url = template;
  const headers: Record<string, string> = {};
  const pairs: string[] = [];
  for (const { parameter, original } of found) {
    if (parameter.in === "path") url = url.replaceAll(`{${original}}`, `{${parameter.name}}`);
    if (parameter.in === "header") headers[original] = `{${parameter.name}}`;
    if (parameter.in === "query" && original !== parameter.name)
      pairs.push(`${encodeURIComponent(original)}={${parameter.name}}`);
  }
  return { url: pairs.length === 0 ? url : `${url}?${pairs.join("&")}`, headers };
}

/** Of the path and of the operation, whose own count. */
function parametersOf(document: Json, item: Json, operation: Json): Described[] {
  const all = new Map<string, Json>();
  for (const each of [...listOf(item.parameters), ...listOf(operation.parameters)]) {
    const parameter = resolved(document, each);
    all.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return [...all.values()].map((parameter) => {
    const place = PARAMETER_PLACES.find((each) => each === parameter.in);
    const original = textOf(parameter.name, "", 100);
    const isOurs = place === "header" && (!HEADER_NAME.test(original) || headerProblem(original) !== null);
    if (place === undefined || isOurs || /^authorization$/i.test(original)) return { problem: null };
    const schema = resolved(document, parameter.schema ?? {});
    return describedAs(original, schema, {
      place,
      isRequired: parameter.required === true || place === "path",
      description: parameter.description,
      example: parameter.example,
    });
  });
}

function bodyParameters(document: Json, operation: Json): Described[] {
  const body = resolved(document, operation.requestBody ?? {});
  const content = objectAt(body, "content");
  if (Object.keys(content).length === 0) return [];
  const schema = resolved(document, objectAt(content, "application/json").schema ?? {});
  const properties = objectAt(schema, "properties");
  const required = new Set(listOf(schema.required));
  if (Object.keys(properties).length === 0)
    return [{ problem: "Its body is no JSON object with fields of its own." }];
  return Object.entries(properties).map(([name, property]) => {
    const isRequired = required.has(name);
    if (!isName(name))
      return { problem: isRequired ? `A field of its body is called “${name.slice(0, 100)}”.` : null };
    const field = resolved(document, property);
    return describedAs(name, field, {
      place: "body",
      isRequired,
      description: field.description,
      example: null,
    });
  });
}

type About = { place: Place; isRequired: boolean; description: unknown; example: unknown };

function describedAs(original: string, schema: Json, about: About): Described {
  const { place, isRequired, description, example } = about;
  const type = typeOf(schema);
  if (type === null)
    return {
      problem: isRequired ? `“${original}” is a list or an object, which a tool cannot be asked for.` : null,
    };
  const name = isName(original)
    ? original
    : original
        .replace(/\W/g, "_")
        .replace(/^(?=\d)/, "_")
        .slice(0, 63);
  return {
    original,
    parameter: {
      ...{ name, type, in: place, required: isRequired, boundTo: null, valuesQuery: null },
      description: textOf(description, textOf(schema.description, original, 1_000), 1_000),
      default: isScalar(schema.default) ? schema.default : null,
      values: type === "enum" ? listOf(schema.enum).map(String).slice(0, 1_000) : [],
      ...limitsOf(schema, type),
      pattern: type === "text" ? wholePattern(schema.pattern) : null,
      example: isScalar(example ?? schema.example) ? String(example ?? schema.example).slice(0, 200) : null,
    },
  };
}

function typeOf(schema: Json): ToolParameter["type"] | null {
  if (Array.isArray(schema.enum) && schema.enum.every((value) => typeof value === "string")) return "enum";
  // OpenAPI 3.1 has lists of types, of which null is one.
  const type = listOf(schema.type).find((each) => each !== "null") ?? schema.type ?? "string";
  if (type === "integer" || type === "boolean") return type;
  if (type === "number") return "decimal";
  if (type !== "string") return null;
  return schema.format === "date" ? "date" : schema.format === "date-time" ? "datetime" : "text";
}

function limitsOf(schema: Json, type: ToolParameter["type"]): Pick<ToolParameter, "min" | "max"> {
  const [min, max] =
    type === "text" ? [schema.minLength, schema.maxLength] : [schema.minimum, schema.maximum];
  const isLimited = type === "text" || type === "integer" || type === "decimal";
  const limit = (value: unknown) => (isLimited && typeof value === "number" ? value : null);
  return { min: limit(min), max: limit(max) };
}

/** A tool's pattern matches a text whole; one of a document does so only between these. */
function wholePattern(pattern: unknown): string | null {
  const whole = typeof pattern === "string" ? /^\^(.+)\$$/s.exec(pattern)?.[1] : undefined;
  return whole === undefined || whole.length > 200 ? null : whole;
}

/** The only list of an answer is its rows. */
function responsePathOf(document: Json, operation: Json): string | null {
  const responses = objectAt(operation, "responses");
  const code = Object.keys(responses).find((each) => /^2/.test(each));
  const response = resolved(document, code === undefined ? {} : responses[code]);
  const schema = resolved(document, objectAt(objectAt(response, "content"), "application/json").schema ?? {});
  const lists = Object.entries(objectAt(schema, "properties")).filter(
    ([name, property]) => isName(name) && resolved(document, property).type === "array",
  );
  const [only] = lists;
  return lists.length === 1 && only ? `$.${only[0]}` : null;
}

/** Null where no whole address can be made of it. */
function serverOf(document: Json, item: Json, operation: Json, address: URL | null): string | null {
  const [server] =
    [operation.servers, item.servers, document.servers].map(listOf).find((each) => each.length > 0) ?? [];
  const { url = "/", variables = {} } = isObject(server) ? server : {};
  const filled = String(url).replace(/\{([^{}]+)\}/g, (_, name: string) =>
    String(objectAt(isObject(variables) ? variables : {}, name).default ?? ""),
  );
  const whole = URL.parse(filled, address?.href);
  return whole && /^https?:$/.test(whole.protocol) ? whole.href.replace(/\/$/, "") : null;
}

/** What a reference within the document stands for. @throws AppError VALIDATION */
function resolved(document: Json, value: unknown): Json {
  let found: unknown = value;
  for (let step = 0; isObject(found) && typeof found.$ref === "string"; step++) {
    if (step === MOST_STEPS) throw invalid(`The reference ${found.$ref} leads in a circle.`);
    found = atPointer(document, found.$ref);
  }
  return isObject(found) ? found : {};
}

function atPointer(document: Json, reference: string): unknown {
  if (!reference.startsWith("#/"))
    throw invalid(
      `The document refers to ${reference.slice(0, 200)}, which is not in it. Give it with everything in one file.`,
    );
  return reference
    .slice(2)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>(
      (at, part) => (isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined),
      document,
    );
}

/** `getOrder` is `get_order`; of two, the second has a number. */
function freeName(text: string, taken: Set<string>): string {
  const words = text.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  const base =
    words
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^[^a-z]+|_+$/g, "")
      .slice(0, 58) || "call";
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
  taken.add(name);
  return name;
}

function isName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(text);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function objectAt(value: Json, key: string): Json {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  return isObject(found) ? found : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** One line of it at most, and never empty. */
function textOf(value: unknown, fallback: string, most: number): string {
  const text = typeof value === "string" ? value.replace(/\s+/g, " ").trim() : "";
  return (text || fallback).slice(0, most);
}

function invalid(message: string, cause?: unknown): AppError {
  return new AppError("VALIDATION", message, { cause, details: { fields: { document: message } } });
}
