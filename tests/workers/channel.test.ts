import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openChannel, type WorkerChannel } from "../../src/workers/channel.ts";
import type { ChannelTestRequests } from "../helpers/channel-requests.ts";

const WORKER = new URL("../helpers/channel-worker.ts", import.meta.url);

let channel: WorkerChannel<ChannelTestRequests>;
beforeEach(() => {
  channel = openChannel<ChannelTestRequests>(new Worker(WORKER));
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
