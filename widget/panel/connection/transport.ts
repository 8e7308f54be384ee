import type { ClientFrame, ServerFrame } from "../../../src/protocol/chat-protocol.ts";
import type { PageContext } from "../../contract.ts";
import type { Api, Credentials } from "../api.ts";

/**
 * Why a link ended: `refused` means that the token is not known any more, `closed` that the server ended it
 * with a reason of its own, `lost` everything else.
 */
export type LinkEnd = "refused" | "closed" | "lost";

export type Outgoing = Extract<ClientFrame, { type: "message" | "lookup" | "stop" }>;

export type Link = {
  send: (frame: Outgoing) => void;
  /** Ends the link without a word; `onEnd` is not called for it. */
  close: () => void;
};

export type LinkOptions = {
  api: Api;
  credentials: Credentials;
  after: number | undefined;
  locale: string;
  page: PageContext | undefined;
  onFrame: (frame: ServerFrame) => void;
  onEnd: (end: LinkEnd) => void;
};

/** One way to talk to Parley. It has worked once the first `ready` came through. */
export type Transport = { name: "socket" | "events" | "polling"; connect: (options: LinkOptions) => Link };
