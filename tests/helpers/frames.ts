/** A WebSocket whose frames can be awaited one by one. */

export type Frame = { type: string; [key: string]: unknown };

export type FrameSocket = {
  send(frame: unknown): void;
  /** As it is, JSON or not. */
  sendRaw(text: string | Uint8Array<ArrayBuffer>): void;
  /** The next frame, or the next of `type`, which skips the others. Rejects once the socket is closed. */
  next(type?: string): Promise<Frame>;
  /** Frames up to and with the first that `isLast` accepts. */
  until(isLast: (frame: Frame) => boolean): Promise<Frame[]>;
  /** Frames that have come and were not asked for yet. */
  waiting(): Frame[];
  close(): Promise<void>;
  closed: Promise<{ code: number; reason: string }>;
};

/** @param headers those that a browser would send, `Origin` above all */
export async function openSocket(url: string, headers: Record<string, string>): Promise<FrameSocket> {
  // Bun takes headers here; the browser's types, which a library brings in, know only protocols.
  const options = { headers } as unknown as string[];
  const socket = new WebSocket(url.replace(/^http/, "ws"), options);
  const frames: Frame[] = [];
  let wake = () => {};
  let ending: { code: number; reason: string } | null = null;
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.onclose = ({ code, reason }) => {
      ending = { code, reason };
      resolve(ending);
      wake();
    };
  });
  socket.onmessage = (event) => {
    frames.push(JSON.parse(String(event.data)) as Frame);
    wake();
  };
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error(`${url} was refused`));
  });

  async function next(type?: string): Promise<Frame> {
    for (;;) {
      const frame = frames.shift();
      if (frame && (type === undefined || frame.type === type)) return frame;
      if (frame) continue;
      if (ending) throw new Error(`The socket was closed: ${ending.code} ${ending.reason}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return {
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendRaw: (text) => socket.send(text),
    next,
    async until(isLast) {
      const seen: Frame[] = [];
      for (;;) {
        const frame = await next();
        seen.push(frame);
        if (isLast(frame)) return seen;
      }
    },
    waiting: () => [...frames],
    async close() {
      socket.close();
      await closed;
    },
    closed,
  };
}
