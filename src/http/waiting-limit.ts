/** What may wait in memory for one reader, beside what the system's own buffers hold. */
const MAX_WAITING_BYTES = 256 * 1024;

/** How much may wait for somebody who does not read. */
export class WaitingLimit {
  /** What may wait more: a beginning is sent at once, however long the conversation and however slow the way. */
  private allowance = 0;

  /** What is sent until `begun` is as long as it is: no client could ever get it if it were cut off there. */
  begin(): void {
    this.allowance = Number.POSITIVE_INFINITY;
  }

  begun(waitingBytes: number): void {
    this.allowance = waitingBytes;
  }

  /** Whether more may be sent. */
  allows(waitingBytes: number): boolean {
    if (this.allowance === Number.POSITIVE_INFINITY) return true;
    this.allowance = Math.min(this.allowance, waitingBytes);
    return waitingBytes <= this.allowance + MAX_WAITING_BYTES;
  }
}
