/** A way to a server that can break under whoever uses it, as on the walk to another floor. */
import { connect, createServer, type Socket } from "node:net";

export type CuttableLine = {
  /** Address of the near end. */
  url: string;
  /** Resets every connection that is open; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
};

export async function startCuttableLine(target: string): Promise<CuttableLine> {
  const port = Number(new URL(target).port);
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end);
      end.on("error", () => {});
      end.on("close", () => {
        ends.delete(end);
        other.destroy();
      });
      end.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const cut = () => {
    for (const end of ends) end.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`,
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
