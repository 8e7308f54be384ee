import { describe, expect, test } from "bun:test";
import type { CatalogueTool, ToolArguments, ToolParameter } from "../../../src/domain/tool.ts";
import { type RestAction, requireSoundRequest, toRequest } from "../../../src/tools/rest/request.ts";

const parameter = (name: string, changes: Partial<ToolParameter> = {}): ToolParameter => ({
  ...{ name, type: "text", description: "", required: true, default: null, values: [], valuesQuery: null },
  ...{ min: null, max: null, pattern: null, example: null, boundTo: null, in: null },
  ...changes,
});

const action = (changes: Partial<RestAction> = {}): RestAction => ({
  ...{ type: "rest_api", method: "GET", url: "https://erp.corp/orders/{order}", headers: {} },
  ...{ credential: null, responsePath: null },
  ...changes,
});

const requestOf = (changes: Partial<RestAction>, parameters: ToolParameter[], values: ToolArguments) =>
  toRequest({ parameters }, action(changes), values);

const check = (changes: Partial<RestAction>, parameters = [parameter("order")]) =>
  requireSoundRequest({ parameters } as CatalogueTool, action(changes));

describe("row 63: a value in the path", () => {
  test.each([
    ["4711", "/orders/4711"],
    ["../../admin", "/orders/..%2F..%2Fadmin"],
    ["..%2f", "/orders/..%252f"],
    ["%2e%2e/", "/orders/%252e%252e%2F"],
    ["a?x=1#", "/orders/a%3Fx%3D1%23"],
    [";x", "/orders/%3Bx"],
    ["%00", "/orders/%2500"],
    ["Grüße 東京", "/orders/Gr%C3%BC%C3%9Fe%20%E6%9D%B1%E4%BA%AC"],
    ["\\..\\admin", "/orders/%5C..%5Cadmin"],
  ])("%j is one segment: %s", (order, path) => {
    const { url } = requestOf({}, [parameter("order")], { order });

    expect([url.origin, url.pathname, url.search, url.hash]).toEqual(["https://erp.corp", path, "", ""]);
  });

  test.each(["..", ".", "", "  ", "a\r\nb", "a\u0000b", "a\u0085b"])("%j is refused", (order) => {
    expect(() => requestOf({}, [parameter("order")], { order })).toThrow(
      expect.objectContaining({
        code: "INVALID_ARGUMENT",
        details: [{ parameter: "order", problem: expect.any(String) }],
      }),
    );
  });

  test("leaves a dot beside other signs where it is", () => {
    const { url } = requestOf({ url: "https://erp.corp/files/{order}.json" }, [parameter("order")], {
      order: "..",
    });

    expect(url.pathname).toBe("/files/...json");
  });
});

describe("values", () => {
  test("go where their names stand, or where it is said, and those without a value are left out", () => {
    const parameters = [
      parameter("order"),
      parameter("lang"),
      parameter("page", { type: "integer", required: false }),
      parameter("q", { in: "query" }),
      parameter("trace", { in: "header" }),
      parameter("X_Team", { in: "header" }),
      parameter("groups", { in: "query", boundTo: "visitor.groups" }),
    ];
    const { url, headers, body } = requestOf(
      {
        url: "https://erp.corp/orders/{order}?lang={lang}&page={page}&fixed=1",
        headers: { "X-Trace": "t-{trace}" },
      },
      parameters,
      { order: "1", lang: "de&x=1", page: null, q: "a b", trace: "7", X_Team: "sales", groups: ["a", "b"] },
    );

    expect(url.href).toBe("https://erp.corp/orders/1?lang=de%26x%3D1&fixed=1&q=a%20b&groups=a&groups=b");
    expect(Object.fromEntries(headers)).toEqual({
      accept: "application/json",
      "x-trace": "t-7",
      "x-team": "sales",
    });
    expect(body).toBeNull();
  });

  test("are the fields of a body as what they are, digit by digit", () => {
    const parameters = [
      parameter("order"),
      parameter("count", { type: "integer" }),
      parameter("price", { type: "decimal" }),
      parameter("urgent", { type: "boolean" }),
      parameter("note", { required: false }),
      parameter("reason"),
    ];
    const { body, headers } = requestOf({ method: "POST" }, parameters, {
      ...{ order: "1", count: "9007199254740993", price: "12.50", urgent: false, note: null },
      reason: 'a"b',
    });

    expect(body).toBe('{"count":9007199254740993,"price":12.50,"urgent":false,"reason":"a\\"b"}');
    expect(headers.get("content-type")).toBe("application/json");
  });

  test.each(["x\r\nX-Admin: 1", "x\ny", "東京", " x"])("row 64: %j is no value of a header", (trace) => {
    expect(() =>
      requestOf({ headers: { "X-Trace": "{trace}" } }, [parameter("order"), parameter("trace")], {
        order: "1",
        trace,
      }),
    ).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });
});

