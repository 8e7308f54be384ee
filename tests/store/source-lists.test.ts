/** Lists of sources, in every order and with every filter, over an index that has all of it. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { SourceId, TenantId } from "../../src/domain/ids.ts";
import type { SqliteClient } from "../../src/store/sqlite/connection.ts";
import { toDrizzle } from "../../src/store/sqlite/connection.ts";
import { folded, registerFolded } from "../../src/store/sqlite/folded.ts";
import { openMigrated } from "../../src/store/sqlite/migrate.ts";
import { sqliteSourceStore } from "../../src/store/sqlite/sources.ts";
import type { SourceFilter, SourceSort, SourceStore } from "../../src/store/store.ts";
import { aFile, aTenant, NOW } from "../helpers/builders.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";

type Plain = { id: SourceId; title: string; status: string; createdAt: number; byteSize: number };

const SORTS: SourceSort[] = ["newest", "oldest", "title", "size"];
const TITLES = [
  "Urlaub",
  "ÜBERSTUNDEN",
  "überstunden",
  "Straße",
  "STRASSE",
  "年假 2026",
  "ﬁles",
  "Ａ",
  "a",
  "zebra",
];

let client: SqliteClient;
let sources: SourceStore;
let tenantId: TenantId;
let all: Plain[];

beforeEach(async () => {
  const options = await sqliteOptions();
  client = openMigrated(options, options);
  registerFolded(client);
  sources = sqliteSourceStore(toDrizzle(client), () => {});
  const tenant = aTenant();
  tenantId = tenant.id;
  client
    .prepare("insert into tenants (id, name, slug, embed_key, created_at) values (?, 'A', 'a', 'a', 0)")
    .run(tenantId);
  all = [];
  for (let n = 0; n < 90; n++) {
    const { source, document, job } = aFile({ tenantId });
    const title = `${TITLES[n % TITLES.length]} ${n % 4 === 0 ? "" : n % 3}`.trim();
    const [createdAt, byteSize] = [NOW + (n % 6), 100 * (n % 5)];
    const status =
      n % 11 === 0 ? ("failed" as const) : n % 2 === 0 ? ("ready" as const) : ("queued" as const);
    await sources.create({ ...source, title, createdAt }, [{ ...document, byteSize, status }], [job]);
    all.push({ id: source.id, title, status, createdAt, byteSize });
  }
});
afterEach(() => void client.close());
afterAll(removeTestStores);

function compare(left: string | number, right: string | number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

const BY: Record<SourceSort, (left: Plain, right: Plain) => number> = {
  newest: (left, right) => compare(right.createdAt, left.createdAt) || compare(right.id, left.id),
  oldest: (left, right) => compare(left.createdAt, right.createdAt) || compare(left.id, right.id),
  title: (left, right) =>
    Buffer.compare(Buffer.from(folded(left.title)), Buffer.from(folded(right.title))) ||
    compare(left.id, right.id),
  size: (left, right) => compare(right.byteSize, left.byteSize) || compare(right.id, left.id),
};

function expected({ status, titleContains }: SourceFilter, sort: SourceSort): SourceId[] {
  return all
    .filter((source) => status === undefined || source.status === status)
    .filter(({ title }) => folded(title).includes(folded(titleContains ?? "")))
    .sort(BY[sort])
    .map(({ id }) => id);
}

async function listed(filter: SourceFilter, sort: SourceSort): Promise<SourceId[]> {
  const ids: SourceId[] = [];
  for (let cursor: string | null = null; ; ) {
    const page = await sources.list(tenantId, filter, sort, { cursor, limit: 8 });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    if (cursor === null) return ids;
  }
}

const FILTERS: SourceFilter[] = [undefined, "ready" as const, "failed" as const].flatMap((status) =>
  [undefined, "URLAUB", "ü", "ss", "年", "fi", "a", "1", "nothing", "%"].map((titleContains) => ({
    ...(status && { status }),
    ...(titleContains && { titleContains }),
  })),
);

describe("a list of sources", () => {
  test.each(SORTS)("is whole and in order, page by page, with every filter: %s", async (sort) => {
    for (const filter of FILTERS)
      expect({ filter, ids: await listed(filter, sort) }).toEqual({ filter, ids: expected(filter, sort) });
  });

  test("is found by its new title and not by the former one", async () => {
    const [first] = all as [Plain];
    await sources.update(tenantId, first.id, { title: "ÄNDERUNG", updatedAt: NOW });
    await sources.update(tenantId, first.id, { tags: ["hr"], updatedAt: NOW });

    expect(await listed({ titleContains: "änderung" }, "newest")).toEqual([first.id]);
    expect(await listed({ titleContains: first.title }, "title")).not.toContain(first.id);
  });
});
