import { describe, expect, test } from "bun:test";
import type { Visitor } from "../../src/domain/conversation.ts";
import type { ToolParameter } from "../../src/domain/tool.ts";
import { AppError } from "../../src/errors.ts";
import {
  hasIdentityFor,
  parametersSchema,
  parseArguments,
  validArguments,
} from "../../src/tools/arguments.ts";
import { patternProblem } from "../../src/tools/pattern.ts";
import { aParameter } from "../helpers/builders.ts";

const ADA: Visitor = { id: "42", name: "Ada", email: "ada@example.org", groups: ["staff", "it"] };

/** The value that a parameter takes, or what is wrong with it. */
function taken(parameter: ToolParameter, value: unknown): unknown {
  try {
    return validArguments([parameter], { [parameter.name]: value }, null)[parameter.name];
  } catch (thrown) {
    return problemsOf(thrown)[0]?.problem;
  }
}

function problemsOf(thrown: unknown): { parameter: string; problem: string }[] {
  if (!(thrown instanceof AppError) || thrown.code !== "INVALID_ARGUMENT") throw thrown;
  return thrown.details as { parameter: string; problem: string }[];
}

function refusal(work: () => unknown): AppError {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
  }
  throw new Error("nothing was refused");
}

describe("an integer", () => {
  const count = aParameter({ type: "integer" });

  test.each([
    [5, 5],
    ["5", 5],
    [-3, -3],
    [0, 0],
    ["9007199254740993", "9007199254740993"],
    ["-9223372036854775808", "-9223372036854775808"],
  ])("%p is taken as %p", (value, expected) => {
    expect(taken(count, value)).toBe(expected);
  });

  test.each([
    ..."five|5.0|05|+5|1e3|0x10| 5|5 |5,5|-0|٥|５|1_000|NaN|Infinity|".split("|"),
    "1,000",
    "1; DROP TABLE stock",
    5.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    [[5]],
    { $gt: 5 },
  ])("%p is no whole number", (value) => {
    expect(taken(count, value)).toBe("must be a whole number");
  });

  test("a number that JavaScript has rounded already is not taken for exact", () => {
    expect(taken(count, 2 ** 53)).toBe("is too large to be exact as a number: write it as text");
  });

  test("what a model writes beyond 2^53 arrives digit for digit", () => {
    const given = parseArguments({ arguments: '{"value": 9007199254740993}' });

    expect(validArguments([count], given, null)).toEqual({ value: "9007199254740993" });
  });

  test("limits hold for exact text as well", () => {
    const few = aParameter({ type: "integer", min: 1, max: 100 });

    expect(taken(few, 0)).toBe("must be 1 or more");
    expect(taken(few, "101")).toBe("must be 100 or less");
    expect(taken(few, "9007199254740993")).toBe("must be 100 or less");
    expect(taken(count, "1".repeat(61))).toBe("has too many digits");
  });
});

describe("a decimal", () => {
  const price = aParameter({ type: "decimal" });

  test.each([
    [12.5, "12.5"],
    ["12.50", "12.50"],
    [5, "5"],
    ["-0.001", "-0.001"],
    [1e-7, "0.0000001"],
    [-1.5e-8, "-0.000000015"],
    [1e21, "1000000000000000000000"],
    [1.25e22, "12500000000000000000000"],
    [-0, "0"],
  ])("%p is taken as %p", (value, expected) => {
    expect(taken(price, value)).toBe(expected);
  });

  test.each([
    ..."cheap|12,50|12.|.5|1e3|+1|NaN|-Infinity|1.2.3|12.50 €|".split("|"),
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    false,
    [["1"]],
    { value: 1 },
  ])("%p is no number", (value) => {
    expect(taken(price, value)).toBe("must be a number");
  });
});

describe("a date", () => {
  test.each(["2026-11-27", "2024-02-29", "0001-01-01"])("%p is taken", (value) => {
    expect(taken(aParameter({ type: "date" }), value)).toBe(value);
  });

  test.each([
    ..."2026-02-29,2026-02-30,2026-13-01,2026-00-10,2026-1-5,27.11.2026,11/27/2026,tomorrow,0000-01-01".split(
      ",",
    ),
    "2026-11-27T00:00:00Z",
    "2026-11-27'; DROP TABLE orders;--",
    20261127,
    "",
  ])("%p is none", (value) => {
    expect(taken(aParameter({ type: "date" }), value)).toBe("must be a date that exists, as YYYY-MM-DD");
  });
});

describe("a time", () => {
  test.each([
    "2026-11-27T09:30:00Z",
    "2026-11-27T09:30",
    "2026-11-27T09:30:00.123+02:00",
    "2024-02-29T23:59:59-05:30",
  ])("%p is taken as it is", (value) => {
    expect(taken(aParameter({ type: "datetime" }), value)).toBe(value);
  });

  test.each([
    ..."2026-11-27 09:30,2026-02-30T09:30Z,2026-11-27T24:00Z,2026-11-27T09:60Z,2026-11-27T09:30+25:00,now".split(
      ",",
    ),
    1_764_200_000_000,
  ])("%p is none", (value) => {
    expect(taken(aParameter({ type: "datetime" }), value)).toStartWith("must be a time that exists");
  });
});

