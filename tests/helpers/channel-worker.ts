/** A worker for tests of the channel: does what it is told. */
import { AppError } from "../../src/errors.ts";
import { answerRequests } from "../../src/workers/channel.ts";
import type { ChannelTestEvents, ChannelTestRequests } from "./channel-requests.ts";

let release: (() => void) | undefined;
let cancelled = 0;
let messages = 0;
addEventListener("message", () => void messages++);

const { tell } = answerRequests<ChannelTestRequests, ChannelTestEvents>({
  double: async (value) => value * 2,
  wait: (name, signal) =>
    new Promise((resolve) => {
      release = () => resolve(name);
      signal.addEventListener("abort", () => {
        cancelled += 1;
      });
    }),
  release: async () => release?.(),
  countCancelled: async () => cancelled,
  refuse: async () => {
    throw new AppError("MODEL_NOT_AVAILABLE", "There is no such model. Import one.", {
      details: { model: "x" },
    });
  },
  fail: async () => {
    throw new TypeError("a bug");
  },
  crash: async () => {
    setTimeout(() => {
      throw new Error("outside of any request");
    });
    await new Promise(() => {});
  },
  giveFunction: async () => () => {},
  countMessages: async () => messages,
  count: async (upTo) => {
    for (let number = 1; number <= upTo; number++) tell("counted", number);
  },
});
