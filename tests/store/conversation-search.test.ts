/** Searching conversations through the index of their messages finds what reading all of them finds. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { TenantId } from "../../src/domain/ids.ts";
import type { SqliteClient } from "../../src/store/sqlite/connection.ts";
import type { Place } from "../../src/store/sqlite/conversation-filter.ts";
import { conversationSearch, type SearchLimits } from "../../src/store/sqlite/conversation-search.ts";
import { registerFolded } from "../../src/store/sqlite/folded.ts";
import { messageIndex } from "../../src/store/sqlite/message-index.ts";
import { openMigrated } from "../../src/store/sqlite/migrate.ts";
import type { ConversationFilter } from "../../src/store/store.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";

const OURS = "ten_ours" as TenantId;
const THEIRS = "ten_theirs" as TenantId;
/** The index is asked at once, and believed however much it tells. */
const BY_INDEX: SearchLimits = { conversations: 0, characters: 0, candidates: 1_000_000 };
const A_LITTLE_FIRST: SearchLimits = { conversations: 5, characters: 400, candidates: 40 };
const ALL = 10_000;

let client: SqliteClient;
let seed: number;
let written: number;

beforeEach(async () => {
  [seed, written] = [3, 0];
  const options = await sqliteOptions();
  client = openMigrated(options, options);
  registerFolded(client);
  for (const tenant of [OURS, THEIRS]) {
    client
      .prepare("insert into tenants (id, name, slug, embed_key, created_at) values (?, 'A', ?, ?, 0)")
      .run(tenant, tenant, tenant);
    client
      .prepare(
        `insert into chat_sessions (tenant_id, id, conversation_id, token_hash, created_at, expires_at)
         values (?, ?, '', ?, 0, 0)`,
      )
      .run(tenant, `ses_${tenant}`, tenant);
  }
});
afterEach(() => void client.close());
afterAll(removeTestStores);

type Written = {
  tenant?: TenantId;
  title?: string | null;
  texts: string[];
  outcome?: string | null;
  updatedAt?: number;
  status?: string;
};

function write({ tenant = OURS, title, texts, outcome = "answered", ...rest }: Written): string {
  const { updatedAt = written, status = "complete" } = rest;
  const id = `con_${String(written++).padStart(6, "0")}`;
  client
    .prepare(
      `insert into conversations
         (tenant_id, id, session_id, title, message_count, last_outcome, created_at, updated_at)
       values (?, ?, ?, ?, ?, ?, 0, ?)`,
    )
    .run(
      tenant,
      id,
      `ses_${tenant}`,
      title === undefined ? (texts[0] ?? null) : title,
      texts.length,
      outcome,
      updatedAt,
    );
  for (const [place, content] of texts.entries()) {
    client
      .prepare(
        `insert into messages (tenant_id, id, conversation_id, session_id, role, content, status, created_at)
         values (?, ?, ?, ?, 'user', ?, ?, 0)`,
      )
      .run(
        tenant,
        `msg_${id}_${place}`,
        id,
        `ses_${tenant}`,
        content,
        place === texts.length - 1 ? status : "complete",
      );
  }
  return id;
}

function inOneCommit(work: () => void): void {
  client.transaction(work)();
}

async function takeAllIn(): Promise<void> {
  const index = messageIndex(client);
  while (await index.addWaiting());
}

const waiting = () =>
  client.prepare<[], number>("select count(*) from messages_to_index").pluck().get() as number;

/** What a search did before there was an index. */
function byReading(tenantId: TenantId, text: string, outcome: string | null = null): string[] {
  return client
    .prepare<[object], string>(
      `select id from conversations as c where tenant_id = @tenantId and deleted_at is null and message_count > 0
         and (@outcome is null or last_outcome = @outcome)
         and (instr(folded(title), folded(@text)) > 0 or exists (
           select 1 from messages as m where m.tenant_id = c.tenant_id and m.conversation_id = c.id
             and instr(folded(m.content), folded(@text)) > 0))
       order by updated_at desc, id desc`,
    )
    .pluck()
    .all({ tenantId, text, outcome });
}

type Asked = { tenantId?: TenantId; filter?: ConversationFilter; behind?: Place | null; limit?: number };

function search(
  limits: SearchLimits | undefined,
  text: string,
  { filter, ...changes }: Asked = {},
): string[] {
  const found = conversationSearch(
    client,
    limits,
  )({
    ...{ tenantId: OURS, filter: { ...filter, textContains: text }, behind: null, limit: ALL },
    ...changes,
  });
  return found.map(({ id }) => id);
}

