/**
 * A language model that says what a test tells it to: a real HTTP server on loopback that speaks the four
 * wire protocols, with every byte, pause and breakdown under the test's control. Written on a bare socket,
 * because HTTP servers hide chunk boundaries and resets.
 */
import { createServer, type Socket } from "node:net";
import {
  DOCUMENT,
  embeddingsBody,
  errorBody,
  KEEP_ALIVES,
  modelList,
  type Protocol,
  type ScriptedToolCall,
  STREAM_TYPE,
  WIRE,
  type WireEvent,
  type WireReply,
} from "./wire-protocols.ts";

export type { Protocol } from "./wire-protocols.ts";

export type Reply = {
  /** The answer; comes word by word unless `pieces` says how. */
  text?: string;
  /** The answer in the pieces that the server streams. Other values than text are sent as they are. */
  pieces?: unknown[];
  /** Awaited before the second piece, or before the end when there is only one. */
  gate?: Promise<unknown>;
  /** Awaited before the piece of that index. */
  gates?: Record<number, Promise<unknown>>;
  /** Awaited before the status line. */
  headersGate?: Promise<unknown>;
  toolCalls?: ScriptedToolCall[];
  /** What the model thought before it wrote, in the field that the vendor has for it. */
  thoughts?: string[];
  finish?: "stop" | "length" | "filtered";
  usage?: { inputTokens: number; outputTokens: number } | null;

  /** Every byte its own chunk, instead of every event. */
  split?: "events" | "bytes";
  lineEnd?: "\n" | "\r\n" | "\r";
  /** Comments between the events, as proxies send them. */
  pings?: boolean;
  /** Whole events without content between the events, as some queues send them. */
  keepAlives?: boolean;
  /** One JSON document in place of the stream. */
  document?: boolean;
  /** A byte order mark first. */
  bom?: boolean;
  /** The exact body of the stream, instead of anything made from the fields above. */
  raw?: string;

  /** Only so many events, then `ending`. */
  onlyEvents?: number;
  /** How the body ends: as HTTP has it, with the connection closed or reset under it, or not at all. */
  ending?: "clean" | "close" | "reset" | "hang";
  /** Awaited before the ending, so that what came before it has arrived. */
  endingGate?: Promise<unknown>;
  /** A type of error that ends the stream after the text. */
  error?: string;

  /** Another status than 200: a refusal in the vendor's form, of this type and with this sentence. */
  status?: number;
  errorType?: string;
  errorText?: string;
  headers?: Record<string, string>;
  /** A whole body in place of the stream or the refusal. */
  body?: string;
};

export type RecordedRequest = {
  method: string;
  path: string;
  protocol: Protocol;
  headers: Record<string, string>;
  /** Parsed JSON, null for none. */
  body: Record<string, unknown> | null;
  /** Resolves when the client closes the connection before the answer is over. */
  clientClosed: Promise<void>;
};

export type ReplyScript = Reply | ((request: RecordedRequest) => Reply | Promise<Reply>);

export type ScriptedProvider = {
  /** The base URL to enter as a model's address. */
  url(protocol: Protocol): string;
  /** Replies for the next requests, in order. */
  script(...replies: ReplyScript[]): void;
  /** The reply whenever the script is empty. */
  answer(reply: ReplyScript): void;
  /** The reply to whoever asks for other wordings of a question, which is not among `requests`. None unless set. */
  word(reply: ReplyScript): void;
  /** Replies for the next requests for embeddings, in order; afterwards `vectorOf` answers. */
  scriptEmbeddings(...replies: ReplyScript[]): void;
  /** The vector of a text. */
  vectorOf: (text: string) => readonly unknown[];
  /** Ids of the models on offer. */
  models: string[];
  readonly requests: RecordedRequest[];
  /** How many connections were ever made. */
  readonly connections: number;
  /** Resolves with the request of that index (from 0) once it is there. */
  request(index: number): Promise<RecordedRequest>;
  close(): Promise<void>;
};

const PATHS: Record<Protocol, string> = {
  openai: "/openai/v1",
  "openai-responses": "/openai-responses/v1",
  anthropic: "/anthropic",
  ollama: "/ollama",
};

const DEFAULT_REPLY: Reply = { text: "This is the scripted model." };

