import { z } from "zod";
import { VERSION } from "../version.ts";
import { type Audience, ENDPOINTS, type Endpoint } from "./endpoints.ts";

const SECURITY: Record<Audience, Record<string, string[]>[]> = {
  anyone: [],
  admin: [{ adminCookie: [] }],
  operator: [{ adminCookie: [] }],
  page: [{ sessionToken: [] }],
};

/** The OpenAPI 3.1 document, made from the schemas that validate. */
export function openApiDocument(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of ENDPOINTS) {
    const path = endpoint.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Parley",
      version: VERSION,
      description: "Errors are always {error: {code, message, details?, requestId}}.",
    },
    paths,
    components: {
      securitySchemes: {
        adminCookie: { type: "apiKey", in: "cookie", name: "parley_session" },
        sessionToken: { type: "http", scheme: "bearer" },
      },
    },
  };
}

function operation({ path, who, summary, query, body, status, answer }: Endpoint): Record<string, unknown> {
  return {
    summary,
    tags: [
      path
        .split("/")
        .slice(1, 4)
        .find((part) => part !== "api" && part !== "admin") ?? "server",
    ],
    security: SECURITY[who],
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(body && { requestBody: { required: true, content: requestContent(body) } }),
    responses: {
      [status]: {
        description: summary,
        ...(answer && { content: { "application/json": { schema: jsonSchema(answer, "output") } } }),
      },
      default: { description: "What went wrong and what to do." },
    },
  };
}

function pathParameters(path: string): Record<string, unknown>[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters(query: z.ZodType | undefined): Record<string, unknown>[] {
  if (!query) return [];
  const { properties = {}, required = [] } = jsonSchema(query, "input") as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

function requestContent(body: z.ZodType | "files"): Record<string, unknown> {
  if (body !== "files") return { "application/json": { schema: jsonSchema(body, "input") } };
  const file = { type: "array", items: { type: "string", format: "binary" } };
  return { "multipart/form-data": { schema: { type: "object", properties: { file }, required: ["file"] } } };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
