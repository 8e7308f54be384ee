/**
 * Vendors' streams, event by event, whatever their bytes arrive like: split anywhere, with any line end,
 * with comments between. What comes out is the plainest form of the same stream, so that the SDK behind
 * sees every server alike; what is not the protocol, too large or cut off becomes an error here.
 */
import type { AppError } from "../errors.ts";

/** `data` is parsed; the text `[DONE]`, which is no JSON, stays text. */
export type StreamEvent = { name: string | null; data: unknown };

export type Framing = {
  /** Server-sent events, or one JSON value a line. */
  form: "events" | "lines";
  isEnd: (event: StreamEvent) => boolean;
  isError: (event: StreamEvent) => boolean;
};

export type FramingErrors = {
  bad: (problem: string) => AppError;
  cut: (cause?: unknown) => AppError;
  reported: (event: unknown) => AppError;
};

/** One event is a few words, or a whole tool call at most. */
export const MAX_EVENT_BYTES = 1_000_000;

/** The same stream in its plainest form; errors as described above. Cancelling it cancels `body`. */
export function normaliseStream(
  body: ReadableStream<Uint8Array>,
  framing: Framing,
  errors: FramingErrors,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const events = normalisedEvents(reader, framing, errors);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await events.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    // Not through `events`: it may be waiting for bytes that never come.
    cancel: (reason) => reader.cancel(reason),
  });
}

async function* normalisedEvents(
  reader: Reader,
  framing: Framing,
  errors: FramingErrors,
): AsyncGenerator<string, void> {
  try {
    for await (const raw of rawEvents(readLines(reader, errors), framing.form, errors)) {
      for (const event of parseEvent(raw, errors)) {
        if (framing.isError(event)) throw errors.reported(event.data);
        const isEnd = framing.isEnd(event);
        if (isEnd) await drain(reader);
        yield toText(event, framing.form);
        if (isEnd) return;
      }
    }
  } finally {
    // Closes the connection when we leave before the end of the body; after it this does nothing.
    await reader.cancel().catch(() => undefined);
  }
  throw errors.cut();
}

/** `isLast`: the body ended with it and without its line end, so it may be half of an event. */
type RawEvent = { name: string | null; text: string; isLast: boolean };
type Line = { text: string; isLast: boolean };
type Reader = {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<void>;
};

async function* rawEvents(
  lines: AsyncIterable<Line>,
  form: Framing["form"],
  errors: FramingErrors,
): AsyncGenerator<RawEvent, void> {
  let name: string | null = null;
  let texts: string[] = [];
  let size = 0;
  for await (const line of lines) {
    if (form === "lines") {
      yield { name: null, ...line };
      continue;
    }
    const { field, value } = parseField(line.text);
    if (field === "event") name = value;
    if (field === "data") texts.push(value);
    size += line.text.length;
    if (size > MAX_EVENT_BYTES) throw errors.bad(TOO_LARGE);
    if (line.text === "") {
      yield { name, text: texts.join("\n"), isLast: false };
      name = null;
      texts = [];
      size = 0;
    }
  }
  yield { name, text: texts.join("\n"), isLast: true };
}

const TOO_LARGE = "sent an event that is far too large";

/** Lines ended by LF, CRLF or a lone CR, and what follows the last one. */
async function* readLines(reader: Reader, errors: FramingErrors): AsyncGenerator<Line, void> {
  const decoder = new TextDecoder();
  let rest = "";
  let isFirst = true;
  let endsWithCr = false;
  for (;;) {
    const { done, value } = await read(reader, errors);
    if (done) break;
    const text = decoder.decode(value, { stream: true });
    rest += text;
    const hasLineEnd = /[\r\n]/.test(text);
    if (rest.length > MAX_EVENT_BYTES && !hasLineEnd) throw errors.bad(TOO_LARGE);
    if (isFirst && text.trim() !== "") {
      if (/^\s*</.test(rest)) throw errors.bad("answered with a web page instead of a model's reply");
      isFirst = false;
    }
    // Looking at the new text only keeps a long line that comes in small pieces cheap.
    if (!endsWithCr && !hasLineEnd) continue;
    const lines = rest.split(LINE_END);
    rest = lines.pop() ?? "";
    endsWithCr = rest.endsWith("\r");
    for (const line of lines) {
      if (line.length > MAX_EVENT_BYTES) throw errors.bad(TOO_LARGE);
      yield { text: line, isLast: false };
    }
  }
  rest += decoder.decode();
  if (endsWithCr) yield { text: rest.slice(0, -1), isLast: false };
  else if (rest !== "") yield { text: rest, isLast: true };
}

/** A CR at the very end may be half of a CRLF, so it waits for the next bytes. */
const LINE_END = /\r\n|\n|\r(?!$)/;

async function read(reader: Reader, errors: FramingErrors): ReturnType<Reader["read"]> {
  try {
    return await reader.read();
  } catch (thrown) {
    throw errors.cut(thrown);
  }
}

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

function parseField(line: string): { field: string; value: string } {
  const colon = line.indexOf(":");
  if (colon < 0) return { field: line, value: "" };
  const value = line.slice(colon + 1);
  return { field: line.slice(0, colon), value: value.startsWith(" ") ? value.slice(1) : value };
}

/** Usually one event; some servers forget the blank line and put several JSON values into one. */
function parseEvent({ name, text, isLast }: RawEvent, errors: FramingErrors): StreamEvent[] {
  if (text.trim() === "") return [];
  const whole = parseData(text);
  if (whole) return [{ name, data: whole.data }];
  const parts = text.split("\n").map(parseData);
  if (parts.length > 1 && parts.every((part) => part !== null))
    return parts.map(({ data }) => ({ name, data }));
  throw isLast ? errors.cut() : errors.bad("sent an event that is not JSON");
}

const DONE = "[DONE]";

function parseData(text: string): { data: unknown } | null {
  if (text.trim() === DONE) return { data: DONE };
  try {
    return { data: JSON.parse(text) };
  } catch {
    return null;
  }
}

function toText({ name, data }: StreamEvent, form: Framing["form"]): string {
  const text = data === DONE ? DONE : JSON.stringify(data);
  if (form === "lines") return `${text}\n`;
  return name === null ? `data: ${text}\n\n` : `event: ${name}\ndata: ${text}\n\n`;
}