export async function startScriptedProvider(): Promise<ScriptedProvider> {
  const queue: ReplyScript[] = [];
  const embeddings: ReplyScript[] = [];
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  const waiting: { index: number; resolve: (request: RecordedRequest) => void }[] = [];
  let fallback: ReplyScript = DEFAULT_REPLY;
  let wording: ReplyScript = { pieces: [] };
  let connections = 0;

  const record = (request: RecordedRequest) => {
    if (asksForWordings(request)) return;
    requests.push(request);
    for (const { index, resolve } of waiting) if (index === requests.length - 1) resolve(request);
  };
  const nextReply = async (request: RecordedRequest): Promise<Reply> => {
    const script = asksForWordings(request)
      ? wording
      : /\/embed(dings)?$/.test(request.path)
        ? (embeddings.shift() ?? embedded)
        : (queue.shift() ?? fallback);
    return typeof script === "function" ? await script(request) : script;
  };

  const embedded = ({ protocol, body }: RecordedRequest): Reply => {
    const vectors = [body?.input].flat().map((text) => provider.vectorOf(String(text)));
    return { body: JSON.stringify(embeddingsBody(protocol, vectors)) };
  };

  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    serveConnection(socket, record, async (request) => {
      const isListing = request.method === "GET";
      const reply = isListing && queue.length === 0 ? {} : await nextReply(request);
      const document = reply.body ?? JSON.stringify(modelList(request.protocol, provider.models));
      return isListing && reply.status === undefined ? { ...reply, body: document } : reply;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;

  const provider: ScriptedProvider = {
    url: (protocol) => `http://127.0.0.1:${port}${PATHS[protocol]}`,
    script: (...replies) => void queue.push(...replies),
    answer: (reply) => {
      fallback = reply;
    },
    word: (reply) => {
      wording = reply;
    },
    scriptEmbeddings: (...replies) => void embeddings.push(...replies),
    vectorOf: (text) => [text.length, 1],
    models: ["scripted-small", "scripted-large"],
    requests,
    get connections() {
      return connections;
    },
    request(index) {
      const known = requests[index];
      return known ? Promise.resolve(known) : new Promise((resolve) => waiting.push({ index, resolve }));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return provider;
}

/** A model is asked so before a question whose own words find nothing for sure. */
function asksForWordings({ body }: RecordedRequest): boolean {
  return JSON.stringify(body).includes("You prepare a search in an organisation's documents.");
}

type Responder = (request: RecordedRequest) => Promise<Reply>;

/** Requests of one connection, one after the other, as keep-alive has it. */
function serveConnection(
  socket: Socket,
  record: (request: RecordedRequest) => void,
  respond: Responder,
): void {
  let buffered: Buffer = Buffer.alloc(0);
  let isBusy = false;
  let onClosed: (() => void) | null = null;

  socket.on("close", () => onClosed?.());
  socket.on("data", (bytes) => {
    buffered = Buffer.concat([buffered, Buffer.from(bytes)]);
    void serveNext();
  });

  async function serveNext(): Promise<void> {
    const parsed = isBusy ? null : parseRequest(buffered);
    if (!parsed) return;
    isBusy = true;
    buffered = parsed.rest;
    const clientClosed = new Promise<void>((resolve) => {
      onClosed = resolve;
    });
    const request: RecordedRequest = { ...parsed.request, clientClosed };
    record(request);
    await send(socket, request.protocol, await respond(request));
    onClosed = null;
    isBusy = false;
    await serveNext();
  }
}

type Parsed = { request: Omit<RecordedRequest, "clientClosed">; rest: Buffer };

/** Null until the whole request is there. */
function parseRequest(bytes: Buffer): Parsed | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [first = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const [method = "", path = ""] = first.split(" ");
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const bodyStart = end + 4;
  const bodyEnd = bodyStart + Number(headers["content-length"] ?? 0);
  if (bytes.length < bodyEnd) return null;
  const text = bytes.subarray(bodyStart, bodyEnd).toString("utf8");
  return {
    request: {
      method,
      path,
      protocol: protocolOf(path),
      headers,
      body: text === "" ? null : JSON.parse(text),
    },
    rest: bytes.subarray(bodyEnd),
  };
}

function protocolOf(path: string): Protocol {
  const found = Object.entries(PATHS).find(([, prefix]) => path.startsWith(`${prefix}/`))?.[0];
  return (found as Protocol | undefined) ?? "openai";
}

async function send(socket: Socket, protocol: Protocol, reply: Reply): Promise<void> {
  await reply.headersGate;
  if (socket.destroyed) return;
  if (reply.status !== undefined || reply.body !== undefined) return sendDocument(socket, protocol, reply);
  if (reply.document) return sendDocument(socket, protocol, { ...reply, body: documentOf(protocol, reply) });
  const type = reply.headers?.["content-type"] ?? STREAM_TYPE[protocol];
  socket.write(head(200, { ...reply.headers, "content-type": type, "transfer-encoding": "chunked" }));
  for (const { text, gate } of piecesOf(protocol, reply)) {
    await gate;
    if (!(await writeChunks(socket, text, reply.split ?? "events"))) return;
  }
  await reply.endingGate;
  await finish(socket, reply.ending ?? "clean");
}

function sendDocument(socket: Socket, protocol: Protocol, reply: Reply): void {
  const { status = 200, errorType = "api_error", errorText = "no: sk-CANARY" } = reply;
  const body = Buffer.from(reply.body ?? JSON.stringify(errorBody(protocol, errorType, errorText)));
  const headers = {
    "content-type": "application/json",
    ...reply.headers,
    "content-length": String(body.length),
  };
  socket.write(Buffer.concat([Buffer.from(head(status, headers)), body]));
}

function head(status: number, headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Scripted\r\n${lines.join("")}\r\n`;
}

type Piece = { text: string; gate: Promise<unknown> | undefined };

function piecesOf(protocol: Protocol, reply: Reply): Piece[] {
  if (reply.raw !== undefined) return [{ text: reply.raw, gate: reply.gate }];
  const wireReply = toWireReply(reply);
  const { pieces } = wireReply;
  const events = WIRE[protocol](wireReply);
  const isLast = (index: number) => index === events.length - 1;
  return events.slice(0, reply.onlyEvents ?? events.length).map((event, index) => ({
    text: (index === 0 && reply.bom ? "\ufeff" : "") + onTheWire(event, protocol, reply),
    gate: gateOf(event, reply, pieces.length < 2 && isLast(index)),
  }));
}

function toWireReply(reply: Reply): WireReply {
  return {
    pieces: reply.pieces ?? wordsOf(reply.text ?? (reply.toolCalls ? "" : (DEFAULT_REPLY.text ?? ""))),
    thoughts: reply.thoughts ?? [],
    toolCalls: reply.toolCalls ?? [],
    finish: reply.finish ?? "stop",
    usage: reply.usage === undefined ? { inputTokens: 12, outputTokens: 7 } : reply.usage,
    error: reply.error ?? null,
  };
}

function documentOf(protocol: Protocol, reply: Reply): string {
  return DOCUMENT[protocol](toWireReply(reply));
}

function gateOf(
  { piece }: WireEvent,
  { gate, gates }: Reply,
  isEndOfShortReply: boolean,
): Promise<unknown> | undefined {
  if (piece !== null && gates?.[piece]) return gates[piece];
  return piece === 1 || isEndOfShortReply ? gate : undefined;
}

function onTheWire({ text }: WireEvent, protocol: Protocol, reply: Reply): string {
  const { lineEnd = "\n", pings, keepAlives } = reply;
  const ping = pings && protocol !== "ollama" ? ": ping\n\n" : "";
  const idle = keepAlives ? KEEP_ALIVES[protocol].join("") : "";
  return (ping + idle + text).replaceAll("\n", lineEnd);
}

/** False when the client is gone. */
async function writeChunks(socket: Socket, text: string, split: "events" | "bytes"): Promise<boolean> {
  const bytes = Buffer.from(text);
  const chunks = split === "bytes" ? [...bytes].map((byte) => Buffer.from([byte])) : [bytes];
  for (const chunk of chunks) {
    if (socket.destroyed) return false;
    socket.write(
      Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n")]),
    );
    // Lets the socket take this chunk before the next one.
    await new Promise(setImmediate);
  }
  return true;
}

async function finish(socket: Socket, ending: NonNullable<Reply["ending"]>): Promise<void> {
  switch (ending) {
    case "clean":
      socket.write("0\r\n\r\n");
      return;
    case "close":
      socket.end();
      return;
    case "reset":
      socket.resetAndDestroy();
      return;
    case "hang":
      await new Promise<void>((resolve) => socket.on("close", () => resolve()));
  }
}

function wordsOf(text: string): string[] {
  return text === "" ? [] : (text.match(/\s*\S+|\s+$/g) ?? []);
}
