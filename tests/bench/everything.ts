/**
 * Everything at once, and how long it holds up the main loop: answers that stream and are stored, questions to the
 * search, a purge of 50,000 passages and lists that look through 100,000 conversations. Part of `bun run bench loop`.
 * What asks runs in other processes; the application runs in this one, where a timer sees every millisecond missing.
 *
 *     BUN_CONFIG_MAX_HTTP_REQUESTS=5000 bun run bench loop     Bun asks no more than 256 models at once otherwise
 *     PARLEY_BENCH_EVERYTHING=100,20000,20000,10000            streams, conversations, passages, passages purged
 */
import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { websocket } from "hono/bun";
import { openApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { percentile } from "../../src/rag/metrics.ts";
import { adminClient } from "../helpers/admin-client.ts";
import type { Figure } from "./figure.ts";
import { fillFolder, OWNER_EMAIL } from "./filled-folder.ts";
import { figure, longest, stallsDuring, startAsker } from "./loop-watch.ts";
import { aTenant, startLoad } from "./turn.ts";
import type { Outcome } from "./turn-load.ts";

const [STREAMS = 1_000, CONVERSATIONS = 100_000, CHUNKS = 100_000, PURGED = 50_000] = (
  process.env.PARLEY_BENCH_EVERYTHING ?? ""
)
  .split(",")
  .filter(Boolean)
  .map(Number);
const SECONDS = 15;
/** The questions come all at once, which is another benchmark's matter; by then all answers are under way. */
const SETTLING_SECONDS = 10;
/** Few, because each is stored and only that is measured here: `bench turn` has the way of many tokens. */
const TOKENS_PER_SECOND = 2;
const QUESTIONS_PER_SECOND = 50;
const LISTS_PER_SECOND = 1;
/** A tenant may be asked 600 times a minute. */
const TENANTS = 20;
/** A deletion is final after 30 s; opening the sockets takes some of them. */
const PURGE_AFTER_MS = 30_000;
const PASSWORD = "seven quiet otters on a ferry";

export async function everythingAtOnce(): Promise<Figure[]> {
  if (process.env.BUN_CONFIG_MAX_HTTP_REQUESTS === undefined) {
    const target = "BUN_CONFIG_MAX_HTTP_REQUESTS=5000 lets 1,000 answers stream";
    return [{ what: "everything at once", measured: "not here", target }];
  }
  const folder = mkdtempSync(join(tmpdir(), "parley-bench-everything-"));
  const load = startLoad({
    ...{ sockets: STREAMS, questionsPerSecond: null, seconds: 0 },
    ...{ tokensPerSecond: TOKENS_PER_SECOND, answerSeconds: SETTLING_SECONDS + SECONDS + 10 },
  });
  try {
    await fillFolder(folder, { chunks: CHUNKS, password: PASSWORD });
    addConversations(join(folder, "parley.db"));
    const { model } = (await load.next()) as { model: string };
    return await measured(folder, load, model);
  } finally {
    load.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(
  folder: string,
  load: ReturnType<typeof startLoad>,
  model: string,
): Promise<Figure[]> {
  const { config } = readConfig({ data: folder, host: "127.0.0.1", port: "0" }, {});
  const quiet = () => {};
  const app = await openApp(config, { debug: quiet, info: quiet, warn: quiet, error: quiet });
  const server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1", idleTimeout: 30, websocket },
    fetch: (request, self) => app.http.fetch(request, self),
  });
  app.listensOn(server.port ?? 0);
  const url = `http://127.0.0.1:${server.port}`;
  const owner = adminClient({ url });
  await owner.signIn(OWNER_EMAIL, PASSWORD);
  const first = owner.tenant;
  const embedKeys = await tenantsThatAnswer(owner, model);
  owner.tenant = first;
  load.send({ url, embedKeys });
  await load.next();
  const cookie = owner.cookie ?? "";
  const searches = await startAsker("question-load.ts", [url, cookie, QUESTIONS_PER_SECOND, SECONDS]);
  const lists = await startAsker("list-load.ts", [url, cookie, LISTS_PER_SECOND, SECONDS]);
  const purge = await removePassages(owner, PURGED);
  await Bun.sleep(PURGE_AFTER_MS - SETTLING_SECONDS * 1_000);
  load.send({});
  await Bun.sleep(SETTLING_SECONDS * 1_000);
  const { result, ...stalls } = await stallsDuring(() => Promise.all([searches.run(), lists.run()]));
  const [searched, listed] = result;
  const left = await purge.left();
  const streams = (await load.next()) as Outcome;
  await server.stop(true);
  await app.stop();
  return [
    figure(`everything at once, ${STREAMS} streams: longest stall`, longest(stalls.lateMs), "< 10 ms"),
    figure("  the most that the main loop worked in one turn", longest(stalls.workMs), "< 10 ms"),
    figure("  99.9 % of its turns work for less than", percentile(0.999, stalls.workMs), ""),
    figure("  a token's way through Parley, p99", percentile(0.99, streams.delaysMs), ""),
    figure("  a search in the test bench, p50", percentile(0.5, searched), ""),
    figure("  a search in the test bench, p99", percentile(0.99, searched), ""),
    figure("  a list of conversations with a word, p50", percentile(0.5, listed), ""),
    {
      what: "  answers complete, sources still being purged",
      measured: `${streams.complete} of ${streams.asked}, ${left}`,
      target: "",
    },
  ];
}

/** Other tenants than the one that is searched, with a document and the model each. @returns their embed keys */
async function tenantsThatAnswer(owner: ReturnType<typeof adminClient>, model: string): Promise<string[]> {
  const keys: string[] = [];
  for (let place = 0; place < TENANTS; place++) {
    owner.tenant = await aTenant(owner, place);
    await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
    const llm = { provider: "openai", baseUrl: model, model: "streaming" };
    await owner.send("PUT", "/api/admin/llm/config", llm);
    keys.push((await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey);
  }
  return keys;
}

/** Deletes sources with that many passages in all. */
async function removePassages(owner: ReturnType<typeof adminClient>, passages: number) {
  type Listed = { items: { id: string; chunkCount: number }[] };
  const { items } = await owner.get<Listed>("/api/admin/knowledge");
  const removed: string[] = [];
  for (let left = passages; left > 0; ) {
    const source = items[removed.length];
    if (source === undefined) break;
    await owner.send("DELETE", `/api/admin/knowledge/${source.id}`);
    removed.push(source.id);
    left -= source.chunkCount;
  }
  return {
    /** How many of them could still be restored or are being purged: a restore is a miss once it is final. */
    async left() {
      const answers = await Promise.all(
        removed.map((id) => owner.call("POST", `/api/admin/knowledge/${id}/restore`)),
      );
      return answers.filter(({ status }) => status !== 404).length;
    },
  };
}

/** Written past the store: a conversation through it is five commits. */
function addConversations(path: string): void {
  const database = new Database(path);
  const { id: tenant } = database.query<{ id: string }, []>("select id from tenants limit 1").get() ?? {
    id: "",
  };
  const session = "ses_BENCH";
  database.transaction(() => {
    database.run(
      "insert into chat_sessions (tenant_id, id, conversation_id, token_hash, created_at, expires_at) values (?, ?, 'cnv_0', '-', 0, 0)",
      [tenant, session],
    );
    const conversation = database.query(
      "insert into conversations (tenant_id, id, session_id, title, message_count, created_at, updated_at) values (?, ?, ?, ?, 1, ?, ?)",
    );
    const message = database.query(
      "insert into messages (tenant_id, id, conversation_id, session_id, role, content, status, created_at) values (?, ?, ?, ?, 'user', ?, 'complete', ?)",
    );
    for (let n = 0; n < CONVERSATIONS; n++) {
      conversation.run(tenant, `cnv_${n}`, session, `Question ${n} about leave`, n, n);
      message.run(tenant, `msg_${n}`, `cnv_${n}`, session, `How long is leave number ${n}?`, n);
    }
  })();
  database.close();
}
