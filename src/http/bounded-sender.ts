import type { WSContext } from "hono/ws";
import { CLOSE_SLOW } from "../protocol/chat-protocol.ts";
import { WaitingLimit } from "./waiting-limit.ts";

/** Bun's own socket, whose type the framework leaves open. */
type RawSocket = { getBufferedAmount(): number } | undefined;

/**
 * Sends frames to a socket as long as somebody reads them. Who does not is closed: the frames stay in the session's
 * stream, and a client that comes back names the last number it has seen.
 */
export class BoundedSender {
  private readonly limit = new WaitingLimit();
  private isCut = false;

  constructor(
    private readonly socket: WSContext,
    private readonly onCut: () => void,
  ) {}

  begin(): void {
    this.limit.begin();
  }

  begun(): void {
    this.limit.begun(this.waitingBytes());
  }

  send(frame: object): void {
    if (this.isCut) return;
    if (this.limit.allows(this.waitingBytes())) this.socket.send(JSON.stringify(frame));
    else this.cut();
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
