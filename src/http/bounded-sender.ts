import type { WSContext } from "hono/ws";
import { CLOSE_SLOW } from "../protocol/chat-protocol.ts";

/** What may wait in memory for one socket, beside what the system's own buffers hold. */
const MAX_WAITING_BYTES = 256 * 1024;

/** Bun's own socket, whose type the framework leaves open. */
type RawSocket = { getBufferedAmount(): number } | undefined;

/**
 * Sends frames to a socket as long as somebody reads them. Who does not is closed: the frames stay in the session's
 * stream, and a client that comes back names the last number it has seen.
 */
export class BoundedSender {
  /** What may wait more: a beginning is sent at once, however long the conversation and however slow the way. */
  private allowance = 0;
  private isCut = false;

  constructor(
    private readonly socket: WSContext,
    private readonly onCut: () => void,
  ) {}

  /** What is sent until `begun` is as long as it is: no client could ever get it if it were cut off there. */
  begin(): void {
    this.allowance = Number.POSITIVE_INFINITY;
  }

  begun(): void {
    this.allowance = this.waitingBytes();
  }

  send(frame: object): void {
    if (this.isCut) return;
    const waiting = this.waitingBytes();
    if (waiting > this.allowance + MAX_WAITING_BYTES) {
      this.cut();
      return;
    }
    if (this.allowance !== Number.POSITIVE_INFINITY) this.allowance = Math.min(this.allowance, waiting);
    this.socket.send(JSON.stringify(frame));
  }

  private cut(): void {
    this.isCut = true;
    this.socket.close(CLOSE_SLOW, "Read too slowly");
    this.onCut();
  }

  private waitingBytes(): number {
    return (this.socket.raw as RawSocket)?.getBufferedAmount() ?? 0;
  }
}
