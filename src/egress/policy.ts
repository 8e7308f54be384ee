/** Why Parley dials out, and what holds for each reason. Another reason is one more entry of a table here. */
import type { AddressClass } from "./address-classes.ts";
import type { FetchCaps } from "./caps.ts";

export type EgressPolicy = {
  /** Classes that are not called, whatever was granted. */
  never: ReadonlySet<AddressClass>;
  /**
   * What it is, with its article, where nothing is called but what the operator's list names, and this machine only
   * where an entry says so. Null where an address counts that somebody entered or chose.
   */
  listedOnly: string | null;
  /** What to do about a refusal, in a sentence for whoever entered the address. */
  advice: {
    forbidden: string;
    ownAddress: string;
    /** For a vendor's host, with `--offline`. */
    offline: string;
    /** What else an operator can do about an address that is not listed, as the end of a sentence; "" for nothing. */
    unlisted: string;
  };
};

export type FetchPolicy = EgressPolicy & {
  advice: { redirected: string };
  /** How often an answer to what only reads may send Parley on, to what is listed, too. */
  redirects: number;
  /** Null where whoever reads the answer has limits of its own. */
  caps: FetchCaps | null;
};

export type FetchPurpose = "llm" | "embeddings" | "tool" | "mcp" | "import";
export type DriverPurpose = "database";

/** No server of anybody's lives there; what answers gives credentials away, or is somebody else. */
const NOBODYS: ReadonlySet<AddressClass> = new Set<AddressClass>([
  "link-local",
  "metadata",
  "unspecified",
  "multicast",
  "broadcast",
  "reserved",
]);

/** A tool's answer is read by a language model, which has no use for more. */
const TOOL_CAPS: FetchCaps = { ms: 15_000, rawBytes: 256 * 1024, decodedBytes: 256 * 1024 };
/** Descriptions of large APIs have several megabytes. */
const IMPORT_CAPS: FetchCaps = { ms: 15_000, rawBytes: 8 * 1024 ** 2, decodedBytes: 16 * 1024 ** 2 };
/** A list of many tools is larger than a tool's answer. No stream is kept open. */
const MCP_CAPS: FetchCaps = { ms: 15_000, rawBytes: 2 * 1024 ** 2, decodedBytes: 2 * 1024 ** 2 };

export const FETCH_POLICIES: Record<FetchPurpose, FetchPolicy> = {
  // A model server runs on this machine, in the intranet or at a vendor. One that an operator saved is its own entry
  // of the operator's list.
  llm: {
    never: NOBODYS,
    listedOnly: null,
    redirects: 0,
    caps: null,
    advice: {
      forbidden: "Enter the address of the model server itself.",
      ownAddress: "Enter the address of the model server instead.",
      offline:
        "Enter the address of a model server of your own under Model, or start Parley without --offline.",
      unlisted: ", or saves the address under Model",
      redirected: "Enter the final address under Model.",
    },
  },
  // The same places, entered on another page and by operators only.
  embeddings: {
    never: NOBODYS,
    listedOnly: null,
    redirects: 0,
    caps: null,
    advice: {
      forbidden: "Enter the address of the embedding server itself.",
      ownAddress: "Enter the address of the embedding server instead.",
      offline:
        "Build the index with a model of your own under Search models, or start Parley without --offline.",
      unlisted: "",
      redirected: "Build the index with the final address under Search models.",
    },
  },
  // Whoever enters these is an admin of a tenant, and who reads the answers is anybody: the operator's list decides.
  tool: listed("an API", "the API", TOOL_CAPS),
  mcp: { ...listed("an MCP server", "the MCP server", MCP_CAPS), redirects: 0 },
  import: listed("an address that an API is described at", "the description", IMPORT_CAPS),
};

export const DRIVER_POLICIES: Record<DriverPurpose, EgressPolicy> = {
  // Databases are what an intranet has; the one who enters an address is an admin of a tenant and no operator.
  database: listed("a database", "the database server", null),
};

/** Of a proxy that a call goes through: an operator has set it, or somebody who may enter addresses has. */
export const PROXY_POLICY: EgressPolicy = {
  never: NOBODYS,
  listedOnly: null,
  advice: {
    forbidden: "Enter the address of the proxy itself.",
    ownAddress: "Enter the address of the proxy instead.",
    offline: "",
    unlisted: "",
  },
};

function listed(one: string, server: string, caps: FetchCaps | null): FetchPolicy {
  return {
    never: NOBODYS,
    listedOnly: one,
    redirects: 3,
    caps,
    advice: {
      forbidden: `Enter the address of ${server} itself.`,
      ownAddress: `Enter the address of ${server} instead.`,
      offline: "",
      unlisted: "",
      redirected: "Enter the final address.",
    },
  };
}
