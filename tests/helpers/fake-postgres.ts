/** A server that speaks as much of PostgreSQL's protocol as a check needs, and says that it is of any version. */
import { createServer, type Socket } from "node:net";

export type FakePostgres = { port: number; close(): Promise<void> };

const SSL_REQUEST = 80877103;

/** @param version as `server_version_num` has it, such as 90600 */
export async function startFakePostgres(version: number): Promise<FakePostgres> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let isStarted = false;
    let received: Buffer = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      for (;;) {
        const head = isStarted ? 1 : 0;
        if (received.length < head + 4) return;
        const length = received.readUInt32BE(head) + head;
        if (received.length < length) return;
        const message = received.subarray(0, length);
        received = received.subarray(length);
        if (isStarted) socket.write(answerTo(message, version));
        else if (message.readUInt32BE(4) === SSL_REQUEST) socket.write("N");
        else {
          isStarted = true;
          socket.write(Buffer.concat([frame("R", int32(0)), READY]));
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function frame(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

const text = (value: string) => Buffer.from(`${value}\0`);
const READY = frame("Z", Buffer.from("I"));

function answerTo(message: Buffer, version: number): Buffer {
  const query = message.subarray(5).toString();
  if (!query.includes("server_version_num")) return Buffer.concat([frame("C", text("SET")), READY]);
  const values = [String(version), "of long ago"];
  const columns = values.map((_, index) =>
    Buffer.concat([text(`c${index}`), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]),
  );
  const cells = values.map((value) => Buffer.concat([int32(value.length), Buffer.from(value)]));
  return Buffer.concat([
    frame("T", int16(values.length), ...columns),
    frame("D", int16(values.length), ...cells),
    frame("C", text("SELECT 1")),
    READY,
  ]);
}
