/**
 * What every kind of database promises, over a real socket. A new one is finished when this passes: see
 * tests/connectors/. The engine brings its own words for the same questions.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createServer, type Server } from "node:net";
import type {
  BoundParameter,
  CatalogueQuery,
  Connector,
  QueryLimits,
} from "../../src/connectors/connector.ts";
import type { ConnectionSettings } from "../../src/domain/connection.ts";
import { newId } from "../../src/domain/ids.ts";
import type { CellValue, ColumnType } from "../../src/domain/tool.ts";
import { parseAllowEntry } from "../../src/egress/allow-list.ts";
import { createEgress, type Egress, type EgressOptions } from "../../src/egress/egress.ts";
import { freePort } from "./parley.ts";
import { rejection } from "./rejection.ts";

/** People of the contract: the engine has a table, or collection, `people` with them, and nothing else in it. */
export const PEOPLE = [
  { id: 1, name: "Ana", city: "Berlin", born: "1990-01-31" },
  { id: 2, name: "Bo", city: "Köln", born: "1985-06-15" },
  { id: 3, name: "O'Hara", city: "Berlin", born: "2001-12-01" },
  { id: 4, name: "Dee", city: null, born: null },
] as const;

export type Engine = {
  /** Of a role that may only read. */
  settings: ConnectionSettings;
  /** A role that can write. */
  strong: Pick<ConnectionSettings, "username" | "password">;
  connect(settings: ConnectionSettings, egress: Egress): Connector;
  queries: {
    /** Ids and names of everybody, by id. */
    everybody: string;
    /** Names of those of `:city`, by id. */
    byCity: string;
    /** Name of the one with `:id`. */
    byId: string;
    /** Names of those born on `:day` or later, by id. */
    bornSince: string;
    /** Names of those whose city is in the list `:cities`, by id. */
    inCities: string;
    /** `:count` has no place in it. */
    unknownParameter: string;
    /** At least a thousand rows of one text each. */
    many: string;
    /** A row whose one text has more than 5 MB. */
    large: string;
    /** Takes a minute. */
    slow: string;
    /** What the role may not see. */
    forbidden: string;
    /** No query of this engine. */
    mistaken: string;
  };
  /** What a query would do that is more than reading, each with how it is refused. */
  unsafe: readonly { query: string; code: "UNSAFE_QUERY" | "UNSAFE_PIPELINE" | "VALIDATION" }[];
  /** One row of every kind of value, as it is to be answered. */
  values: { query: string; columns: { name: string; type: ColumnType }[]; row: CellValue[] };
  /** Ids of `people`, asked of the server directly. */
  peopleOnServer(): Promise<number>;
  /** How many statements of the role run on the server now. */
  running(): Promise<number>;
  /** Connections that the role has on the server now. */
  sessions(): Promise<number>;
};

export const LIMITS: QueryLimits = { rows: 200, bytes: 64 * 1024, ms: 5_000 };
const NEVER = new AbortController().signal;

export function asked(text: string, ...parameters: BoundParameter[]): CatalogueQuery {
  return { text, parameters };
}

export function textParameter(name: string, value: BoundParameter["value"]): BoundParameter {
  return { name, type: "text", value };
}

/** The tenant for whom databases are asked. */
export const TENANT = newId("tenant");

type Place = Pick<ConnectionSettings, "host" | "port">;

/** Egress whose operator has listed this server, on this machine. */
export function egressTo({ host, port }: Place, options: Partial<EgressOptions> = {}): Egress {
  const entry = parseAllowEntry(`${host}:${port}=127.0.0.0/8`);
  return createEgress({
    log: { warn: () => {} },
    offline: false,
    vendorHosts: new Set(),
    ownAddresses: () => [],
    allow: () => [entry],
    ...options,
  });
}