describe("what cannot be saved", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what an admin might type.
  const SHELL = "${APP_KEY}";
  test.each<[Partial<RestAction>]>([
    [{ url: `https://canary.corp/${SHELL}` }],
    [{ url: "https://canary.corp/{{env.X}}" }],
    [{ url: "https://canary.corp/%APP_KEY%" }],
    [{ url: "https://canary.corp/{other}" }],
    [{ url: "https://canary.corp/{" }],
    [{ headers: { "X-Key": SHELL } }],
    [{ headers: { "X-Key": "{{env.X}}" } }],
    [{ headers: { "X-Key": "%APP_KEY%" } }],
  ])("row 62: %j has a placeholder that nobody fills in", (changes) => {
    expect(() => check(changes)).toThrow(expect.objectContaining({ code: "UNKNOWN_PLACEHOLDER" }));
  });

  test.each([
    "http://2130706433/{order}",
    "http://127.1/{order}",
    "http://u:p@erp.corp/{order}",
    "http://erp.corp\\@169.254.169.254/{order}",
    "ftp://erp.corp/{order}",
    "http:127.0.0.1/{order}",
  ])("rows 55, 58: the address %s", (url) => {
    expect(() => check({ url })).toThrow(expect.objectContaining({ code: "UNSAFE_URL" }));
  });

  test.each<[string, Partial<RestAction>, ToolParameter[] | null]>([
    ["a parameter in the host", { url: "https://{order}.corp/" }, null],
    ["a parameter as the port", { url: "https://erp.corp:{order}/" }, null],
    ["a part behind a #", { url: "https://erp.corp/{order}#x" }, null],
    ["the header Host", { headers: { Host: "x" } }, null],
    ["the header Cookie", { headers: { cookie: "x" } }, null],
    ["the header Authorization", { headers: { authorization: "Bearer x" } }, null],
    ["the header Transfer-Encoding", { headers: { "Transfer-Encoding": "chunked" } }, null],
    ["a header that is no name", { headers: { "X A": "x" } }, null],
    ["a header with a line break", { headers: { "X-A": "x\r\nX-Admin: 1" } }, null],
    ["a header twice", { headers: { "X-A": "1", "x-a": "2" } }, null],
    ["a path without its parameter", { url: "https://erp.corp/" }, [parameter("order", { in: "path" })]],
    ["what is in the path elsewhere", {}, [parameter("order", { in: "query" })]],
    ["an optional parameter in the path", {}, [parameter("order", { required: false })]],
    ["a body of a GET", {}, [parameter("order"), parameter("x", { in: "body" })]],
    ["a parameter as Authorization", {}, [parameter("order"), parameter("Authorization", { in: "header" })]],
  ])("row 64 and the like: %s", (_what, changes, parameters) => {
    expect(() => check(changes, parameters ?? undefined)).toThrow(
      expect.objectContaining({ code: "VALIDATION" }),
    );
  });
});
