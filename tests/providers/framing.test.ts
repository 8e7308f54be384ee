import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { type Framing, readEvents } from "../../src/providers/framing.ts";

const EVENTS: Framing = {
  form: "events",
  isEnd: ({ data }) => data === "[DONE]",
  isError: ({ name }) => name === "error",
};
const LINES: Framing = { ...EVENTS, form: "lines", isEnd: ({ data }) => data === 9 };

const ERRORS = {
  bad: (problem: string) => new AppError("UPSTREAM_BAD_RESPONSE", problem),
  cut: () => new AppError("PROVIDER_UNAVAILABLE", "cut"),
  reported: () => new AppError("PROVIDER_UNAVAILABLE", "reported"),
};

/** What stands in a body that arrives `size` bytes at a time, and then ends or breaks. */
async function read(
  text: string,
  framing = EVENTS,
  size = text.length * 4 || 1,
  fault: Error | null = null,
): Promise<unknown[]> {
  const bytes = new TextEncoder().encode(text);
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const at = sent;
      sent += size;
      if (at < bytes.length) controller.enqueue(bytes.slice(at, sent));
      else if (fault) controller.error(fault);
      else controller.close();
    },
  });
  return await Array.fromAsync(readEvents(body, framing, ERRORS));
}

const PLAIN = 'event: a\ndata: {"t":"Grüße 東京 👩‍👧"}\n\ndata: 1\n\ndata: [DONE]\n\n';
const IN_IT = [{ t: "Grüße 東京 👩‍👧" }, 1];

describe("a vendor's event stream", () => {
  const lf = PLAIN;
  const spellings: [what: string, body: string][] = [
    ["as it should be", lf],
    ["with CRLF", lf.replaceAll("\n", "\r\n")],
    ["with lone CR", lf.replaceAll("\n", "\r")],
    ["with a byte order mark", `\ufeff${lf}`],
    ["without the space", lf.replaceAll(": ", ":").replace('"t":', '"t": ')],
    [
      "with comments and other fields",
      lf.replaceAll("data", ": ping\nid: 7\nretry: 5\ndata").replace(": ping", ":"),
    ],
    ["with comments between events", lf.replaceAll("\n\n", "\n\n: keep-alive\n\n")],
    ["with a value over two lines", lf.replace('{"t"', '{\ndata: "t"')],
    ["with its last line end missing", lf.trimEnd()],
    ["with its last blank line missing", `${lf.trimEnd()}\n`],
    ["with more behind its end", `${lf}data: 2\n\n`],
  ];
  for (const [what, body] of spellings) {
    test(`means the same ${what}, whole and byte by byte`, async () => {
      for (const size of [1, 2, 3, 7, 1000]) expect(await read(body, EVENTS, size)).toEqual(IN_IT);
    });
  }

  test("may have two values in one event", async () => {
    expect(await read("data: 1\ndata: 2\n\ndata: [DONE]\n\n")).toEqual([1, 2]);
  });

  test("is not whole without its end marker, at whatever byte it stops", async () => {
    const bytes = PLAIN.length - "\n\n".length;
    for (let length = 0; length < bytes; length++) {
      await expect(read(PLAIN.slice(0, length))).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    }
  });

  test.each([
    ["data: NaN\n\n", "not JSON"],
    ["data: {oops}\n\n", "not JSON"],
    ["  \n<!doctype html>", "web page"],
    [`data: "${"x".repeat(1_000_001)}"\n\n`, "too large"],
    ["data: 1\n".repeat(150_000), "too large"],
  ])("is refused when it is no such stream", async (body, problem) => {
    await expect(read(body, EVENTS, 65_536)).rejects.toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      message: expect.stringContaining(problem),
    });
  });

  test("gives what keeps the line open as an event without content", async () => {
    for (const idle of [
      "data:",
      "data: ping",
      "data: [PING]",
      "data: : keep-alive",
      "data: null",
      'data: ""',
    ])
      expect(await read(`${idle}\n\ndata: 1\n\ndata: [DONE]\n\n`)).toEqual([{}, 1]);
  });

  test("is whole from the event on that says so, however it ends, unless it then says more", async () => {
    const whole: Framing = { ...EVENTS, isWhole: ({ data }) => data === 2 };
    for (const fault of [null, new Error("reset")]) {
      expect(await read("data: 1\n\ndata: 2\n\n", whole, 1, fault)).toEqual([1, 2]);
      await expect(read("data: 1\n\ndata: 3\n\n", whole, 1, fault)).rejects.toThrow("cut");
    }
    expect(await read("data: 2\n\ndata: 3\n\n", whole)).toEqual([2, 3]);
    await expect(read("data: 2\n\nevent: error\ndata: {}\n\n", whole)).rejects.toThrow("reported");
  });

  test("may be one JSON document instead, when that is a whole reply", async () => {
    const whole: Framing = { ...EVENTS, isWhole: () => true };
    const document = '\n{\n  "a": [\n    1\n  ]\n}';
    for (const size of [1, 1000]) expect(await read(document, whole, size)).toEqual([{ a: [1] }]);
    await expect(read(document)).rejects.toMatchObject({ code: "UPSTREAM_BAD_RESPONSE" });
    await expect(read(document.slice(0, -1), whole)).rejects.toThrow("cut");
    await expect(read(`{"a": "${"x".repeat(1_000_001)}"}`, whole)).rejects.toThrow("too large");
  });

  test("ends with the vendor's own error", async () => {
    await expect(read("data: 1\n\nevent: error\ndata: {}\n\n")).rejects.toThrow("reported");
  });
});

describe("a stream of lines", () => {
  test("means the same with any line end, blank lines and split anywhere", async () => {
    for (const body of ["1\n2\n9\n", "1\r\n2\r\n9\r\n", "1\n\n2\n9", "\ufeff1\n2\n9\n"]) {
      for (const size of [1, 2, 100]) expect(await read(body, LINES, size)).toEqual([1, 2, 9]);
    }
  });

  test("is cut when its last line is half", async () => {
    await expect(read('1\n{"a":', LINES)).rejects.toThrow("cut");
  });

  test("is refused when a line is too large, even one that is complete", async () => {
    await expect(read(`"${"x".repeat(1_000_001)}"\n9\n`, LINES)).rejects.toThrow("too large");
  });
});