describe("a choice", () => {
  const city = aParameter({ type: "enum", values: ["Berlin", "Köln", "5"] });

  test("a label is how people say a value, and no value itself", () => {
    const site = aParameter({
      name: "site",
      type: "enum",
      values: ["110", "MUC"],
      labels: { "110": "Berlin" },
    });

    expect(validArguments([site], { site: "110" }, null)).toEqual({ site: "110" });
    expect(() => validArguments([site], { site: "Berlin" }, null)).toThrow("110 (Berlin), MUC");
    expect(parametersSchema([site])).toMatchObject({
      properties: {
        site: { enum: ["110", "MUC"], description: expect.stringContaining("110 (Berlin), MUC") },
      },
    });
  });

  test("is taken as it is written", () => {
    expect(taken(city, "Köln")).toBe("Köln");
  });

  test.each(["berlin", "BERLIN", "Berlin ", "Ber", "Koln", 5, "", { $ne: null }])(
    "%p is none of them",
    (value) => {
      expect(taken(city, value)).toBe("must be one of these, as written: Berlin, Köln, 5");
    },
  );

  test("of hundreds, the refusal names a few", () => {
    const many = aParameter({ type: "enum", values: Array.from({ length: 300 }, (_, n) => `v${n}`) });

    expect(taken(many, "x")).toEndWith("v19 and 280 others");
  });
});

describe("a boolean", () => {
  test("is true or false and nothing that looks like it", () => {
    const only = aParameter({ type: "boolean" });

    expect([true, false].map((value) => taken(only, value))).toEqual([true, false]);
    for (const value of ["true", "yes", 1, 0, "", []])
      expect(taken(only, value)).toBe("must be true or false");
  });
});

describe("a text", () => {
  const name = aParameter({ type: "text" });

  test.each(["O'Brien", "x'; DROP TABLE users;--", 'a" OR 1=1', "", "5", "日本", "$ne"])(
    "%p is a value like any other",
    (value) => {
      expect(taken(name, value)).toBe(value);
    },
  );

  test.each([5, true, [["a"]], { $ne: null }, { $where: "sleep(1)" }])("%p is none", (value) => {
    expect(taken(name, value)).toBe("must be text");
  });

  test("10 kB of it are refused, as is what no database can hold", () => {
    expect(taken(name, "x".repeat(10_000))).toBe("must have 200 characters at most");
    expect(taken(aParameter({ max: 1_000_000 }), "x".repeat(10_000))).toBe(
      "must have 4000 characters at most",
    );
    expect(taken(name, "a\0b")).toBe("has characters that are not text");
    expect(taken(name, "\ud800")).toBe("has characters that are not text");
  });

  test("length is counted in characters", () => {
    const three = aParameter({ min: 3, max: 3 });

    expect(taken(three, "😀😀😀")).toBe("😀😀😀");
    expect(taken(three, "😀😀")).toBe("must have 3 characters at least");
  });

  test("a pattern is matched whole", () => {
    const order = aParameter({ pattern: "[A-Z]{2}\\d+|none" });

    expect(["AB12", "none"].map((value) => taken(order, value))).toEqual(["AB12", "none"]);
    for (const value of ["AB12 or 1=1", "xAB12", "AB12\n", "ab12"])
      expect(taken(order, value)).toBe("must match [A-Z]{2}\\d+|none");
  });
});

describe("a call", () => {
  const city = aParameter({ name: "city", type: "enum", values: ["Berlin"] });
  const product = aParameter({ name: "product", required: false });
  const limit = aParameter({ name: "limit", type: "integer", required: false, default: 10 });

  test("what is not given is its default, or nothing where it may be left out", () => {
    const all = { city: "Berlin", product: null, limit: 10 };

    expect(validArguments([city, product, limit], { city: "Berlin" }, null)).toEqual(all);
    expect(validArguments([city, product, limit], { city: "Berlin", limit: null }, null)).toEqual(all);
  });

  test("every argument that does not fit is named, so that one answer mends them all", () => {
    const given = { product: 3, limit: "ten", order: "4711", __proto__: null, constructor: 1 };

    expect(problemsOf(refusal(() => validArguments([city, product, limit], given, null)))).toEqual([
      { parameter: "order", problem: "is no parameter: there are city, product, limit" },
      { parameter: "constructor", problem: "is no parameter: there are city, product, limit" },
      { parameter: "city", problem: "is missing" },
      { parameter: "product", problem: "must be text" },
      { parameter: "limit", problem: "must be a whole number" },
    ]);
  });

  test("a parameter that is named like a method of every object is missing when it is not given", () => {
    const odd = aParameter({ name: "constructor" });

    expect(problemsOf(refusal(() => validArguments([odd], {}, null)))).toEqual([
      { parameter: "constructor", problem: "is missing" },
    ]);
  });

  test.each(["[]", "null", '"city"', "5", "{city: Berlin}", '{"city":', `{"city":"${"x".repeat(70_000)}"}`])(
    "%p is no object of arguments",
    (json) => {
      expect(refusal(() => parseArguments({ arguments: json })).code).toBe("INVALID_ARGUMENT");
    },
  );

  test("models that send nothing for no parameters are understood", () => {
    expect(parseArguments({ arguments: "" })).toEqual({});
  });

  test("keys that would reach into objects are unknown keys", () => {
    const given = parseArguments({ arguments: '{"__proto__":{"city":"Berlin"}}' });

    expect(problemsOf(refusal(() => validArguments([city], given, null)))).toEqual([
      { parameter: "__proto__", problem: "is no parameter: there are city" },
      { parameter: "city", problem: "is missing" },
    ]);
  });
});

