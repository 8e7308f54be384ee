import { describe, expect, test } from "bun:test";
import { readOpenApi } from "../../../src/tools/rest/openapi.ts";

const DOCUMENT = `
openapi: 3.0.3
info: { title: ERP, version: "2.1" }
servers: [{ url: "https://{host}/v1", variables: { host: { default: erp.corp } } }]
paths:
  /orders/{order-id}:
    parameters:
      - { name: order-id, in: path, required: true, schema: { type: string, pattern: "^[0-9]+$", maxLength: 8 } }
    get:
      operationId: getOrder
      summary: State of an order
      description: Where an order is.
      parameters:
        - { name: page-size, in: query, schema: { type: integer, minimum: 1, maximum: 50, default: 20 } }
        - { name: X-Region, in: header, schema: { $ref: "#/components/schemas/Region" } }
        - { name: Authorization, in: header, schema: { type: string } }
        - { name: session, in: cookie, schema: { type: string } }
        - { name: ids, in: query, schema: { type: array, items: { type: string } } }
      responses:
        "200":
          content:
            application/json:
              schema: { type: object, properties: { total: { type: integer }, lines: { type: array } } }
    delete: { operationId: getOrder }
  /orders:
    post:
      requestBody: { $ref: "#/components/requestBodies/Order" }
    put:
      parameters: [{ name: many, in: query, required: true, schema: { type: array } }]
components:
  schemas:
    Region: { type: string, enum: [north, south], description: Where }
  requestBodies:
    Order:
      content:
        application/json:
          schema:
            type: object
            required: [article, price]
            properties:
              article: { type: string }
              price: { type: number }
              due: { type: [string, "null"], format: date }
              tags: { type: array }
`;

describe("an OpenAPI document", () => {
  const { title, version, operations } = readOpenApi(DOCUMENT, null);
  const at = (method: string) => operations.find((each) => each.method === method);

  test("is read as tools to pick from", () => {
    expect([title, version]).toEqual(["ERP", "2.1"]);
    expect(operations.map(({ method, path, problem, tool }) => [method, path, tool.name, problem])).toEqual([
      ["GET", "/orders/{order-id}", "get_order", null],
      ["DELETE", "/orders/{order-id}", "get_order_2", null],
      ["POST", "/orders", "post_orders", null],
      ["PUT", "/orders", "put_orders", expect.stringContaining("“many”")],
    ]);
  });

  test("gives a tool its address, its places and what its parameters are", () => {
    expect(at("GET")?.tool).toMatchObject({
      ...{ type: "rest_api", label: "State of an order", description: "Where an order is.", effect: "read" },
      url: "https://erp.corp/v1/orders/{order_id}?page-size={page_size}",
      headers: { "X-Region": "{X_Region}" },
      responsePath: "$.lines",
      parameters: [
        { name: "order_id", type: "text", in: "path", required: true, pattern: "[0-9]+", max: 8 },
        { name: "page_size", type: "integer", in: "query", required: false, min: 1, max: 50, default: 20 },
        { name: "X_Region", type: "enum", in: "header", values: ["north", "south"], description: "Where" },
      ],
    });
    expect(at("GET")?.tool.parameters).toHaveLength(3);
  });

  test("gives a body's fields as parameters, and what writes waits for the visitor", () => {
    expect(at("POST")?.tool).toMatchObject({
      effect: "write",
      parameters: [
        { name: "article", type: "text", in: "body", required: true },
        { name: "price", type: "decimal", in: "body", required: true },
        { name: "due", type: "date", in: "body", required: false },
      ],
    });
  });

  test("says what its server is relative to the address that it was found at", () => {
    const relative = { openapi: "3.1.0", servers: [{ url: "/api" }], paths: { "/x": { get: {} } } };
    const read = (address: URL | null) => readOpenApi(JSON.stringify(relative), address).operations[0];

    expect(read(new URL("https://erp.corp/docs/openapi.json"))?.tool.url).toBe("https://erp.corp/api/x");
    expect(read(null)?.problem).toContain("server");
  });

  test.each<[string, string]>([
    ["{", "neither JSON nor YAML"],
    ["hello", "no OpenAPI document"],
    ['{"swagger":"2.0","paths":{}}', "no OpenAPI 3"],
    ['{"openapi":"3.0.0","paths":{}}', "no operation"],
    ['{"openapi":"3.0.0","paths":{"/x":{"$ref":"http://169.254.169.254/x"}}}', "not in it"],
    ['{"openapi":"3.0.0","paths":{"/x":{"$ref":"file:///etc/passwd"}}}', "not in it"],
    ['{"openapi":"3.0.0","paths":{"/x":{"$ref":"#/paths/~1x"}}}', "circle"],
  ])("%s is refused in words", (text, message) => {
    expect(() => readOpenApi(text, null)).toThrow(
      expect.objectContaining({ code: "VALIDATION", message: expect.stringContaining(message) }),
    );
  });

  test("cannot reach what every object has, nor make names that are none", () => {
    const hostile = {
      openapi: "3.0.0",
      servers: [{ url: "https://erp.corp" }],
      paths: {
        "/x": {
          get: {
            operationId: "__proto__",
            parameters: [
              { name: "constructor", in: "query", schema: { $ref: "#/__proto__/toString" } },
              { name: "a\r\nX: 1", in: "header", required: true },
            ],
          },
        },
      },
    };
    const [operation] = readOpenApi(JSON.stringify(hostile), null).operations;

    expect(operation?.tool).toMatchObject({ name: "proto", headers: {} });
    expect(operation?.tool.parameters.map(({ name, type }) => [name, type])).toEqual([
      ["constructor", "text"],
    ]);
  });
});
