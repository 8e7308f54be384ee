import { describe, expect, test } from "bun:test";
import type { AdapterPart, ChatAdapter } from "../../src/providers/adapter.ts";
import { DEADLINES, withDeadlines } from "../../src/providers/deadlines.ts";
import { manualClock } from "../helpers/manual-clock.ts";
import { aChatRequest, failureOf } from "../helpers/provider-contract.ts";

const END: AdapterPart = { type: "finish", reason: "stop", usage: { inputTokens: null, outputTokens: null } };
const WORKING: AdapterPart = { type: "working" };
const WORD: AdapterPart = { type: "text", text: "word" };

/** A provider whose parts come after the given milliseconds. */
function aSlowProvider(parts: [afterMs: number, part: AdapterPart][], deadlines = DEADLINES) {
  const clock = manualClock();
  const adapter: ChatAdapter = {
    name: "openai",
    host: "models.corp",
    async *streamChat(_request, signal) {
      for (const [afterMs, part] of parts) {
        clock.advance(afterMs);
        signal.throwIfAborted();
        yield part;
      }
    },
    listModels: async (signal) => {
      clock.advance(parts[0]?.[0] ?? 0);
      signal.throwIfAborted();
      return [];
    },
  };
  return { clock, provider: withDeadlines(adapter, clock, deadlines) };
}

const NEVER = new AbortController().signal;

describe("deadlines", () => {
  test("a model that thinks for long is not taken for one that hangs", async () => {
    const { provider } = aSlowProvider([
      [25_000, WORKING],
      [25_000, WORKING],
      [25_000, WORD],
      [1, END],
    ]);

    expect(await Array.fromAsync(provider.streamChat(aChatRequest(), NEVER))).toEqual([
      { type: "text", text: "word" },
      { type: "finish", reason: "stop", usage: { inputTokens: null, outputTokens: null } },
    ]);
  });

  test.each([
    ["the first sign of life", [[30_000, WORD]]],
    [
      "the next one",
      [
        [1, WORD],
        [30_000, WORD],
      ],
    ],
    ["the whole answer", Array.from({ length: 7 }, (): [number, AdapterPart] => [20_000, WORD])],
  ] as [string, [number, AdapterPart][]][])("end a call that takes too long for %s", async (_what, parts) => {
    const { provider } = aSlowProvider(parts);

    const error = await failureOf(Array.fromAsync(provider.streamChat(aChatRequest(), NEVER)));

    expect([error.code, error.message]).toEqual([
      "PROVIDER_TIMEOUT",
      expect.stringContaining("models.corp took longer"),
    ]);
  });

  test("end a short patience between parts in time, whatever the patience before the first", async () => {
    const parts: [number, AdapterPart][] = [
      [1, WORD],
      [1_000, WORD],
    ];
    const { provider } = aSlowProvider(parts, { ...DEADLINES, betweenPartsMs: 1_000 });

    const error = await failureOf(Array.fromAsync(provider.streamChat(aChatRequest(), NEVER)));

    expect(error.message).toContain("longer than 1 seconds");
  });

  test("do not count the time that the reader takes as silence", async () => {
    const { clock, provider } = aSlowProvider([
      [1, WORD],
      [1, WORD],
      [1, END],
    ]);
    let parts = 0;

    for await (const _ of provider.streamChat(aChatRequest(), NEVER)) {
      parts++;
      clock.advance(35_000);
    }

    expect(parts).toBe(3);
  });

  test("hold for the list of models too", async () => {
    const { provider } = aSlowProvider([[30_000, WORD]]);

    expect((await failureOf(provider.listModels(NEVER))).code).toBe("PROVIDER_TIMEOUT");
  });
});
