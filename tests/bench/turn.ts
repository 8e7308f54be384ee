/**
 * Many answers at once: what Parley adds to the delay of each token, what it holds in memory and what a token costs,
 * and how soon a question is answered at all. The server has one core to itself, the model and the visitors the other.
 *
 *     PARLEY_BENCH_BEFORE=/path/of/another/binary bun run bench turn     the same of that one, in the same run
 *     PARLEY_BENCH_STREAMS=400 bun run bench turn                        another number of streams than 1,000
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { percentile } from "../../src/rag/metrics.ts";
import { type AdminClient, adminClient } from "../helpers/admin-client.ts";
import type { Figure } from "./figure.ts";
import { ALL, type ProcessSample, watchProcess, workBetween } from "./process-counters.ts";
import { BINARY, printedAddress } from "./start.ts";
import type { Outcome, Scenario } from "./turn-load.ts";

const STREAMS = Number(process.env.PARLEY_BENCH_STREAMS ?? 1_000);
/** A tenant may be asked 600 times a minute. */
const TENANTS = 20;

/** Threads that take less are not listed. */
const LEAST_SHOWN_MICROS = 1;
const LEAST_SHOWN_MS = 0.1;

const STREAMING: Scenario = {
  ...{ sockets: STREAMS, questionsPerSecond: null, seconds: 0 },
  ...{ tokensPerSecond: 20, answerSeconds: 20 },
};
const ASKING: Scenario = {
  ...{ sockets: 1_000, questionsPerSecond: 100, seconds: 20 },
  ...{ tokensPerSecond: 20, answerSeconds: 0.5 },
};

export async function benchTurn(): Promise<Figure[]> {
  const before = process.env.PARLEY_BENCH_BEFORE;
  const binaries = [...(before === undefined ? [] : [["before: ", before]]), ["", BINARY]];
  const figures: Figure[] = [];
  for (const [name = "", binary = ""] of binaries) {
    figures.push(...streamFigures(name, await measured(binary, STREAMING)));
    figures.push(...askFigures(name, await measured(binary, ASKING)));
  }
  return figures;
}

type Measured = Outcome & { samples: ProcessSample[] };

