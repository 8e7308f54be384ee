import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Need } from "../../src/http/admission.ts";
import { audienceOf, type Endpoint } from "../../src/http/endpoint.ts";
import type { HttpDeps } from "../../src/http/env.ts";
import { API, createHttpApp, ENDPOINTS } from "../../src/http/server.ts";
import type { Me } from "../../src/protocol/admin-api/access.ts";
import { type AdminClient, adminClient, setUpOwner } from "../helpers/admin-client.ts";
import { addMember, rows, withDatabase } from "../helpers/database.ts";
import { examplePath, unknownId } from "../helpers/endpoint-examples.ts";
import { type Parley, startParley } from "../helpers/parley.ts";

let parley: Parley;
let owner: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
});
afterAll(() => parley.remove());

/** What stands around endpoints, or answers where there is none. */
const AROUND = ["/*", "/widget.js", "/assets/*", "/logos/*", "/api/widget/*", "/api/chat/*", "/api/admin/*"];

const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`;

/** What those may change who work with conversations and set nothing up. */
const OF_AGENTS = new Set(["PATCH /api/admin/conversations/:id"]);

describe("the API", () => {
  test("has no route that is no endpoint", () => {
    // Building the routes touches no dependency, only the shape is asked for.
    const { routes } = createHttpApp({} as HttpDeps);
    const real = routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`);
    const around = routes.filter(({ method }) => method === "ALL").map(({ path }) => path);

    expect([...new Set(real)].sort()).toEqual(ENDPOINTS.map(nameOf).sort());
    expect([...new Set(around)].sort()).toEqual(AROUND.toSorted());
  });

  test("says of every parameter in an address what it is", () => {
    for (const { path, params = {} } of ENDPOINTS) {
      const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? "");
      expect([path, Object.keys(params)]).toEqual([path, names]);
    }
  });

  test("needs a role to read and a higher one to change", () => {
    for (const { method, path, need } of ENDPOINTS.filter(({ path }) => path.startsWith("/api/admin"))) {
      const role = method === "GET" ? "viewer" : OF_AGENTS.has(`${method} ${path}`) ? "agent" : "admin";
      const expected = ["operator", { role }];
      expect({ path, expected }).toEqual({ path, expected: expect.arrayContaining([need]) });
    }
  });

  test("describes itself in a whole OpenAPI document, for anybody", async () => {
    const document = (await (await fetch(`${parley.url}/api/openapi.json`)).json()) as OpenApi;

    expect(document.openapi).toStartWith("3.1");
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
    );
    expect(described.sort()).toEqual(API.map(nameOf).sort());
    for (const { method, path, body, answer, query } of API) {
      const operation = document.paths[path.replace(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()];
      const parameters = operation?.parameters.map(({ name, in: where }) => `${where} ${name}`) ?? [];
      for (const [, name] of path.matchAll(/:(\w+)/g)) expect(parameters).toContain(`path ${name}`);
      expect(parameters.some((parameter) => parameter.startsWith("query "))).toBe(query !== undefined);
      expect(operation?.requestBody !== undefined).toBe(body !== undefined);
      const success = Object.values(operation?.responses ?? {})[0];
      const schema = success?.content?.["application/json"]?.schema;
      if (answer) expect(["object", undefined]).toContain(Object(schema).type);
      if (answer) expect(Object(schema)).toContainAnyKeys(["type", "oneOf"]);
    }
  });

  test("has a page for people that names every call", async () => {
    const page = await (await fetch(`${parley.url}/docs/api`)).text();

    for (const { method, path } of API) expect(page).toContain(`<code>${method} ${path}</code>`);
  });

  test("answers nobody in the backoffice who is not signed in, whatever the route", async () => {
    for (const endpoint of API.filter(({ need }) => /admin|operator/.test(audienceOf(need)))) {
      const answer = await adminClient(parley).call(endpoint.method, examplePath(endpoint));
      expect(`${endpoint.path} ${answer.status}`).toBe(`${endpoint.path} 401`);
      expect(answer.body).toMatchObject({ error: { code: "UNAUTHENTICATED" } });
    }
  });

  test("lets nobody do more than their role, nor an operator where others may only read", async () => {
    const [tenant] = (await owner.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;
    const viewer = await addMember(parley, tenant?.id ?? "", "viewer");
    const admin = await addMember(parley, tenant?.id ?? "", "admin");
    const operator = await addMember(parley, tenant?.id ?? "", "viewer");
    const { user } = await operator.get<Me>("/api/auth/me");
    withDatabase(parley, (database) => database.run("update users set operator = 1 where id = ?", [user.id]));
    const isRead = (need: Need) => typeof need === "object" && "role" in need && need.role === "viewer";

    for (const endpoint of API.filter(({ path }) => path.startsWith("/api/admin"))) {
      const { method, path, need } = endpoint;
      const isRefused = async (who: AdminClient) =>
        (await who.fetch(method, examplePath(endpoint))).status === 403;
      expect([path, method, await isRefused(viewer)]).toEqual([path, method, !isRead(need)]);
      // Whoever is let through would do it.
      if (method !== "GET" && need !== "operator") continue;
      expect([path, method, await isRefused(admin)]).toEqual([path, method, need === "operator"]);
      expect([path, method, await isRefused(operator)]).toEqual([path, method, method !== "GET"]);
    }
  });

  test("writes down what was refused to somebody, and of what", async () => {
    const [tenant] = (await owner.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;
    const viewer = await addMember(parley, tenant?.id ?? "", "viewer");
    const { user } = await viewer.get<Me>("/api/auth/me");
    const source = unknownId("source");
    await viewer.call("DELETE", `/api/admin/knowledge/${source}`);

    const entries = rows(parley, "select action, target, changes from audit_log where actor = ?", user.id);
    expect(entries.at(-1)).toEqual({
      action: "DELETE /api/admin/knowledge/:id",
      target: source,
      changes: '{"status":403}',
    });
  });

  test("answers what its schemas say", async () => {
    await owner.addDocument("answers.md", "# Answers\n\nEvery read has a schema.");
    for (const { path, answer } of API.filter(
      ({ method, path, answer }) => method === "GET" && answer && !path.includes(":"),
    )) {
      const body = await owner.get(path);
      expect({ path, problem: answer?.safeParse(body).error?.message }).toEqual({ path, problem: undefined });
    }
  });

  test.each([
    ["GET", "/nowhere", 404, "NOT_FOUND"],
    ["GET", "/api/nowhere", 404, "NOT_FOUND"],
    ["DELETE", "/api/setup", 404, "NOT_FOUND"],
    ["GET", "/assets/none.js", 404, "NOT_FOUND"],
    ["GET", "/logos/none.png", 404, "NOT_FOUND"],
    ["GET", "/api/admin/knowledge/src_none", 400, "VALIDATION"],
    ["GET", "/api/admin/knowledge?colour=red", 400, "VALIDATION"],
    ["GET", "/api/admin/knowledge?limit=0", 400, "VALIDATION"],
    ["GET", "/ws/admin", 403, "CSRF"],
    ["GET", "/ws/chat/ses_01ARZ3NDEKTSV4RRFFQ69G5FAV", 403, "ORIGIN_NOT_ALLOWED"],
  ])(
    "%s %s is an error of one shape, with an id that stands in the headers too",
    async (method, path, status, code) => {
      const answer = await owner.fetch(method, path);
      const { error } = (await answer.json()) as { error: Record<string, string> };

      expect(answer.status).toBe(status);
      expect(error.code).toBe(code);
      expect(error.message).toMatch(/^[A-Z].{15,}[.]?$/s);
      expect(error.requestId).toBe(answer.headers.get("x-request-id") ?? "");
      expect(Object.keys(error).sort()).toEqual(
        code === "VALIDATION" && error.details
          ? ["code", "details", "message", "requestId"]
          : ["code", "message", "requestId"],
      );
    },
  );

  test("every answer tells browsers to guess nothing, tell nobody and keep nothing", async () => {
    for (const path of ["/api/setup", "/healthz", "/nowhere", "/api/admin/knowledge"]) {
      const { headers } = await fetch(`${parley.url}${path}`);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("the backoffice's page allows no script, style or connection but its own", async () => {
    const policy = (await fetch(`${parley.url}/`)).headers.get("content-security-policy") ?? "";

    expect(policy).not.toContain("unsafe");
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ])
      expect(policy).toContain(directive);
  });
});

type OpenApi = {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      {
        parameters: { name: string; in: string }[];
        requestBody?: unknown;
        responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
      }
    >
  >;
};
