/**
 * Whether retrieval holds up the main loop while 50 questions a second are asked of 100,000 chunks with 384
 * dimensions, by words and by meaning: a timer inside a process that composes the application, the age of /healthz
 * outside of the compiled binary, and how long a turn takes before its model is called.
 *
 *     PARLEY_BENCH_LOOP=20000,5 bun run bench loop     other numbers of chunks and seconds
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { percentile } from "../../src/rag/metrics.ts";
import { startScriptedProvider } from "../helpers/scripted-provider.ts";
import { clientId, openVisitor } from "../helpers/visitor-client.ts";
import { clusteredVectors } from "./clustered-vectors.ts";
import type { Figure } from "./figure.ts";
import { fillFolder, madeUpWord, OWNER_EMAIL } from "./filled-folder.ts";
import { longest, stallsDuring } from "./stalls.ts";
import { BINARY, printedAddress } from "./start.ts";
import { benchStoreLoop } from "./store-loop.ts";

const [CHUNKS = 100_000, SECONDS = 20] = (process.env.PARLEY_BENCH_LOOP ?? "")
  .split(",")
  .filter(Boolean)
  .map(Number);
const DIMENSION = 384;
const QUESTIONS_PER_SECOND = 50;
const PINGS_PER_SECOND = 200;
const BASELINE_SECONDS = 5;
/** Turns whose time until the model is called is measured, one after the other. */
const TURNS = 200;
/** A visitor may ask 20 a minute. */
const TURNS_PER_VISITOR = 15;
const LONGEST_WARM_UP_MS = 30_000;
const PASSWORD = "seven quiet otters on a ferry";

type Model = Awaited<ReturnType<typeof startScriptedProvider>>;

export async function benchLoop(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "parley-bench-loop-"));
  const model = await startScriptedProvider();
  try {
    const embedKey = await fill(folder, model);
    const retrieval = [...(await inside(folder)), ...(await outside(folder, embedKey, model))];
    return [...retrieval, ...(await benchStoreLoop())];
  } finally {
    await model.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The model of the bench embeds a question as one of the questions of the set. */
async function fill(folder: string, model: Model): Promise<string> {
  const questionCount = 500;
  const set = clusteredVectors({ count: CHUNKS, questionCount, dimension: DIMENSION, seed: 20_260_901 });
  model.vectorOf = (text) => {
    const row = Number(Bun.hash.crc32(text) % questionCount) * DIMENSION;
    return [...set.questions.subarray(row, row + DIMENSION)];
  };
  return fillFolder(folder, {
    chunks: CHUNKS,
    password: PASSWORD,
    llm: { provider: "openai", baseUrl: model.url("openai"), model: "scripted" },
    vectors: { all: set.vectors, dimension: DIMENSION, baseUrl: model.url("openai") },
  });
}

/** The application in this process, where a timer sees every millisecond that is missing. */
async function inside(folder: string): Promise<Figure[]> {
  const { config } = readConfig({ data: folder, host: "127.0.0.1", port: "0" }, {});
  const quiet = () => {};
  const app = await openApp(config, { debug: quiet, info: quiet, warn: quiet, error: quiet });
  const server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1", idleTimeout: 30 },
    fetch: (request, self) => app.http.fetch(request, self),
  });
  app.listensOn(server.port ?? 0);
  const url = `http://127.0.0.1:${server.port}`;
  const cookie = await signIn(url);
  await warmUp(url, cookie);
  const idle = await stallsDuring(() => Bun.sleep(BASELINE_SECONDS * 1000));
  const asker = await startAsker(url, cookie);
  const { result: latencies, ...stalls } = await stallsDuring(() => asker.run());
  await server.stop(true);
  await app.stop();
  return [
    figure("main loop's longest stall, idle", longest(idle.lateMs), ""),
    figure("main loop's longest stall, 50 questions a second", longest(stalls.lateMs), "< 10 ms"),
    figure("  the most that it worked in one turn", longest(stalls.workMs), "< 10 ms"),
    figure("  99.9 % of its turns work for less than", percentile(0.999, stalls.workMs), ""),
    ...percentiles("a search in the test bench meanwhile", latencies),
  ];
}

