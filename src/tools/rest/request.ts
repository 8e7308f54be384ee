/** One call of an API: from what an admin wrote down and values that fit their parameters. Pure. */
import { headerProblem, isHeaderValue } from "../../domain/credential.ts";
import type {
  ArgumentValue,
  CatalogueTool,
  ToolAction,
  ToolArguments,
  ToolParameter,
} from "../../domain/tool.ts";
import { parseOutboundUrl } from "../../egress/outbound-url.ts";
import { AppError } from "../../errors.ts";
import { invalidArguments } from "../arguments.ts";
import { filled, placesIn, requireKnownPlaces } from "./template.ts";

export type RestAction = Extract<ToolAction, { type: "rest_api" }>;
export type RestRequest = { url: URL; method: RestAction["method"]; headers: Headers; body: string | null };

type Place = NonNullable<ToolParameter["in"]>;
/** What a method may have no body for. */
const WITHOUT_BODY: ReadonlySet<string> = new Set(["GET", "HEAD"]);
/** Signs a segment of a path would mean something else with. */
const CONTROL = /\p{Cc}/u;

/** Where the template's own parts begin: origin and path, query. */
type Parts = { address: string; query: string };

/**
 * @throws AppError UNSAFE_URL · UNKNOWN_PLACEHOLDER · VALIDATION naming the field
 */
export function requireSoundRequest({ parameters }: CatalogueTool, action: RestAction): void {
  requireKnownPlaces("url", action.url, parameters);
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(action.url)?.[0] ?? "";
  if (/[{}]/.test(origin))
    throw invalid("url", "The host of an address is fixed: parameters stand in its path and its query.");
  if (action.url.includes("#")) throw invalid("url", "An address that is called has no part behind a #.");
  const url = parseOutboundUrl(filled(action.url, () => "x"));
  if (url.href.length > 2_000) throw invalid("url", "The address is too long.");
  for (const [name, value] of Object.entries(action.headers)) requireHeader(name, value, parameters);
  const names = Object.keys(action.headers).map((name) => name.toLowerCase());
  if (new Set(names).size < names.length) throw invalid("headers", "One of the headers stands there twice.");
  for (const [index, parameter] of parameters.entries()) requirePlace(index, parameter, action);
}

function requireHeader(name: string, value: string, parameters: readonly ToolParameter[]): void {
  const problem = headerProblem(name);
  if (problem) throw invalid("headers", problem);
  if (/^authorization$/i.test(name))
    throw invalid("headers", "What an API wants to see is given as a credential, not as a header.");
  requireKnownPlaces("headers", value, parameters);
  if (!isHeaderValue(value))
    throw invalid("headers", `The value of ${name} has signs that a header cannot hold.`);
}

function requirePlace(index: number, parameter: ToolParameter, action: RestAction): void {
  const place = placeOf(parameter, action);
  const isNamed = placesIn(splitAddress(action.url).address).includes(parameter.name);
  const field = `parameters.${index}.in`;
  if (place === "path" && !isNamed)
    throw invalid(field, `The address has no {${parameter.name}} in its path.`);
  if (place !== "path" && isNamed)
    throw invalid(
      field,
      `{${parameter.name}} stands in the path of the address, so it is a parameter in the path.`,
    );
  if (place === "path" && !parameter.required && parameter.default === null)
    throw invalid(`parameters.${index}.required`, `What stands in the path is required: ${parameter.name}.`);
  if (place === "body" && WITHOUT_BODY.has(action.method))
    throw invalid(field, `${action.method} sends no body. Put ${parameter.name} into the query.`);
  const header = headerName(parameter.name);
  const problem = place === "header" && !isInHeaders(parameter, action) ? headerProblem(header) : null;
  if (problem ?? (place === "header" && /^authorization$/i.test(header)))
    throw invalid(field, problem ?? "Authorization is given as a credential.");
}

/** Where a value goes: as it is said, else where its name stands, else where such a method has its parameters. */
export function placeOf(parameter: ToolParameter, action: RestAction): Place {
  if (parameter.in !== null) return parameter.in;
  const { address, query } = splitAddress(action.url);
  if (placesIn(address).includes(parameter.name)) return "path";
  if (placesIn(query).includes(parameter.name)) return "query";
  if (isInHeaders(parameter, action)) return "header";
  return WITHOUT_BODY.has(action.method) || action.method === "DELETE" ? "query" : "body";
}

