import type { LlmProvider } from "../domain/llm.ts";
import type { Fetch } from "../egress/egress.ts";
import type { ChatAdapter } from "./adapter.ts";
import type { Refusals } from "./tolerance.ts";

/** What every adapter is given to talk to its vendor. */
export type VendorSettings = {
  baseUrl: URL;
  apiKey: string | null;
  fetch: Fetch;
  now: () => number;
  refusals: Refusals;
};

/** A language model behind an API: what the catalogue has of it. */
export type Vendor = {
  /** For people. `name` is stored with every tenant's settings, so it is never changed once it was released. */
  about: LlmProvider;
  /** Where it is called while no address of its own was entered. */
  url: string;
  /** That address is the vendor's and not this machine: `--offline` refuses it, because nobody wrote it down. */
  isHosted: boolean;
  /** `hasOwnAddress`: an address was entered, so that it may be another server that speaks the same. */
  adapter(settings: VendorSettings, hasOwnAddress: boolean): ChatAdapter;
};
