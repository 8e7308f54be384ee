/** The guards of statements that a model wrote, with nothing behind them: no server is asked. */
import { describe, expect, test } from "bun:test";
import { guardedSelect as guardedMysql } from "../../src/connectors/mysql/model-select.ts";
import { guardedSelect as guardedPostgres } from "../../src/connectors/postgres/model-select.ts";
import type { ReadableTable } from "../../src/domain/schema-access.ts";
import {
  HARMLESS_MYSQL,
  HARMLESS_POSTGRES,
  HOSTILE_MYSQL,
  HOSTILE_POSTGRES,
} from "../helpers/hostile-selects.ts";
import { rejection } from "../helpers/rejection.ts";

const columns = (...names: string[]) => names.map((name) => ({ name, type: "text", comment: null }));
const tablesIn = (schema: string): ReadableTable[] => [
  { schema, table: "people", comment: null, columns: columns("id", "name", "city"), isMasked: true },
  {
    ...{ schema, table: "orders", comment: null, isMasked: false },
    columns: columns("id", "person_id", "day", "total", "status"),
  },
];

const ENGINES = [
  {
    engine: "PostgreSQL",
    guarded: async (statement: string) => guardedPostgres({ statement, tables: tablesIn("public") }),
    hostile: HOSTILE_POSTGRES,
    harmless: HARMLESS_POSTGRES,
  },
  {
    engine: "MySQL",
    guarded: async (statement: string) => guardedMysql({ statement, tables: tablesIn("company") }, "company"),
    hostile: HOSTILE_MYSQL,
    harmless: HARMLESS_MYSQL,
  },
];

describe.each(ENGINES)("the guard of $engine alone", ({ guarded, hostile, harmless }) => {
  test(`refuses each of ${hostile.length} hostile statements, and says what to do`, async () => {
    expect(hostile.length).toBeGreaterThanOrEqual(80);
    const taken: string[] = [];
    for (const statement of hostile) {
      const refused = await guarded(statement).catch((thrown: unknown) => thrown);
      if (typeof refused === "string") taken.push(statement);
      else
        expect({ statement, ...(refused as object) }).toMatchObject({
          statement,
          code: expect.stringMatching(/^(UNSAFE_QUERY|TOOL_FORBIDDEN)$/),
        });
    }

    expect(taken).toEqual([]);
  });

  test.each(harmless)("takes %s", async (statement) => {
    expect(await guarded(statement)).toBeString();
  });

  test("names the table that is not listed, and those that are", async () => {
    const { code, message } = (await rejection(guarded("select * from salaries"))) as Error & {
      code: string;
    };

    expect(code).toBe("TOOL_FORBIDDEN");
    expect(message).toMatch(/“salaries” is not among the tables.*people, .*orders/);
  });

  test("takes no time for what is nested without end", async () => {
    for (const [open, close] of [
      ["(", ")"],
      ["cast(", " as char)"],
      ["(select ", ")"],
      ["abs(", ")"],
      ["case when ", " then 1 end"],
    ] as const) {
      const startedAt = performance.now();
      await guarded(`select ${open.repeat(250)}1${close.repeat(250)}`.slice(0, 4_000)).catch(() => {});
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    }
    expect(await guarded("select 1 + 1")).toBeString();
  });
});
