/**
 * A process of its own that is both ends of many chats: the model's server, which streams so many tokens a second to
 * each, and the visitors' sockets that read them. Each token is the moment at which it was sent, so that one clock says
 * how long it was under way. `bun turn-load.ts SCENARIO`, a `Scenario` as JSON; it waits for a line on its input before
 * each step and prints one line of JSON after it: first the model's address, then `Outcome`.
 */
import { openSocket } from "../helpers/frames.ts";
import { clientId } from "../helpers/visitor-client.ts";

export type Scenario = {
  /** Visitors, one socket each. */
  sockets: number;
  /** All at once, or so many a second from sockets in turn. */
  questionsPerSecond: number | null;
  tokensPerSecond: number;
  /** How long each answer takes. */
  answerSeconds: number;
  /** How long questions are asked, where they are asked by the second. */
  seconds: number;
};

export type Outcome = {
  /** Milliseconds from the model's server to the visitor, of every token. */
  delaysMs: number[];
  /** From a question until the first frame that answers it. */
  firstFrameMs: number[];
  asked: number;
  complete: number;
  /** Tokens that were sent in complete answers and did not arrive. */
  lost: number;
  /** Tokens that arrived, by tenth of a second of the wall clock. */
  arrived: [tenth: number, tokens: number][];
  /** How late this process's own timer was: what is here is not Parley's delay. */
  ownLateMs: number[];
};

const scenario = JSON.parse(process.argv[2] ?? "") as Scenario;
const TICK_MS = 2;
const OPENED_AT_ONCE = 50;

type Stream = { write(text: string): void; end(): void; nextAt: number; left: number };
const streams = new Set<Stream>();
const ownLateMs: number[] = [];
const arrived = new Map<number, number>();

/** Speaks just enough of Chat Completions; every write is one chunk. */
const model = Bun.listen<{ text: string }>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    open(socket) {
      socket.data = { text: "" };
    },
    data(socket, bytes) {
      socket.data.text += new TextDecoder().decode(bytes);
      const { text } = socket.data;
      const bodyAt = text.indexOf("\r\n\r\n") + 4;
      const length = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0);
      if (bodyAt < 4 || Buffer.byteLength(text.slice(bodyAt)) < length) return;
      socket.data.text = "";
      socket.write(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n",
      );
      streams.add({
        write: (event) => void socket.write(chunked(`data: ${event}\n\n`)),
        end: () => void socket.end(`${chunked("data: [DONE]\n\n")}0\r\n\r\n`),
        // Streams begin at different moments, as people do.
        nextAt: performance.now() + Math.random() * (1000 / scenario.tokensPerSecond),
        left: Math.round(scenario.answerSeconds * scenario.tokensPerSecond),
      });
    },
    close() {},
    error() {},
  },
});

let lastTick = performance.now();
setInterval(() => {
  const now = performance.now();
  ownLateMs.push(Math.max(0, now - lastTick - TICK_MS));
  lastTick = now;
  for (const stream of streams) {
    while (stream.left > 0 && stream.nextAt <= now) {
      stream.left--;
      stream.nextAt += 1000 / scenario.tokensPerSecond;
      stream.write(event({ content: `${performance.now().toFixed(2)} ` }, null));
    }
    if (stream.left > 0) continue;
    stream.write(event({}, "stop"));
    stream.end();
    streams.delete(stream);
  }
}, TICK_MS);

function event(delta: object, finish: string | null): string {
  return JSON.stringify({
    id: "1",
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
}

function chunked(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

type Visitor = { socket: Awaited<ReturnType<typeof openSocket>> };

/** `embedKeys` in turn, so that no tenant has more visitors than it may. */
async function openVisitors(url: string, embedKeys: readonly string[]): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  while (visitors.length < scenario.sockets) {
    const from = visitors.length;
    const wanted = Math.min(OPENED_AT_ONCE, scenario.sockets - from);
    const opened = Array.from({ length: wanted }, (_, place) =>
      openVisitor(url, embedKeys[(from + place) % embedKeys.length] ?? ""),
    );
    visitors.push(...(await Promise.all(opened)));
  }
  return visitors;
}

async function openVisitor(url: string, key: string): Promise<Visitor> {
  const answer = await fetch(`${url}/api/widget/session`, {
    method: "POST",
    headers: { origin: url, "content-type": "application/json" },
    body: JSON.stringify({ key }),
  });
  if (!answer.ok) throw new Error(`No session: ${answer.status} ${await answer.text()}`);
  const { session, token } = (await answer.json()) as { session: string; token: string };
  const socket = await openSocket(`${url}/ws/chat/${session}`, { origin: url });
  socket.send({ type: "hello", token });
  await socket.next("ready");
  return { socket };
}

async function ask({ socket }: Visitor, outcome: Outcome): Promise<void> {
  const askedAt = performance.now();
  let tokens = 0;
  outcome.asked++;
  socket.send({ type: "message", id: clientId(), text: "How long is parental leave?" });
  for (let isFirst = true; ; isFirst = false) {
    const frame = await socket.next();
    const now = performance.now();
    if (isFirst) outcome.firstFrameMs.push(now - askedAt);
    if (frame.type === "error") return;
    if (frame.type === "delta") {
      const tenth = Math.floor(Date.now() / 100);
      for (const sent of String(frame.text).match(/\d+\.\d\d(?= )/g) ?? []) {
        tokens++;
        arrived.set(tenth, (arrived.get(tenth) ?? 0) + 1);
        outcome.delaysMs.push(now - Number(sent));
      }
    }
    if (frame.type !== "done") continue;
    if (frame.status === "complete") outcome.complete++;
    outcome.lost += Math.round(scenario.answerSeconds * scenario.tokensPerSecond) - tokens;
    return;
  }
}

async function run(visitors: readonly Visitor[]): Promise<Outcome> {
  const outcome: Outcome = {
    delaysMs: [],
    firstFrameMs: [],
    asked: 0,
    complete: 0,
    lost: 0,
    arrived: [],
    ownLateMs,
  };
  ownLateMs.length = 0;
  if (scenario.questionsPerSecond === null) {
    await Promise.all(visitors.map((visitor) => ask(visitor, outcome)));
    return outcome;
  }
  const asked: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let turn = 0; turn < scenario.questionsPerSecond * scenario.seconds; turn++) {
    await Bun.sleep(Math.max(0, startedAt + (turn * 1000) / scenario.questionsPerSecond - performance.now()));
    const visitor = visitors[turn % visitors.length];
    if (visitor) asked.push(ask(visitor, outcome));
  }
  await Promise.all(asked);
  return outcome;
}

const input = console[Symbol.asyncIterator]();
console.log(JSON.stringify({ model: `http://127.0.0.1:${model.port}/v1` }));
const { url, embedKeys } = JSON.parse(String((await input.next()).value)) as {
  url: string;
  embedKeys: string[];
};
const visitors = await openVisitors(url, embedKeys);
console.log(JSON.stringify({ ready: visitors.length }));
await input.next();
const outcome = await run(visitors);
console.log(JSON.stringify({ ...outcome, arrived: [...arrived] }));
process.exit(0);