function expectSame(text: string): void {
  const expected = byReading(OURS, text);
  for (const limits of [BY_INDEX, A_LITTLE_FIRST, undefined])
    expect({ text, limits, found: search(limits, text) }).toEqual({ text, limits, found: expected });
}

function random(below: number): number {
  seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
  return Math.floor((below * seed) / 0x80000000);
}

const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;

const ALPHABETS = [
  [..."abcdefg  "],
  [..."ABCabcÄäßẞéÉe\u0301"],
  [..."请问我如何申请年假公司"],
  [..."カタカナひらがなﾊﾝｶｸ"],
  [..."한국어조합형"],
  [..."ΑΒΓΣσς αβγ"],
  [..."Привет мир Ёё"],
  [..."مرحبا بالعالم "],
  [..."สวัสดีครับ"],
  ["😀", "👩‍👩‍👧", "🇩🇪", "a", "😁"],
  [...`"'*:^()-+~%_\\.,;!? \n\t`],
  ["ﬁ", "①", "㎏", "Ｗ", "ｗ", "İ", "ı", "i", "I", "\ufb03", "\u00a0"],
  ["\0", "x", "\ufffd", "\uf000", "\ue000", "\ue001", "y"],
];

const text = (length: number) => {
  const alphabet = pick(ALPHABETS);
  return Array.from({ length }, () => pick(random(12) === 0 ? pick(ALPHABETS) : alphabet)).join("");
};