async function measured(binary: string, scenario: Scenario): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "parley-bench-turn-"));
  const load = startLoad(scenario);
  const server = Bun.spawn(
    ["taskset", "-c", "0", binary, "--port", "0", "--host", "127.0.0.1", "--data", folder],
    // A binary of before this limit was lifted needs to be told.
    { stdout: "pipe", stderr: "ignore", env: { ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: "5000" } },
  );
  try {
    const url = (await printedAddress(server.stdout)).replace(/\/$/, "");
    const { model } = (await load.next()) as { model: string };
    load.send({ url, embedKeys: await setUp(url, model) });
    await load.next();
    const watch = watchProcess(server.pid);
    load.send({});
    const outcome = (await load.next()) as Outcome;
    return { ...outcome, samples: watch.stop() };
  } finally {
    load.stop();
    server.kill("SIGTERM");
    await server.exited;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tenants with a document and the model each. @returns their embed keys */
async function setUp(url: string, model: string): Promise<string[]> {
  const owner = adminClient({ url });
  await owner.setUp();
  const keys: string[] = [];
  for (let place = 0; place < TENANTS; place++) {
    if (place > 0) owner.tenant = await aTenant(owner, place);
    await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
    await owner.send("PUT", "/api/admin/llm/config", {
      provider: "openai",
      baseUrl: model,
      model: "streaming",
    });
    keys.push((await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey);
  }
  return keys;
}

async function aTenant(owner: AdminClient, place: number): Promise<string> {
  return (await owner.send<{ id: string }>("POST", "/api/admin/tenants", { name: `Tenant ${place}` })).id;
}

type Load = { next(): Promise<unknown>; send(line: unknown): void; stop(): void };

function startLoad(scenario: Scenario): Load {
  const script = join(import.meta.dir, "turn-load.ts");
  const child = Bun.spawn(["taskset", "-c", "1", process.execPath, script, JSON.stringify(scenario)], {
    ...{ stdin: "pipe", stdout: "pipe", stderr: "inherit" },
  });
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = "";
  return {
    async next() {
      while (!buffered.includes("\n")) {
        const { value, done } = await reader.read();
        if (done) throw new Error("The load ended.");
        buffered += value;
      }
      const end = buffered.indexOf("\n");
      const line = buffered.slice(0, end);
      buffered = buffered.slice(end + 1);
      return JSON.parse(line);
    },
    send: (line) => void child.stdin.write(`${JSON.stringify(line)}\n`),
    stop: () => child.kill("SIGKILL"),
  };
}

function streamFigures(name: string, result: Measured): Figure[] {
  const { delaysMs, samples, complete, asked, lost, ownLateMs } = result;
  const what = `${name}${STREAMS} streams at 20 tokens a second`;
  const { work, tokens } = inTheMiddle(result);
  return [
    {
      what: `${what}: complete, tokens lost`,
      measured: `${complete} of ${asked}, ${lost}`,
      target: "all, 0",
    },
    figure(`${what}: delay, p50`, percentile(0.5, delaysMs), "ms", ""),
    figure(`${what}: delay, p99`, percentile(0.99, delaysMs), "ms", "< 50 ms"),
    figure("  of which the load itself was late, p99", percentile(0.99, ownLateMs), "ms", ""),
    figure(`${what}: most memory`, peakBytes(samples) / 1e6, "MB", "< 600 MB"),
    figure(
      `${what}: a token costs the server`,
      (totalSeconds(samples) * 1e6) / delaysMs.length,
      "µs",
      "< 40 µs",
    ),
    ...work
      .map(([thread, seconds]) => ({ thread, micros: (seconds * 1e6) / tokens }))
      .filter(({ micros }) => micros >= LEAST_SHOWN_MICROS)
      .map(({ thread, micros }) =>
        figure(`  once all of them stream${thread === ALL ? "" : `, thread ${thread}`}`, micros, "µs", ""),
      ),
  ];
}

/** The second quarter and the third of the time in which tokens come, without the beginnings and ends of answers. */
function inTheMiddle({ arrived, samples }: Measured): {
  work: [thread: string, seconds: number][];
  tokens: number;
} {
  const tenths = arrived.map(([tenth]) => tenth);
  const first = Math.min(...tenths);
  const quarter = Math.floor((Math.max(...tenths) - first) / 4);
  const [from, until] = [first + quarter, first + 3 * quarter];
  const inside = samples.filter(({ at }) => at >= from * 100 && at <= until * 100);
  const [begin, end] = [inside[0], inside.at(-1)];
  if (begin === undefined || end === undefined) throw new Error("No token came.");
  const tokens = arrived
    .filter(([tenth]) => tenth * 100 >= begin.at && tenth * 100 < end.at)
    .reduce((sum, [, count]) => sum + count, 0);
  return { work: workBetween(begin, end), tokens };
}

function askFigures(name: string, { firstFrameMs, samples, complete, asked }: Measured): Figure[] {
  const what = `${name}1,000 sockets, 100 questions a second`;
  const work = workBetween(samples[0] as ProcessSample, samples.at(-1) as ProcessSample);
  return [
    { what: `${what}: complete`, measured: `${complete} of ${asked}`, target: "all" },
    figure(`${what}: first frame, p50`, percentile(0.5, firstFrameMs), "ms", ""),
    figure(`${what}: first frame, p95`, percentile(0.95, firstFrameMs), "ms", "< 30 ms"),
    ...work
      .map(([thread, seconds]) => ({ thread, ms: (seconds * 1000) / asked }))
      .filter(({ ms }) => ms >= LEAST_SHOWN_MS)
      .map(({ thread, ms }) =>
        figure(
          thread === ALL ? `${what}: a question costs the server` : `  of which thread ${thread}`,
          ms,
          "ms",
          "",
        ),
      ),
  ];
}

function peakBytes(samples: readonly ProcessSample[]): number {
  return Math.max(...samples.map(({ residentBytes }) => residentBytes));
}

function totalSeconds(samples: readonly ProcessSample[]): number {
  const [from, to] = [samples[0], samples.at(-1)];
  const of = (sample: ProcessSample | undefined) => sample?.cpuSeconds.get(ALL) ?? 0;
  return of(to) - of(from);
}

function figure(what: string, value: number, unit: string, target: string): Figure {
  return { what, measured: `${value.toFixed(1)} ${unit}`, target };
}
