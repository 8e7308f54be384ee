/** What can be opened to statements of a model, before any database is asked. */
import { expect, test } from "bun:test";
import { newId } from "../../src/domain/ids.ts";
import { toAppError } from "../../src/errors.ts";
import { accessAfter, requireRecent, requireSwitchable } from "../../src/services/tools/schema-access.ts";
import { aConnection } from "../helpers/builders.ts";

const STOCK = { schema: "shop", table: "stock", comment: null, columns: [] };
const open = (type: "postgres" | "mysql" | "mongodb") =>
  aConnection({
    ...{ tenantId: newId("tenant"), type },
    schemaAccess: { enabled: true, tables: [STOCK], audience: "everyone" },
  });

function problemOf(work: () => void): unknown {
  try {
    work();
    return null;
  } catch (thrown) {
    const { code, details } = toAppError(thrown);
    return { code, details };
  }
}

test("a MongoDB database is not, and it is said where its queries are written", () => {
  expect(problemOf(() => requireSwitchable(open("mongodb")))).toEqual({
    code: "VALIDATION",
    details: { fields: { "schemaAccess.enabled": expect.stringContaining("under Tools") } },
  });
  for (const type of ["postgres", "mysql"] as const)
    expect(problemOf(() => requireSwitchable(open(type)))).toBeNull();
});

test("a MySQL that knows no WITH is not", () => {
  for (const version of ["8.0.36", "8.4.3", "10.3.39-MariaDB", "11.8.3-MariaDB"])
    expect(problemOf(() => requireRecent(open("mysql"), version))).toBeNull();
  expect(problemOf(() => requireRecent(open("mysql"), "5.7.44"))).toMatchObject({ code: "VALIDATION" });
});

test("what is left out of a change stays, and what is known of a table is kept", () => {
  const before = open("postgres");
  const columns = [{ name: "pieces", type: "integer", comment: null }];
  const known = { ...before, schemaAccess: { ...before.schemaAccess, tables: [{ ...STOCK, columns }] } };
  const other = { schema: "shop", table: "orders" };

  expect(accessAfter(known, known, { audience: "verified" })).toEqual({
    ...{ enabled: true, audience: "verified", tables: [{ ...STOCK, columns }] },
  });
  expect(accessAfter(known, known, { tables: [other, { schema: "shop", table: "stock" }] }).tables).toEqual([
    { ...other, comment: null, columns: [] },
    { ...STOCK, columns },
  ]);
});

test("another server, port or database closes it, and another name or password does not", () => {
  const before = open("postgres");

  for (const moved of [{ host: "other.example" }, { port: 5433 }, { database: "other" }])
    expect(accessAfter(before, { ...before, ...moved }, undefined).enabled).toBe(false);
  const renamed = { ...before, name: "Other", username: "other", password: "other" };
  expect(accessAfter(before, renamed, undefined)).toEqual(before.schemaAccess);
});
