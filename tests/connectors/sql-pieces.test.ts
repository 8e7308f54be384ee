import { describe, expect, test } from "bun:test";
import type { BoundParameter } from "../../src/connectors/connector.ts";
import { placeParameters, type SqlDialect, splitSql } from "../../src/connectors/sql-pieces.ts";

const parametersIn = (sql: string, dialect: SqlDialect) =>
  splitSql(sql, dialect)
    .filter(({ kind }) => kind === "parameter")
    .map(({ text }) => text.slice(1));

const DIALECTS: SqlDialect[] = ["postgres", "mysql"];

describe("a parameter in a query", () => {
  test.each(DIALECTS)("is a colon and a name, as often as it stands there (%s)", (dialect) => {
    const sql = "select * from stock where city=:city and (price>:min_price or city = :city)";

    expect(parametersIn(sql, dialect)).toEqual(["city", "min_price", "city"]);
  });

  test.each([
    ["postgres", "select 'it''s :a', \"col:b\", E'\\':c', U&'d:d' -- :e\n, /* /* :f */ :g */ 1"],
    ["postgres", "select $$:a$$, $tag$ $$ :b $tag$, price::text, '2026-01-01'::date"],
    ["postgres", "select days[1:n], days[:n], days[a:b], days [ :n ]"],
    ["postgres", "select 'standard \\', 1 -- ':a"],
    ["mysql", "select 'it''s :a', 'it\\'s :b', \"c:c\", `d:d` # :e\n, 1 -- :f\n /* /* :g */"],
    ["mysql", "select @row := 1, x'3a61', 1e3"],
  ] as const)("is none in strings, quoted names, comments, casts and slices (%s: %s)", (dialect, sql) => {
    expect(parametersIn(sql, dialect)).toEqual([]);
  });

  test("is one between the brackets of an array that is made of it", () => {
    expect(parametersIn("select array[:a, :b], ARRAY [:c]", "postgres")).toEqual(["a", "b", "c"]);
  });

  test.each([
    ["postgres", "select 'a\\', :a", ["a"]],
    ["mysql", "select 'a\\', :a", []],
    ["mysql", "select 1--1, :a", ["a"]],
    ["postgres", "select 1--1, :a", []],
    ["mysql", "select /* /* */ :a", ["a"]],
    ["postgres", "select :a::date, x:::a", ["a", "a"]],
    ["postgres", "select name$e$ = :a, $1$ :b", ["a", "b"]],
  ] as const)("follows the server's own rules (%s: %s)", (dialect, sql, expected) => {
    expect(parametersIn(sql, dialect)).toEqual([...expected]);
  });

  test.each(["'never closed :a", '"never closed :a', "/* never closed :a", "select 1 -- :a"])(
    "is none in what has no end: %s",
    (sql) => {
      for (const dialect of DIALECTS) expect(parametersIn(sql, dialect)).toEqual([]);
    },
  );

  test("leaves the rest of the query as it is", () => {
    const sql = "SELECT 'ü:x' /* c */, :a::int, \"q\" -- end\n;";

    for (const dialect of DIALECTS)
      expect(
        splitSql(sql, dialect)
          .map(({ text }) => text)
          .join(""),
      ).toBe(sql);
  });
});

describe("placing parameters", () => {
  const city: BoundParameter = { name: "city", type: "text", value: "Berlin" };

  test("puts a placeholder where each stands", () => {
    const placed: BoundParameter[] = [];
    const sql = placeParameters(
      splitSql("select ':city' where a = :city or b = :city", "mysql"),
      [city],
      (each) => {
        placed.push(each);
        return "?";
      },
    );

    expect(sql).toBe("select ':city' where a = ? or b = ?");
    expect(placed).toEqual([city, city]);
  });

  test("refuses a name that is no parameter", () => {
    const placing = () => placeParameters(splitSql("select :town", "mysql"), [city], () => "?");

    expect(placing).toThrow(expect.objectContaining({ code: "VALIDATION" }));
    expect(placing).toThrow(":town");
  });
});
