export type ChannelTestRequests = {
  double: (value: number) => number;
  /** Answers its name once `release` was asked. */
  wait: (name: string) => string;
  release: (nothing: null) => void;
  countCancelled: (nothing: null) => number;
  refuse: (nothing: null) => void;
  fail: (nothing: null) => void;
  crash: (nothing: null) => void;
};
