/**
 * Vendors' streams, event by event, whatever their bytes arrive like: split anywhere, with any line end,
 * with comments between. What is not the protocol, too large or cut off becomes an error here.
 */
import type { AppError } from "../errors.ts";

/** `data` is parsed; the text `[DONE]`, which is no JSON, stays text. */
export type StreamEvent = { name: string | null; data: unknown };

export type Framing = {
  /** Server-sent events, or one JSON value a line. */
  form: "events" | "lines";
  isEnd: (event: StreamEvent) => boolean;
  /** From this event on the reply is whole, though its end marker may be missing; what may follow is its cost. */
  isWhole?: (event: StreamEvent) => boolean;
  isError: (event: StreamEvent) => boolean;
};

export type FramingErrors = {
  bad: (problem: string) => AppError;
  cut: (cause?: unknown) => AppError;
  reported: (event: unknown) => AppError;
};

/** One event is a few words, or a whole tool call at most. */
export const MAX_EVENT_BYTES = 1_000_000;

/**
 * The data of each event, as it arrives; the end marker only where it says something. An answer that is one JSON
 * document instead of a stream is one event. Leaving early closes the connection. One loop over what the network gave,
 * with plain functions below it: what stands here is paid for every token of every answer.
 *
 * @throws AppError one of `errors`
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  framing: Framing,
  errors: FramingErrors,
): AsyncGenerator<unknown, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const events = eventSplitter(framing.form, errors);
  let isWhole = false;
  try {
    for (;;) {
      const { done, value } = await (isWhole ? readSoon(reader) : read(reader, errors));
      const complete = done ? events.end(decoder.decode()) : events.push(decoder.decode(value, IN_PIECES));
      for (const event of complete) {
        if (framing.isError(event)) throw errors.reported(event.data);
        const isEnd = framing.isEnd(event);
        if (isEnd) await drain(reader);
        if (event.data !== DONE) yield event.data;
        if (isEnd) return;
        if (framing.isWhole?.(event)) isWhole = true;
      }
      if (!done) continue;
      if (isWhole) return;
      throw events.isDocument() ? errors.bad(NO_REPLY) : errors.cut();
    }
  } finally {
    // Closes the connection when we leave before the end of the body; after it this does nothing.
    await reader.cancel().catch(() => undefined);
  }
}

const IN_PIECES = { stream: true };

type BodyPart = { done: boolean; value?: Uint8Array | undefined };
type Reader = {
  read(): Promise<BodyPart>;
  cancel(reason?: unknown): Promise<void>;
};

/** Takes text as it arrives and gives what it completes. */
type Splitter<Piece> = { push(text: string): readonly Piece[]; end(text: string): readonly Piece[] };

const NO_REPLY = "answered with something that is no model's reply";
const TOO_LARGE = "sent an event that is far too large";

type EventSplitter = Splitter<StreamEvent> & {
  /** Whether it is no stream but one whole JSON document. */
  isDocument(): boolean;
};

/** Events from lines: `end` gets the last one, which may be half of one, or nothing. */
type LineReader = {
  take(line: string): readonly StreamEvent[];
  end(rest: readonly string[]): readonly StreamEvent[];
};

function eventSplitter(form: Framing["form"], errors: FramingErrors): EventSplitter {
  const lines = lineSplitter(errors);
  let reader: LineReader | null = null;
  let isDocument = false;

  /** No event begins with a brace, and no line of a stream of lines ends in the middle of its JSON. */
  function readerFor(first: string): LineReader {
    isDocument = first.trimStart().startsWith("{") && (form === "events" || parseData(first) === null);
    if (isDocument) return documentReader(errors);
    return form === "lines" ? valueReader(errors) : fieldReader(errors);
  }

  function take(line: string): readonly StreamEvent[] {
    if (reader === null && line.trim() === "") return NOTHING;
    reader ??= readerFor(line);
    return reader.take(line);
  }

  return {
    push(text) {
      const events: StreamEvent[] = [];
      for (const line of lines.push(text)) for (const event of take(line)) events.push(event);
      return events;
    },
    end(text) {
      const rest = lines.end(text);
      reader ??= readerFor(rest[0] ?? "");
      return reader.end(rest);
    },
    isDocument: () => isDocument,
  };
}

/** Most lines complete no event, and a list for each of them is what a token can do without. */
const NOTHING: readonly never[] = [];

/** One JSON value a line. */
function valueReader(errors: FramingErrors): LineReader {
  return {
    take: (line) => parseEvent(null, line, () => errors.bad(NOT_JSON)),
    end: (rest) => rest.flatMap((line) => parseEvent(null, line, () => errors.cut())),
  };
}

/** Server-sent events: fields, and an empty line behind each event. */
function fieldReader(errors: FramingErrors): LineReader {
  let name: string | null = null;
  let texts: string[] = [];
  let size = 0;

  function take(line: string): readonly StreamEvent[] {
    if (line === "") return finish(() => errors.bad(NOT_JSON));
    size += line.length;
    if (size > MAX_EVENT_BYTES) throw errors.bad(TOO_LARGE);
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    if (field === "event") name = valueBehind(line, colon);
    if (field === "data") texts.push(valueBehind(line, colon));
    return NOTHING;
  }

  function finish(problem: () => AppError): readonly StreamEvent[] {
    const text = texts.length === 1 ? (texts[0] ?? "") : texts.join("\n");
    const isKeepAlive = texts.length > 0 && isBlank(text);
    const events = isKeepAlive ? [KEEP_ALIVE] : parseEvent(name, text, problem);
    name = null;
    texts = [];
    size = 0;
    return events;
  }

  return { take, end: (rest) => [...rest.flatMap((line) => take(line)), ...finish(() => errors.cut())] };
}

