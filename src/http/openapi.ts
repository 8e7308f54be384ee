import { z } from "zod";
import { VERSION } from "../version.ts";
import type { Need } from "./admission.ts";
import { type BodyShape, type Endpoint, isUpload } from "./endpoint.ts";

/** The OpenAPI 3.1 document, made from the schemas that validate. */
export function openApiDocument(api: readonly Endpoint[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of api) {
    const path = endpoint.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Parley",
      version: VERSION,
      description:
        "Errors are always {error: {code, message, details?, requestId}}, and below /v1 {error: {message, type, param, code}}.",
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

function operation({ path, need, summary, query, body, status, answer }: Endpoint): Record<string, unknown> {
  return {
    summary,
    tags: [
      path
        .split("/")
        .slice(1, 4)
        .find((part) => part !== "api" && part !== "admin") ?? "server",
    ],
    security: securityOf(need),
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

function securityOf(need: Need): Record<string, string[]>[] {
  if (need === "public" || need === "page") return [];
  return [need === "visitor" ? { sessionToken: [] } : { adminCookie: [] }];
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

function requestContent(body: BodyShape): Record<string, unknown> {
  if (!isUpload(body)) return { "application/json": { schema: jsonSchema(body, "input") } };
  const file = { type: "array", items: { type: "string", format: "binary" } };
  return { "multipart/form-data": { schema: { type: "object", properties: { file }, required: ["file"] } } };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
