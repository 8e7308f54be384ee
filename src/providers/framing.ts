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
 * The data of each event, as it arrives; the end marker only where it says something. Leaving early closes the
 * connection. One loop over what the network gave, with plain functions below it: what stands here is paid for every
 * token of every answer.
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
  try {
    for (;;) {
      const { done, value } = await read(reader, errors);
      const complete = done
        ? events.end(decoder.decode())
        : events.push(decoder.decode(value, { stream: true }));
      for (const event of complete) {
        if (framing.isError(event)) throw errors.reported(event.data);
        const isEnd = framing.isEnd(event);
        if (isEnd) await drain(reader);
        if (event.data !== DONE) yield event.data;
        if (isEnd) return;
      }
      if (done) throw errors.cut();
    }
  } finally {
    // Closes the connection when we leave before the end of the body; after it this does nothing.
    await reader.cancel().catch(() => undefined);
  }
}

type Reader = {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<void>;
};

/** Takes text as it arrives and gives what it completes. */
type Splitter<Piece> = { push(text: string): Piece[]; end(text: string): Piece[] };

const TOO_LARGE = "sent an event that is far too large";

function eventSplitter(form: Framing["form"], errors: FramingErrors): Splitter<StreamEvent> {
  const lines = lineSplitter(errors);
  let name: string | null = null;
  let texts: string[] = [];
  let size = 0;

  /** The events that the line completes. */
  function take(line: string): StreamEvent[] {
    if (form === "lines") return parseEvent(null, line, () => errors.bad(NOT_JSON));
    if (line === "") return finish(() => errors.bad(NOT_JSON));
    size += line.length;
    if (size > MAX_EVENT_BYTES) throw errors.bad(TOO_LARGE);
    const { field, value } = parseField(line);
    if (field === "event") name = value;
    if (field === "data") texts.push(value);
    return [];
  }

  function finish(problem: () => AppError): StreamEvent[] {
    const events = parseEvent(name, texts.length === 1 ? (texts[0] ?? "") : texts.join("\n"), problem);
    name = null;
    texts = [];
    size = 0;
    return events;
  }

  return {
    push: (text) => lines.push(text).flatMap(take),
    end(text) {
      const rest = lines.end(text);
      // The body ended without the last line's end, so it may be half of an event.
      if (form === "lines") return rest.flatMap((line) => parseEvent(null, line, () => errors.cut()));
      const complete = rest.flatMap(take);
      return [...complete, ...finish(() => errors.cut())];
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
      const hasLineEnd = /[\r\n]/.test(text);
      if (rest.length > MAX_EVENT_BYTES && !hasLineEnd) throw errors.bad(TOO_LARGE);
      refuseWebPage(text);
      // Looking at the new text only keeps a long line that comes in small pieces cheap.
      if (!endsWithCr && !hasLineEnd) return [];
      const lines = rest.split(LINE_END);
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

/** Usually one event; some servers forget the blank line and put several JSON values into one. @throws `problem` */
function parseEvent(name: string | null, text: string, problem: () => AppError): StreamEvent[] {
  if (text === "" || text.trim() === "") return [];
  const whole = parseData(text);
  if (whole) return [{ name, data: whole.data }];
  const parts = text.split("\n").map(parseData);
  if (parts.length > 1 && parts.every((part) => part !== null))
    return parts.map(({ data }) => ({ name, data }));
  throw problem();
}

const NOT_JSON = "sent an event that is not JSON";
const DONE = "[DONE]";

function parseData(text: string): { data: unknown } | null {
  if (text.trim() === DONE) return { data: DONE };
  try {
    return { data: JSON.parse(text) };
  } catch {
    return null;
  }
}