/** What a server sends that was asked for a stream and does not know how. */
function documentReader(errors: FramingErrors): LineReader {
  let text = "";

  function take(line: string): readonly StreamEvent[] {
    text += `${line}\n`;
    if (text.length > MAX_EVENT_BYTES) throw errors.bad(TOO_LARGE);
    return NOTHING;
  }

  const problem = () => (text.trimEnd().endsWith("}") ? errors.bad(NOT_JSON) : errors.cut());
  return {
    take,
    end(rest) {
      for (const line of rest) take(line);
      return parseEvent(null, text, problem);
    },
  };
}

/** Lines ended by LF, CRLF or a lone CR; at the end, what follows the last one. */
function lineSplitter(errors: FramingErrors): Splitter<string> {
  let rest = "";
  let isFirst = true;
  let endsWithCr = false;

  function refuseWebPage(text: string): void {
    if (!isFirst || text.trim() === "") return;
    if (/^\s*</.test(rest)) throw errors.bad("answered with a web page instead of a model's reply");
    isFirst = false;
  }

  return {
    push(text) {
      rest += text;
      const hasLineEnd = text.includes("\n") || text.includes("\r");
      if (rest.length > MAX_EVENT_BYTES && !hasLineEnd) throw errors.bad(TOO_LARGE);
      refuseWebPage(text);
      // Looking at the new text only keeps a long line that comes in small pieces cheap.
      if (!endsWithCr && !hasLineEnd) return NOTHING;
      const lines = rest.split(rest.includes("\r") ? LINE_END : "\n");
      rest = lines.pop() ?? "";
      endsWithCr = rest.endsWith("\r");
      if (lines.some((line) => line.length > MAX_EVENT_BYTES)) throw errors.bad(TOO_LARGE);
      return lines;
    },
    end(text) {
      rest += text;
      return endsWithCr ? [rest.slice(0, -1)] : rest === "" ? [] : [rest];
    },
  };
}

/** A CR at the very end may be half of a CRLF, so it waits for the next bytes. */
const LINE_END = /\r\n|\n|\r(?!$)/;

async function read(reader: Reader, errors: FramingErrors): Promise<BodyPart> {
  try {
    return await reader.read();
  } catch (thrown) {
    throw errors.cut(thrown);
  }
}

/** A reply that is whole waits for its end marker, but not long; however its connection ends, it stays whole. */
async function readSoon(reader: Reader): Promise<BodyPart> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<BodyPart>((resolve) => {
    timer = setTimeout(() => resolve({ done: true }), END_MARKER_MS);
  });
  try {
    return await Promise.race([patience, reader.read()]);
  } catch {
    return { done: true };
  } finally {
    clearTimeout(timer);
  }
}

/** The cost of a reply comes in an event of its own, behind its last word; a visitor waits for it to be over. */
const END_MARKER_MS = 1000;

/** Most servers end the body right behind their end marker; seeing that lets the connection be used again. */
async function drain(reader: Reader): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DRAIN_MS);
  });
  await Promise.race([patience, readToEnd(reader)]);
  clearTimeout(timer);
}

/** Long enough for a packet that is already under way, short enough that nobody notices. */
const DRAIN_MS = 200;

async function readToEnd(reader: Reader): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // The answer is complete; how its connection ends does not matter.
  }
}

/** Of a line with a field: what stands behind its colon, without the one space that may. */
function valueBehind(line: string, colon: number): string {
  if (colon < 0) return "";
  return line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
}

/** Most text is a JSON object, which the first character tells. */
function isBlank(text: string): boolean {
  return text[0] !== "{" && text.trim() === "";
}

/** Usually one event; some servers forget the blank line and put several JSON values into one. @throws `problem` */
function parseEvent(name: string | null, text: string, problem: () => AppError): StreamEvent[] {
  if (isBlank(text)) return [];
  const whole = parseData(text);
  if (whole) return [isIdle(whole.data) ? KEEP_ALIVE : { name, data: whole.data }];
  if (SIGN_OF_LIFE.test(text)) return [KEEP_ALIVE];
  const parts = text.split("\n").map(parseData);
  if (parts.length > 1 && parts.every((part) => part !== null))
    return parts.map(({ data }) => ({ name, data }));
  throw problem();
}

/** What proxies and queues write into a stream so that nobody hangs up; it is passed on as an event without content. */
const SIGN_OF_LIFE = /^\s*(:|\W*(ping|pong|keep[-_ ]?alive|heart[-_ ]?beat|noop|processing|waiting)\W*$)/i;
const KEEP_ALIVE: StreamEvent = { name: null, data: {} };

function isIdle(data: unknown): boolean {
  return data === null || (typeof data === "string" && (data.trim() === "" || SIGN_OF_LIFE.test(data)));
}

const NOT_JSON = "sent an event that is not JSON";
const DONE = "[DONE]";

function parseData(text: string): { data: unknown } | null {
  if (text[0] !== "{" && text.trim() === DONE) return { data: DONE };
  try {
    return { data: JSON.parse(text) };
  } catch {
    return null;
  }
}