/** The binary, as others see it. */
async function outside(folder: string, embedKey: string, model: Model): Promise<Figure[]> {
  const child = Bun.spawn([BINARY, "--port", "0", "--host", "127.0.0.1", "--data", folder], {
    stdout: "pipe",
    stderr: "ignore",
  });
  try {
    const url = (await printedAddress(child.stdout)).replace(/\/$/, "");
    const cookie = await signIn(url);
    await warmUp(url, cookie);
    const idle = await pingsDuring(url, () => Bun.sleep(BASELINE_SECONDS * 1000));
    const asker = await startAsker(url, cookie);
    const busy = await pingsDuring(url, () => asker.run());
    const turns = await timesUntilModelIsCalled(url, embedKey, model);
    return [
      ...percentiles("/healthz of the binary, idle", idle),
      ...percentiles("/healthz of the binary, 50 questions a second", busy),
      figure("a turn before its model is called, p50", percentile(0.5, turns), "< 25 ms"),
      figure("a turn before its model is called, p99", percentile(0.99, turns), "< 60 ms"),
    ];
  } finally {
    child.kill("SIGTERM");
    await child.exited;
  }
}

async function pingsDuring(url: string, work: () => Promise<unknown>): Promise<number[]> {
  const pings: Promise<number>[] = [];
  let isOver = false;
  const done = work().finally(() => {
    isOver = true;
  });
  const startedAt = performance.now();
  while (!isOver) {
    await Bun.sleep(Math.max(0, startedAt + (pings.length * 1000) / PINGS_PER_SECOND - performance.now()));
    pings.push(timed(() => fetch(`${url}/healthz`).then((answer) => answer.text())));
  }
  await done;
  return Promise.all(pings);
}

/** From a visitor's message until the model's server has the whole request. */
async function timesUntilModelIsCalled(url: string, embedKey: string, model: Model): Promise<number[]> {
  const times: number[] = [];
  let visitor = await openVisitor({ url }, embedKey);
  for (let turn = 0; turn < TURNS; turn++) {
    if (turn % TURNS_PER_VISITOR === 0) visitor = await openVisitor({ url }, embedKey);
    const startedAt = performance.now();
    model.script(() => {
      times.push(performance.now() - startedAt);
      return { text: "An answer. [1]" };
    });
    await visitor.ask(question(), clientId());
    // Its first message in a conversation needs no rewriting by the model, further ones do.
    await visitor.call("POST", "/api/chat/conversation", { session: visitor.session });
  }
  return times;
}

/** The process that asks, started before anything is measured. `run` resolves with how long each question took. */
async function startAsker(url: string, cookie: string): Promise<{ run(): Promise<number[]> }> {
  const script = join(import.meta.dir, "question-load.ts");
  const words = [url, cookie, String(QUESTIONS_PER_SECOND), String(SECONDS)];
  const child = Bun.spawn([process.execPath, script, ...words], {
    ...{ stdin: "pipe", stdout: "pipe", stderr: "inherit" },
  });
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await lines.read();
  return {
    async run() {
      child.stdin.end();
      let printed = "";
      for (let part = await lines.read(); !part.done; part = await lines.read()) printed += part.value;
      return JSON.parse(printed) as number[];
    },
  };
}

/** Until the index of words is in memory and the vectors' pages are in the system's cache, or a slow machine had its chance. */
async function warmUp(url: string, cookie: string): Promise<void> {
  const until = performance.now() + LONGEST_WARM_UP_MS;
  for (let fast = 0; fast < 20 && performance.now() < until; ) {
    const ms = await timed(async () => {
      const answer = await fetch(`${url}/api/admin/knowledge/search`, {
        method: "POST",
        headers: { origin: url, cookie, "content-type": "application/json" },
        body: JSON.stringify({ query: question() }),
      });
      await answer.text();
    });
    fast = ms < 150 ? fast + 1 : 0;
  }
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/auth/login`, {
    method: "POST",
    headers: { origin: url, "content-type": "application/json" },
    body: JSON.stringify({ email: OWNER_EMAIL, password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`Signing in answered ${answer.status} ${await answer.text()}`);
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

function question(): string {
  return Array.from({ length: 7 }, madeUpWord).join(" ");
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function percentiles(what: string, values: readonly number[]): Figure[] {
  return [
    figure(`${what}, p50`, percentile(0.5, values), ""),
    figure(`${what}, p99`, percentile(0.99, values), ""),
    figure(`${what}, longest`, Math.max(...values), ""),
  ];
}

function figure(what: string, ms: number, target: string): Figure {
  return { what, measured: `${ms.toFixed(1)} ms`, target };
}
