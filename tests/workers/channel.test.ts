import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openChannel, type WorkerChannel } from "../../src/workers/channel.ts";
import type { ChannelTestEvents, ChannelTestRequests } from "../helpers/channel-requests.ts";

const WORKER = new URL("../helpers/channel-worker.ts", import.meta.url);

let channel: WorkerChannel<ChannelTestRequests>;
let counted: number[];
let answers: number;
beforeEach(() => {
  [counted, answers] = [[], 0];
  const worker = new Worker(WORKER);
  worker.addEventListener("message", () => void answers++);
  channel = openChannel<ChannelTestRequests, ChannelTestEvents>(worker, {
    counted: (number) => counted.push(number),
  });
});
afterEach(() => channel.terminate());

describe("the channel to a worker", () => {
  test("gives each answer to the one who asked, in whatever order they come", async () => {
    const slow = channel.request("wait", "slow");
    expect(await channel.request("double", 21)).toBe(42);
    await channel.request("release", null);

    expect(await slow).toBe("slow");
  });

  test("carries an error's code, sentence and details to the asker", async () => {
    const asked = channel.request("refuse", null);

    await expect(asked).rejects.toMatchObject({
      name: "AppError",
      code: "MODEL_NOT_AVAILABLE",
      message: "There is no such model. Import one.",
      details: { model: "x" },
    });
  });

  test("makes a bug INTERNAL, with the worker's stack for the log only", async () => {
    const failure = await channel.request("fail", null).catch((thrown: unknown) => thrown);

    expect(failure).toMatchObject({ code: "INTERNAL", cause: expect.stringContaining("TypeError: a bug") });
    expect(String(failure)).not.toContain("a bug");
  });

  test("lets go of a cancelled request at once and tells the worker", async () => {
    const controller = new AbortController();
    const asked = channel.request("wait", "never", controller.signal);
    controller.abort(new Error("the visitor left"));

    await expect(asked).rejects.toThrow("the visitor left");
    expect(await channel.request("countCancelled", null)).toBe(1);
  });

  test("carries what is asked in one turn as one message, and the answers as one", async () => {
    expect(await channel.request("countMessages", null)).toBe(1);

    const doubled = await Promise.all([1, 2, 3].map((value) => channel.request("double", value)));

    expect(doubled).toEqual([2, 4, 6]);
    expect(answers).toBe(2);
    expect(await channel.request("countMessages", null)).toBe(3);
  });

  test("fails what cannot be carried, and nothing that was asked or answered beside it", async () => {
    const outcomes = await Promise.allSettled([
      channel.request("double", 1),
      channel.request("double", (() => 1) as never),
      channel.request("giveFunction", null),
      channel.request("double", 2),
    ]);

    expect(outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value : null))).toEqual([
      ...[2, null, null, 4],
    ]);
  });

  test("hears what the worker tells by itself, before the answer that follows it", async () => {
    await channel.request("count", 3);

    expect(counted).toEqual([1, 2, 3]);
  });

  test("asks nothing when the signal is aborted already", async () => {
    const reason = new Error("too late");
    await expect(channel.request("double", 1, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test("fails what still runs when it is terminated, and everything after", async () => {
    const asked = channel.request("wait", "never");
    channel.terminate();

    await expect(asked).rejects.toMatchObject({ code: "INTERNAL" });
    await expect(channel.request("double", 1)).rejects.toMatchObject({ code: "INTERNAL" });
    expect(await channel.ended).toBeNull();
  });

  test("fails what still runs when the worker dies, and says what it died of", async () => {
    const asked = channel.request("wait", "never");
    channel.request("crash", null).catch(() => {});

    await expect(asked).rejects.toMatchObject({ code: "INTERNAL" });
    expect((await channel.ended)?.message).toContain("outside of any request");
  });
});
