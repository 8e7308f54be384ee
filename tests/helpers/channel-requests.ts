export type ChannelTestRequests = {
  double: (value: number) => number;
  /** Answers its name once `release` was asked. */
  wait: (name: string) => string;
  release: (nothing: null) => void;
  countCancelled: (nothing: null) => number;
  refuse: (nothing: null) => void;
  fail: (nothing: null) => void;
  crash: (nothing: null) => void;
  /** What a structured clone cannot carry. */
  giveFunction: (nothing: null) => unknown;
  /** How many messages from the asking side have come in. */
  countMessages: (nothing: null) => number;
  /** Tells the numbers from 1 on, then answers. */
  count: (upTo: number) => void;
};

export type ChannelTestEvents = { counted: number };