describe("what is bound to the visitor", () => {
  const mail = aParameter({ name: "mail", boundTo: "visitor.email" });
  const id = aParameter({ name: "person", type: "integer", boundTo: "visitor.id" });
  const groups = aParameter({ name: "groups", boundTo: "visitor.groups" });
  const year = aParameter({ name: "year", type: "integer", required: false, default: 2026 });

  test("comes from their identity", () => {
    expect(validArguments([mail, id, groups, year], {}, ADA)).toEqual({
      mail: "ada@example.org",
      person: 42,
      groups: ["staff", "it"],
      year: 2026,
    });
  });

  test.each(["mail", "person", "groups"])("%s that a model gives is refused as any unknown key", (key) => {
    const thrown = refusal(() => validArguments([mail, id, groups, year], { [key]: "other" }, ADA));

    expect(problemsOf(thrown)).toEqual([{ parameter: key, problem: "is no parameter: there are year" }]);
  });

  test("is not told to a model", () => {
    expect(Object.keys(parametersSchema([mail, id, groups, year]).properties ?? {})).toEqual(["year"]);
  });

  test.each([
    ["for nobody in particular", null],
    ["for a visitor whose address nobody vouched for", { ...ADA, email: null }],
    ["for an identity that does not fit", { ...ADA, id: "ada" }],
  ])("does not run %s", (_, visitor) => {
    const thrown = refusal(() => validArguments([mail, id], { mail: "ada@example.org" }, visitor));

    expect(thrown.code).toBe("TOOL_REQUIRES_IDENTITY");
    expect(hasIdentityFor([mail, id], visitor)).toBe(false);
    expect(hasIdentityFor([year], visitor)).toBe(true);
  });
});

test("a model is told types, limits, choices and what must be given", () => {
  const parameters = [
    aParameter({ name: "city", type: "enum", values: ["Berlin", "Köln"], description: "Where." }),
    aParameter({ name: "order", pattern: "\\d{4}", example: "4711", min: 4, max: 4 }),
    aParameter({ name: "since", type: "date", required: false }),
    aParameter({ name: "limit", type: "integer", min: 1, max: 50, default: 10 }),
  ];

  expect(parametersSchema(parameters)).toEqual({
    type: "object",
    properties: {
      city: { type: "string", description: "Where.", enum: ["Berlin", "Köln"] },
      order: {
        type: "string",
        description: "What it is.\nMatches \\d{4}\nExample: 4711",
        minLength: 4,
        maxLength: 4,
      },
      since: { type: "string", format: "date", description: "What it is." },
      limit: { type: "integer", description: "What it is.", minimum: 1, maximum: 50, default: 10 },
    },
    required: ["city", "order"],
    additionalProperties: false,
  });
});

test("thousands of choices are not told one by one", () => {
  const many = aParameter({ type: "enum", values: Array.from({ length: 5_000 }, (_, n) => `product ${n}`) });

  const schema = JSON.stringify(parametersSchema([many]));

  expect(schema).toContain("One of 5000 values, such as product 0");
  expect(schema.length).toBeLessThan(2_500);
});

describe("a pattern of an admin's", () => {
  test.each([
    "[A-Z]{2}\\d{4}",
    "\\d+",
    "(?:EU|US)-\\d{1,6}",
    "[a-z.]+@[a-z.]+",
    "(?<year>\\d{4})-\\w+",
    "[(+*]+",
  ])("%p can be used", (pattern) => {
    expect(patternProblem(pattern)).toBeNull();
  });

  test.each([
    "(",
    "[",
    "(a+)+",
    "(a|a)*",
    "((ab)*)*",
    "(?:a?){30}",
    "(a{2,}){2,}",
    "(?:x+x+)+y",
    "(a)\\1",
    "a*a*a*a*a*",
  ])("%p cannot", (pattern) => {
    expect(patternProblem(pattern)).toBeString();
  });
});