describe("a search through conversations", () => {
  test("finds the same as reading all of them, in the same order, in whatever script and however short", async () => {
    const texts: string[] = [];
    inOneCommit(() => {
      for (let n = 0; n < 400; n++) {
        const said = Array.from({ length: 1 + random(3) }, () => text(1 + random(40)));
        texts.push(...said);
        const title = pick([said[0] ?? "", text(1 + random(10)), null]);
        write({ tenant: pick([OURS, OURS, OURS, THEIRS]), title, texts: said, updatedAt: random(200) });
      }
    });
    await takeAllIn();
    expect(waiting()).toBe(0);

    for (let n = 0; n < 700; n++) {
      const characters = Array.from(pick(texts));
      const start = random(characters.length);
      const part = characters.slice(start, start + 1 + random(pick([1, 2, 3, 8, 40]))).join("");
      expectSame(pick([part, part.toUpperCase(), part.toLowerCase(), part.normalize("NFD")]));
    }
    for (let n = 0; n < 150; n++) expectSame(text(1 + random(6)));
    for (const odd of ['"', '""', "*", "a AND b", "NEAR(a b)", "text:a", "-", "\ud800", "a\udc00", "\0", " "])
      expectSame(odd);
  });

  test("finds a long text, and not one that only has the same runs of characters", async () => {
    const long = Array.from({ length: 60 }, (_, n) => `word${n}`).join(" ");
    const whole = write({ texts: [long] });
    write({ texts: ["abcd and bcde"] });
    const real = write({ texts: ["what abcde is"] });
    await takeAllIn();

    expect(search(BY_INDEX, long.toUpperCase())).toEqual([whole]);
    expect(search(BY_INDEX, "abcde")).toEqual([real]);
  });

  test("finds what waits to be taken in, and an answer while it is written", async () => {
    write({ texts: ["leave"] });
    await takeAllIn();
    const fresh = write({ texts: ["parental leave"] });
    const running = write({ texts: ["How?", "By asking for leave"], status: "streaming" });

    expect(search(BY_INDEX, "leave")).toEqual([running, fresh, "con_000000"]);
    await takeAllIn();
    expect(waiting()).toBe(1);
    client.prepare("update messages set content = content || ' early' where status = 'streaming'").run();
    expect(search(BY_INDEX, "leave early")).toEqual([running]);

    client
      .prepare("update messages set content = 'Not today', status = 'complete' where status = 'streaming'")
      .run();
    await takeAllIn();
    expect(waiting()).toBe(0);
    expect(search(BY_INDEX, "leave early")).toEqual([]);
    expect(search(BY_INDEX, "not today")).toEqual([running]);
  });

  test("reads everything while more waits than is worth reading beside the index", async () => {
    inOneCommit(() => {
      for (let n = 0; n < 2_100; n++) write({ texts: [`number ${n}`] });
    });

    expect(search(BY_INDEX, "number 77")).toEqual(byReading(OURS, "number 77"));
    await takeAllIn();
    expect(search(BY_INDEX, "number 77")).toEqual(byReading(OURS, "number 77"));
    expect(search({ ...BY_INDEX, candidates: 10 }, "number 7")).toEqual(byReading(OURS, "number 7"));
  });

  test("goes on with taking in where it was broken off", async () => {
    inOneCommit(() => {
      for (let n = 0; n < 600; n++) write({ texts: [`number ${n}`] });
    });
    await messageIndex(client).addWaiting();
    const left = waiting();
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(600);
    expect(search(BY_INDEX, "number 7")).toEqual(byReading(OURS, "number 7"));

    await takeAllIn();
    expect(search(BY_INDEX, "number 7")).toEqual(byReading(OURS, "number 7"));
    client.prepare("insert into messages_fts (messages_fts) values ('integrity-check')").run();
  });

  test("follows a title that changes", async () => {
    const id = write({ title: "First", texts: ["hello", "there"] });
    await takeAllIn();
    client.prepare("update conversations set title = 'Second' where id = ?").run(id);

    expect(search(BY_INDEX, "second")).toEqual([id]);
    await takeAllIn();
    expect(search(BY_INDEX, "second")).toEqual([id]);
    expect(search(BY_INDEX, "first")).toEqual([]);
    client.prepare("insert into messages_fts (messages_fts) values ('integrity-check')").run();
    expect(client.pragma("integrity_check", { simple: true })).toBe("ok");
  });

  test("goes page by page, by outcome too, and shows no removed ones and no other tenant's", async () => {
    for (let n = 0; n < 60; n++) {
      write({
        tenant: n % 7 === 0 ? THEIRS : OURS,
        texts: ["about leave"],
        outcome: n % 3 === 0 ? "failed" : "answered",
        updatedAt: Math.floor(n / 4),
      });
    }
    await takeAllIn();
    client.prepare("update conversations set deleted_at = 1 where id in ('con_000010', 'con_000033')").run();

    for (const outcome of [null, "failed"] as const) {
      for (const limits of [BY_INDEX, A_LITTLE_FIRST, undefined]) {
        const paged: string[] = [];
        for (let behind: Place | null = null; ; ) {
          const filter = outcome === null ? {} : { lastOutcome: outcome };
          const page = search(limits, "leave", { filter, behind, limit: 7 });
          paged.push(...page);
          if (page.length < 7) break;
          behind = client
            .prepare<unknown[], Place>("select updated_at as updatedAt, id from conversations where id = ?")
            .get(page.at(-1)) as Place;
        }
        expect(paged).toEqual(byReading(OURS, "leave", outcome));
      }
    }
  });

  test("of an upgraded database finds everything at once, and takes it in like what is new", async () => {
    const options = await sqliteOptions();
    const before = openMigrated(options, {
      ...options,
      migrations: options.migrations.filter(({ name }) => name < "0013"),
    });
    const ours = client;
    client = before;
    before.exec(
      "insert into tenants (id, name, slug, embed_key, created_at) values ('ten_ours', 'A', 'a', 'a', 0)",
    );
    before.exec(`insert into chat_sessions (tenant_id, id, conversation_id, token_hash, created_at, expires_at)
      values ('ten_ours', 'ses_ten_ours', '', 'a', 0, 0)`);
    const old = write({ texts: ["Erziehungsurlaub"] });
    before.close();
    client = openMigrated(options, options);
    registerFolded(client);

    expect(search(BY_INDEX, "URLAUB")).toEqual([old]);
    expect(waiting()).toBe(1);
    await takeAllIn();
    expect(search(BY_INDEX, "URLAUB")).toEqual([old]);
    expect(waiting()).toBe(0);
    client.close();
    client = ours;
  });

  test("leaves nothing of a deleted conversation in the index", async () => {
    const kept = write({ texts: ["kept"] });
    await takeAllIn();
    const runs = () =>
      client.prepare<[], string>("select term || doc from messages_fts_runs order by 1").pluck().all();
    const before = runs();
    const gone = write({ title: "Confidential", texts: ["secret question", "secret answer", "kept"] });
    await takeAllIn();
    expect(runs().length).toBeGreaterThan(before.length);

    client.prepare("update conversations set deleted_at = 1 where id = ?").run(gone);
    await messageIndex(client).removeConversation(OURS, gone as never);
    await takeAllIn();
    expect(waiting()).toBe(3);
    await messageIndex(client).removeConversation(OURS, gone as never);
    client.prepare("delete from messages where conversation_id = ?").run(gone);

    expect(runs()).toEqual(before);
    expect(waiting()).toBe(0);
    expect(search(BY_INDEX, "kept")).toEqual([kept]);
    client.prepare("insert into messages_fts (messages_fts) values ('integrity-check')").run();
  });
});