/** Waits for what nobody announces, such as a server that has noticed that somebody is gone. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await Bun.sleep(20);
}

export function connectorContract(
  name: string,
  start: () => Promise<Engine>,
  stop: () => Promise<void>,
): void {
  describe(`${name} keeps the contract of a connector`, () => {
    let engine: Engine;
    let connector: Connector;
    const opened: Connector[] = [];
    const withSettings = (
      changed: Partial<ConnectionSettings>,
      options: Partial<EgressOptions> = {},
    ): Connector => {
      const settings = { ...engine.settings, ...changed };
      const made = engine.connect(settings, egressTo(settings, options));
      opened.push(made);
      return made;
    };
    const run = (query: CatalogueQuery, limits: Partial<QueryLimits> = {}, signal = NEVER) =>
      connector.run(query, { ...LIMITS, ...limits }, signal);
    const firstColumn = async (query: CatalogueQuery) => (await run(query)).rows.map(([cell]) => cell);

    beforeAll(async () => {
      engine = await start();
      connector = withSettings({});
    }, 60_000);
    afterAll(async () => {
      await Promise.all(opened.map((each) => each.close()));
      await stop();
    });

    describe("asking", () => {
      test("gives columns and rows in the order of the query", async () => {
        const result = await run(asked(engine.queries.everybody));

        expect(result.columns.map((column) => column.name)).toEqual(["id", "name"]);
        expect(result.columns.map((column) => column.type)).toEqual(["integer", "text"]);
        expect(result.rows).toEqual(PEOPLE.map(({ id, name }) => [id, name]));
        expect(result.truncated).toBe(false);
      });

      test("says truthfully that there is nothing", async () => {
        const result = await run(asked(engine.queries.byCity, textParameter("city", "Rom")));

        expect(result).toMatchObject({ rows: [], truncated: false });
      });

      test("gives every value as it is", async () => {
        const { query, columns, row } = engine.values;

        const result = await run(asked(query));

        expect(result.rows).toEqual([row]);
        expect(result.columns).toEqual(columns);
      });

      test("finds by text, number and date", async () => {
        expect(await firstColumn(asked(engine.queries.byCity, textParameter("city", "Berlin")))).toEqual([
          "Ana",
          "O'Hara",
        ]);
        expect(
          await firstColumn(asked(engine.queries.byId, { name: "id", type: "integer", value: 3 })),
        ).toEqual(["O'Hara"]);
        expect(
          await firstColumn(
            asked(engine.queries.bornSince, { name: "day", type: "date", value: "1990-01-31" }),
          ),
        ).toEqual(["Ana", "O'Hara"]);
      });

      test("finds by a list, of which none is found when it is empty", async () => {
        const inCities = (cities: string[]) =>
          firstColumn(asked(engine.queries.inCities, textParameter("cities", cities)));

        expect(await inCities(["Köln", "Berlin"])).toEqual(["Ana", "Bo", "O'Hara"]);
        expect(await inCities([])).toEqual([]);
      });

      test("finds nothing by a value that is not there", async () => {
        expect(await firstColumn(asked(engine.queries.byCity, textParameter("city", null)))).toEqual([]);
        expect(
          await firstColumn(asked(engine.queries.byId, { name: "id", type: "integer", value: null })),
        ).toEqual([]);
      });

      test.each([
        "x'; DROP TABLE people;--",
        'a" OR 1=1',
        "' OR ''='",
        "\\",
        "\\' OR 1=1 -- ",
        "Berlin\u0000",
        "$where",
        ":city",
        '{"$ne":null}',
        "1; COMMIT; DELETE FROM people",
        "/* */ $1 ?",
      ])("row 66: takes %p as a text and nothing else", async (hostile) => {
        // A server may refuse a zero byte in a text; it finds nobody by it.
        const rows = await firstColumn(asked(engine.queries.byCity, textParameter("city", hostile))).catch(
          (thrown: unknown) => {
            expect(thrown).toMatchObject({ code: "INVALID_ARGUMENT" });
            return [];
          },
        );

        expect(rows).toEqual([]);
        expect(await engine.peopleOnServer()).toBe(PEOPLE.length);
      });
    });

    describe("limits", () => {
      test("a result of exactly as many rows as are let through is whole, and one more is told", async () => {
        const whole = await run(asked(engine.queries.everybody), { rows: PEOPLE.length });
        const cut = await run(asked(engine.queries.everybody), { rows: PEOPLE.length - 1 });

        expect(whole).toMatchObject({ truncated: false, rows: { length: PEOPLE.length } });
        expect(cut).toMatchObject({ truncated: true, rows: { length: PEOPLE.length - 1 } });
      });

      test("row 71: of many rows those come that are let through", async () => {
        const result = await run(asked(engine.queries.many));

        expect(result.rows.length).toBe(LIMITS.rows);
        expect(result.truncated).toBe(true);
        expect(
          await firstColumn(asked(engine.queries.byId, { name: "id", type: "integer", value: 1 })),
        ).toEqual(["Ana"]);
      });

      test("of rows with more bytes than are let through, whole ones come and no half", async () => {
        const all = await run(asked(engine.queries.many), { rows: 20 });
        const cut = await run(asked(engine.queries.many), { rows: 20, bytes: 100 });

        expect(cut.truncated).toBe(true);
        expect(cut.rows).toEqual(all.rows.slice(0, cut.rows.length));
        expect(cut.rows.length).toBeLessThan(20);
      });

      test("a value larger than everything that is let through is left out, and said so", async () => {
        expect(await run(asked(engine.queries.large))).toMatchObject({ rows: [], truncated: true });
        expect((await run(asked(engine.queries.everybody))).truncated).toBe(false);
      });

      test("row 70: what takes too long is ended, on the server too", async () => {
        const error = await rejection(run(asked(engine.queries.slow), { ms: 300 }));

        expect(error).toMatchObject({ code: "QUERY_TIMEOUT" });
        await eventually(async () => (await engine.running()) === 0);
      });

      test("what nobody waits for any longer is ended, on the server too", async () => {
        const stop = new AbortController();
        const answer = rejection(run(asked(engine.queries.slow), {}, stop.signal));
        await eventually(async () => (await engine.running()) > 0);

        stop.abort(new Error("the visitor has gone"));

        expect(await answer).toMatchObject({ message: "the visitor has gone" });
        await eventually(async () => (await engine.running()) === 0);
      });

      test("at most four connections are open at once, and whoever waits is served", async () => {
        const results = await Promise.all(
          Array.from({ length: 40 }, () => run(asked(engine.queries.everybody))),
        );

        expect(new Set(results.map(({ rows }) => rows.length))).toEqual(new Set([PEOPLE.length]));
        expect(await engine.sessions()).toBeLessThanOrEqual(4);
      });

      test("R35: whoever finds all connections in use too long is told so", async () => {
        const stop = new AbortController();
        const slow = Array.from({ length: 4 }, () =>
          run(asked(engine.queries.slow), { ms: 30_000 }, stop.signal).catch(() => {}),
        );
        await eventually(async () => (await engine.running()) >= 3);

        const error = await rejection(run(asked(engine.queries.everybody)));

        expect(error).toMatchObject({ code: "TOOL_UNAVAILABLE" });
        stop.abort(new Error("enough"));
        await Promise.all(slow);
        await eventually(async () => (await engine.running()) === 0);
        expect((await run(asked(engine.queries.everybody))).rows.length).toBe(PEOPLE.length);
      });
    });

    describe("refusing", () => {
      test("tells what the server does not understand in its words, before anything is saved", async () => {
        expect(await rejection(connector.prepare(asked(engine.queries.mistaken), NEVER))).toMatchObject({
          code: "VALIDATION",
        });
      });

      test("names what stands in a query and is no parameter", async () => {
        const error = await rejection(connector.prepare(asked(engine.queries.unknownParameter), NEVER));

        expect(error).toMatchObject({ code: "VALIDATION", message: expect.stringContaining("count") });
      });

      test("says what a query will give, without running it", async () => {
        const prepared = await connector.prepare(asked(engine.queries.everybody), NEVER);

        expect(prepared.columns.map((column) => column.name)).toEqual(["id", "name"]);
      });

      test("what the role may not see is forbidden", async () => {
        expect(await rejection(run(asked(engine.queries.forbidden)))).toMatchObject({
          code: "TOOL_FORBIDDEN",
        });
      });

      test("row 67: whatever is more than reading is refused when it is saved, and changes nothing when it is run", async () => {
        for (const { query, code } of engine.unsafe) {
          const parameters = [textParameter("city", "Berlin")];
          const saved = await rejection(connector.prepare({ text: query, parameters }, NEVER)).catch(
            () => null,
          );
          expect({ query, saved }).toMatchObject({ query, saved: { code } });
          await run({ text: query, parameters }).catch(() => {});
        }

        expect(await engine.peopleOnServer()).toBe(PEOPLE.length);
      });
    });

    describe("looking around", () => {
      test("shows tables with their columns and types", async () => {
        const { schemas } = await connector.schema(NEVER);
        const people = schemas.flatMap(({ tables }) => tables).find((table) => table.name === "people");

        expect(people?.columns.map((column) => column.name)).toEqual(
          expect.arrayContaining(["id", "name", "city", "born"]),
        );
        expect(people?.columns.every(({ type }) => type !== "")).toBe(true);
      });

      test("shows the first rows of a table", async () => {
        const { schemas } = await connector.schema(NEVER);
        const schema = schemas.find(({ tables }) => tables.some((table) => table.name === "people"));

        const { rows, truncated } = await connector.sample(
          schema?.name ?? "",
          "people",
          { ...LIMITS, rows: 2 },
          NEVER,
        );

        expect(rows.length).toBe(2);
        expect(truncated).toBe(true);
      });

      test("takes the name of a table as a name and nothing else", async () => {
        const hostile = 'people"`; drop table people; --';

        expect(
          await rejection(
            connector.sample(engine.settings.database, hostile, LIMITS, NEVER).then(requireRows),
          ),
        ).toMatchObject({ code: expect.stringMatching(/^(TOOL_FAILED|TOOL_FORBIDDEN|VALIDATION)$/) });
        expect(await engine.peopleOnServer()).toBe(PEOPLE.length);
      });

      test("tells how the server would go about a query", async () => {
        const query = asked(engine.queries.byCity, textParameter("city", "Berlin"));

        expect(await connector.explain(query, NEVER)).toContain("people");
      });
    });

    describe("checking", () => {
      const check = (changed: Partial<ConnectionSettings>, options?: Partial<EgressOptions>) =>
        rejection(withSettings(changed, options).check(NEVER));

      test("knows the server's version, and a role that only reads", async () => {
        const { serverVersion, strength } = await connector.check(NEVER);

        expect(serverVersion).toMatch(/\d+\.\d+/);
        expect(strength).toBeNull();
      });

      test("row 69: knows a role that can do more, and says what", async () => {
        const { strength } = await withSettings(engine.strong).check(NEVER);

        expect(strength).toBeString();
      });

      test("says what is wrong, in a word and a sentence", async () => {
        const unknown = {
          resolve: () => Promise.reject(Object.assign(new Error("no such name"), { code: "ENOTFOUND" })),
        };

        expect(await check({ host: "db.nowhere.test" }, unknown)).toMatchObject({ code: "HOST_NOT_FOUND" });
        expect(await check({ port: await freePort() })).toMatchObject({ code: "CONNECTION_REFUSED" });
        expect(await check({ password: "not the password" })).toMatchObject({
          code: "AUTHENTICATION_FAILED",
        });
        expect(await check({ username: "nobody_at_all" })).toMatchObject({ code: "AUTHENTICATION_FAILED" });
        expect(await check({ database: "no_such_database" })).toMatchObject({ code: "DATABASE_NOT_FOUND" });
        expect(await check({ tls: "verify" })).toMatchObject({ code: "TLS_FAILED" });
        expect(await check({ tls: "require" })).toMatchObject({ code: "TLS_FAILED" });
      });

      test("R35: a server that never answers is given up, and a tool says that it is not there", async () => {
        const hole = await blackHole();
        const settings = { port: hole.port };

        expect(await check(settings)).toMatchObject({ code: "CONNECTION_TIMEOUT" });
        expect(
          await rejection(withSettings(settings).run(asked(engine.queries.everybody), LIMITS, NEVER)),
        ).toMatchObject({ code: "TOOL_UNAVAILABLE" });
        await hole.close();
      });

      test("an address that is not on the list gets no packet", async () => {
        const hole = await blackHole();

        const error = await check({ port: hole.port }, { allow: () => [] });

        expect(error).toMatchObject({ code: "EGRESS_DENIED" });
        expect(hole.connections()).toBe(0);
        await hole.close();
      });

      test("row 57: dials the address that was vetted, and asks no resolver again", async () => {
        const names: string[] = [];
        const resolve = async (hostname: string) => {
          names.push(hostname);
          return ["127.0.0.1"];
        };

        const rebound = withSettings({ host: "db.corp.test" }, { resolve });

        expect(await rebound.check(NEVER)).toMatchObject({ strength: null });
        expect(new Set(names)).toEqual(new Set(["db.corp.test"]));
      });

      test("row 57: a name that moves to a forbidden address is not followed", async () => {
        const resolve = async () => ["127.0.0.1", "169.254.169.254"];

        expect(await check({ host: "db.corp.test" }, { resolve })).toMatchObject({ code: "UNSAFE_URL" });
      });
    });
  });
}

function requireRows(result: { rows: unknown[] }): void {
  if (result.rows.length === 0)
    throw Object.assign(new Error("there is no such table"), { code: "VALIDATION" });
}

type BlackHole = { port: number; connections(): number; close(): Promise<void> };

/** Takes connections and never says a word. */
async function blackHole(): Promise<BlackHole> {
  const sockets = new Set<{ destroy(): void }>();
  let count = 0;
  const server: Server = createServer((socket) => {
    count += 1;
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    connections: () => count,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