/** @throws AppError INVALID_ARGUMENT for a value that its place cannot hold */
export function toRequest(
  { parameters }: Pick<CatalogueTool, "parameters">,
  action: RestAction,
  values: ToolArguments,
): RestRequest {
  const placed = (place: Place) => parameters.filter((parameter) => placeOf(parameter, action) === place);
  const { address, query } = splitAddress(action.url);
  const url = parseOutboundUrl(filledPath(address, values));
  url.search = filledQuery(query, placed("query"), values);
  const headers = new Headers({ accept: "application/json" });
  for (const [name, template] of Object.entries(action.headers)) setHeader(headers, name, template, values);
  for (const { name } of placed("header").filter((parameter) => !isInHeaders(parameter, action)))
    if (hasValue(values, name)) setHeader(headers, headerName(name), `{${name}}`, values);
  const body = bodyOf(action, placed("body"), values);
  if (body !== null) headers.set("content-type", "application/json");
  return { url, method: action.method, headers, body };
}

function splitAddress(url: string): Parts {
  const at = url.indexOf("?");
  return at < 0 ? { address: url, query: "" } : { address: url.slice(0, at), query: url.slice(at + 1) };
}

/** Each value is one segment, or a part of one: it can neither leave the path nor begin another part of the address. */
function filledPath(address: string, values: ToolArguments): string {
  const [origin = "", path = ""] = /^([^/]*\/\/[^/]*)(.*)$/s.exec(address)?.slice(1) ?? [];
  const segments = path.split("/").map((segment) => {
    if (placesIn(segment).length === 0) return segment;
    const text = filled(segment, (name) => encodeURIComponent(pathText(name, values)));
    if (/^\.{1,2}$/.test(text)) throw wrong(placesIn(segment)[0] ?? "", "cannot be . or .. here");
    return text;
  });
  return origin + segments.join("/");
}

function pathText(name: string, values: ToolArguments): string {
  const text = toText(values[name] ?? null);
  if (text.trim() === "") throw wrong(name, "cannot be empty here");
  if (CONTROL.test(text)) throw wrong(name, "has characters that cannot stand in an address");
  return text;
}

/** A pair of the template whose parameter has no value is left out. */
function filledQuery(template: string, inQuery: readonly ToolParameter[], values: ToolArguments): string {
  const named = new Set(placesIn(template));
  const written = template
    .split("&")
    .filter((pair) => pair !== "" && placesIn(pair).every((name) => hasValue(values, name)))
    .map((pair) => filled(pair, (name) => encodeURIComponent(toText(values[name] ?? null))));
  const others = inQuery
    .filter(({ name }) => !named.has(name) && hasValue(values, name))
    .flatMap(({ name }) =>
      listOf(values[name] ?? null).map((text) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`),
    );
  return [...written, ...others].join("&");
}

function setHeader(headers: Headers, name: string, template: string, values: ToolArguments): void {
  const names = placesIn(template);
  if (names.length > 0 && names.every((each) => !hasValue(values, each))) return;
  const value = filled(template, (each) => toText(values[each] ?? null));
  if (!isHeaderValue(value) || value !== value.trim())
    throw wrong(names[0] ?? name, "has characters that cannot stand in a header");
  headers.set(name, value);
}

/** Numbers stand there as they were written, digit by digit. */
function bodyOf(
  { method }: RestAction,
  inBody: readonly ToolParameter[],
  values: ToolArguments,
): string | null {
  if (WITHOUT_BODY.has(method) || inBody.length === 0) return null;
  const fields = inBody
    .filter(({ name }) => hasValue(values, name))
    .map(({ name, type }) => {
      const value = values[name] ?? null;
      const isNumber = type === "integer" || type === "decimal";
      return `${JSON.stringify(name)}:${isNumber ? String(value) : JSON.stringify(value)}`;
    });
  return `{${fields.join(",")}}`;
}

function isInHeaders({ name }: ToolParameter, { headers }: RestAction): boolean {
  return Object.values(headers).some((template) => placesIn(template).includes(name));
}

/** Names of parameters have no hyphens. */
function headerName(name: string): string {
  return name.replaceAll("_", "-");
}

function hasValue(values: ToolArguments, name: string): boolean {
  return (values[name] ?? null) !== null;
}

function toText(value: ArgumentValue): string {
  return Array.isArray(value) ? value.join(",") : value === null ? "" : String(value);
}

function listOf(value: ArgumentValue): string[] {
  return Array.isArray(value) ? [...value] : [toText(value)];
}

function wrong(parameter: string, problem: string): AppError {
  return invalidArguments([{ parameter, problem }]);
}

function invalid(field: string, sentence: string): AppError {
  return new AppError("VALIDATION", `Check “${field}”: ${sentence}`, {
    details: { fields: { [field]: sentence } },
  });
}
