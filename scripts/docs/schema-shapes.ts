/** zod schemas as short type declarations for a person: fields, and limits as comments. */
import { z } from "zod";

type JsonSchema = {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  description?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  format?: string;
};

export type NamedSchemas = Map<z.ZodType, string>;

/** Names of exported schemas: `sourceSchema` is `Source`, `listSourcesQuery` is `ListSourcesQuery`. */
export function nameSchemas(modules: readonly Record<string, unknown>[]): NamedSchemas {
  const names: NamedSchemas = new Map();
  for (const [name, value] of modules.flatMap((module) => Object.entries(module))) {
    if (!(value instanceof z.ZodObject || value instanceof z.ZodUnion)) continue;
    const plain = name.replace(/Schema$/, "");
    names.set(value, plain.charAt(0).toUpperCase() + plain.slice(1));
  }
  return names;
}

/** `type Name = { … };` of each schema and of every named one inside it, each once, in order of need. */
export function shapes(
  roots: readonly { schema: z.ZodType; io: "input" | "output" }[],
  names: NamedSchemas,
): string[] {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of names) registry.add(schema, { id });
  const declarations = new Map<string, string>();
  for (const { schema, io } of roots) {
    const json: JsonSchema = z.toJSONSchema(schema, {
      io,
      metadata: registry,
      unrepresentable: "any",
      // Descriptions are kept in zod's own registry, which ours stands in for.
      override: ({ zodSchema, jsonSchema }) => {
        const description = z.globalRegistry.get(zodSchema)?.description;
        if (description) jsonSchema.description = description;
      },
    }) as JsonSchema;
    for (const [name, definition] of Object.entries(json.$defs ?? {})) {
      if (!declarations.has(name)) declarations.set(name, `type ${name} = ${shape(definition, "")};`);
    }
  }
  return [...declarations.values()];
}

function objectShape({ properties = {}, required = [] }: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, schema]) => {
    const comment = commentOf(schema);
    return `${inner}${name}${required.includes(name) ? "" : "?"}: ${shape(schema, inner)};${comment && ` // ${comment}`}`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

function shape(schema: JsonSchema, indent: string): string {
  if (schema.$ref) return schema.$ref.replace("#/$defs/", "");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return [...new Set(union.map((option) => shape(option, indent)))].join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map(plainType).join(" | ");
  if (schema.type === "object") return objectShape(schema, indent);
  if (schema.type === "array") return arrayShape(schema.items ?? {}, indent);
  return plainType(schema.type ?? "unknown");
}

function arrayShape(items: JsonSchema, indent: string): string {
  const item = shape(items, indent);
  return item.includes(" | ") && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
}

function plainType(type: string): string {
  return type === "integer" ? "number" : type;
}

/** What the type does not say: limits, default and meaning. */
function commentOf(schema: JsonSchema): string {
  const parts = [schema, ...(schema.anyOf ?? []).flatMap((option) => [option, ...(option.anyOf ?? [])])]
    .filter((part) => part.type !== "null")
    .flatMap(limitsOf);
  return [...new Set(parts)].join("; ");
}

function limitsOf({
  minLength,
  maxLength,
  minimum,
  maximum,
  maxItems,
  items,
  ...rest
}: JsonSchema): string[] {
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return [
    rest.description ?? "",
    rest.format === "email" ? "an e-mail address" : "",
    maxItems === undefined ? "" : `at most ${maxItems}`,
    items?.maxLength === undefined ? "" : `${range(items.minLength, items.maxLength)} characters each`,
    maxLength === undefined ? "" : `${range(minLength, maxLength)} characters`,
    bounded && minimum !== undefined ? `${minimum} to ${maximum}` : "",
    rest.default === undefined ? "" : `${JSON.stringify(rest.default)} unless given`,
  ].filter(Boolean);
}

function range(least: number | undefined, most: number): string {
  return least === undefined || least <= 1 ? `at most ${most}` : `${least} to ${most}`;
}
