import { afterEach, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DocumentParser, Log } from "../../src/deps.ts";
import type { ChunkedDocument, DocumentFormat } from "../../src/domain/knowledge.ts";
import { openParser, type ParserLimits } from "../../src/workers/parser.ts";

const LOG: Log = { debug() {}, info() {}, warn() {}, error() {} };
const CHILD = [process.execPath, join(import.meta.dir, "parser-entry.ts")];
const misbehaving = (how: string): string[] => [
  process.execPath,
  join(import.meta.dir, "parser-misbehaving.ts"),
  how,
];

const opened: { parser: DocumentParser; folder: string }[] = [];

async function aParser(command: string[], limits: Partial<ParserLimits> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "parley-parser-"));
  const parser = openParser({ command, log: LOG, limits });
  opened.push({ parser, folder });
  let files = 0;
  const never = new AbortController().signal;
  return {
    parser,
    async parse(
      content: string | Uint8Array,
      format: DocumentFormat = "text",
      signal = never,
    ): Promise<ChunkedDocument> {
      const path = join(folder, String(files++));
      writeFileSync(path, content);
      return await parser.parse(path, `document.${format}`, format, () => {}, signal);
    },
  };
}

async function codeOf(failing: Promise<unknown>): Promise<string> {
  return await failing.then(
    () => "none",
    (thrown: Error & { code?: unknown }) => (typeof thrown.code === "string" ? thrown.code : thrown.name),
  );
}

afterEach(async () => {
  for (const { parser, folder } of opened.splice(0)) {
    await parser.close();
    await rm(folder, { recursive: true });
  }
});

describe("the parser child", () => {
  test("reads a document and sends its chunks", async () => {
    const { parse } = await aParser(CHILD);

    const { chunks } = await parse("# Leave\n\nParental leave is 26 weeks.", "markdown");

    expect(chunks.map(({ headingPath, content }) => [headingPath, content])).toEqual([
      [["Leave"], "Parental leave is 26 weeks."],
    ]);
  });

  test("names what is wrong with a document and reads the next one", async () => {
    const { parse } = await aParser(CHILD);

    expect(await codeOf(parse("%PDF-1.4 but no more", "pdf"))).toBe("MALFORMED_DOCUMENT");
    expect(await codeOf(parse(" \n ", "text"))).toBe("EMPTY_DOCUMENT");
    expect((await parse("Still here.")).chunks[0]?.content).toBe("Still here.");
  });

  test("sees no secret of the server's environment", async () => {
    process.env.PARLEY_SECRET_KEY = "do not pass this on";
    const { parse } = await aParser([
      process.execPath,
      "-e",
      `process.on("message", ({ id }) => process.send({ type: "failed", id, code: "MALFORMED_DOCUMENT", message: Object.keys(process.env).filter((name) => name.startsWith("PARLEY")).join() || "nothing" })); process.send({ type: "ready" });`,
    ]);

    await expect(parse("x")).rejects.toThrow("nothing");
    delete process.env.PARLEY_SECRET_KEY;
  });

  test("is killed when a document takes too long", async () => {
    const { parse } = await aParser(misbehaving("spin"), { workMs: 100 });

    expect(await codeOf(parse("x"))).toBe("PARSE_TIMEOUT");
    expect(await codeOf(parse("x"))).toBe("PARSE_TIMEOUT");
  });

  test("is killed when a document takes too much memory", async () => {
    const { parse } = await aParser(misbehaving("grow"), { memoryBytes: 200 * 1024 * 1024 });

    expect(await codeOf(parse("x"))).toBe("RESOURCE_LIMIT");
  });

  test("that dies by itself fails its document and no other", async () => {
    const { parse } = await aParser(misbehaving("crash"));

    expect(await codeOf(parse("x"))).toBe("PARSER_CRASHED");
    expect(await codeOf(parse("x"))).toBe("PARSER_CRASHED");
  });

  test("that cannot be started fails the document", async () => {
    const { parse } = await aParser([process.execPath, join(import.meta.dir, "no-such-file.ts")]);

    expect(await codeOf(parse("x"))).toBe("PARSER_CRASHED");
  });

  test("serves documents one after another, in the order asked", async () => {
    const { parse } = await aParser(CHILD);
    const finished: number[] = [];

    await Promise.all([0, 1, 2, 3].map((n) => parse(`Document ${n}.`).then(() => finished.push(n))));

    expect(finished).toEqual([0, 1, 2, 3]);
  });

  test("stops when the asker gives up", async () => {
    const { parse } = await aParser(misbehaving("spin"));
    const controller = new AbortController();
    const parsing = codeOf(parse("x", "text", controller.signal));

    controller.abort();

    expect(await parsing).toBe("AbortError");
  });

  test("ends with the server, and what it was reading fails without blaming the document", async () => {
    const { parser, parse } = await aParser(misbehaving("spin"));
    const parsing = codeOf(parse("x"));

    await parser.close();

    expect(await parsing).toBe("INTERNAL");
    expect(await codeOf(parse("x"))).toBe("INTERNAL");
  });

  test("is replaced after as many documents as it may serve", async () => {
    const echo = `process.on("message", ({ id }) => process.send({ type: "parsed", id, document: { format: "text", blocks: [], pageCount: process.pid, warnings: [] } })); process.send({ type: "ready" }); process.once("disconnect", () => process.exit(0));`;
    const { parse } = await aParser([process.execPath, "-e", echo], { documents: 2 });

    const pids = [await parse("a"), await parse("b"), await parse("c")].map(({ pageCount }) => pageCount);

    expect(pids[0]).toBe(pids[1] as number);
    expect(pids[2]).not.toBe(pids[0] as number);
  });

  test("is replaced where a document left much in its memory, however few it served", async () => {
    const hoard = `const kept = []; process.on("message", ({ id }) => { if (kept.length === 0) kept.push(Buffer.alloc(80e6, 1)); process.send({ type: "parsed", id, document: { format: "text", chunks: [], pageCount: process.pid, warnings: [] } }); }); process.send({ type: "ready" }); process.once("disconnect", () => process.exit(0));`;
    const command = [process.execPath, "-e", hoard];
    const frugal = await aParser(command, { restingBytes: 60 * 1024 * 1024 });
    const generous = await aParser(command, { restingBytes: 1024 * 1024 * 1024 });
    const pids = async ({ parse }: Awaited<ReturnType<typeof aParser>>) =>
      [await parse("a"), await parse("b")].map(({ pageCount }) => pageCount);

    const [first, second] = await pids(frugal);
    expect(second).not.toBe(first as number);
    expect(new Set(await pids(generous)).size).toBe(1);
  });

  test("ends when the server is gone", async () => {
    const server = Bun.spawn(
      [
        process.execPath,
        "-e",
        `const child = Bun.spawn(${JSON.stringify(CHILD)}, { ipc() { console.log(child.pid); } }); setInterval(() => {}, 1000);`,
      ],
      { stdout: "pipe", stderr: "ignore" },
    );
    const { value } = await server.stdout.getReader().read();
    const pid = Number(new TextDecoder().decode(value));

    server.kill("SIGKILL");
    await server.exited;

    expect(await hasEnded(pid)).toBe(true);
  });
});

/** Waits for a process that is not our child; the test's own time limit ends the wait. */
async function hasEnded(pid: number): Promise<boolean> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
