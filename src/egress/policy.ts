/** Why Parley dials out, and what holds for each reason. Another reason is one more entry of a table here. */
import type { AddressClass } from "./address-classes.ts";

export type EgressPolicy = {
  /** Classes that are not called, whatever was granted. */
  never: ReadonlySet<AddressClass>;
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

/** Over HTTP. No redirect is followed: what it leads to was never granted. */
export type FetchPolicy = EgressPolicy & { advice: { redirected: string } };

export type FetchPurpose = "llm" | "embeddings";
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

export const FETCH_POLICIES: Record<FetchPurpose, FetchPolicy> = {
  // A model server runs on this machine, in the intranet or at a vendor. One that an operator saved is its own entry
  // of the operator's list.
  llm: {
    never: NOBODYS,
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
    advice: {
      forbidden: "Enter the address of the embedding server itself.",
      ownAddress: "Enter the address of the embedding server instead.",
      offline:
        "Build the index with a model of your own under Search models, or start Parley without --offline.",
      unlisted: "",
      redirected: "Build the index with the final address under Search models.",
    },
  },
};

export const DRIVER_POLICIES: Record<DriverPurpose, EgressPolicy> = {
  // Databases are what an intranet has; the one who enters an address is an admin of a tenant and no operator.
  database: {
    never: NOBODYS,
    advice: {
      forbidden: "Enter the address of the database server itself.",
      ownAddress: "Enter the address of the database server instead.",
      offline: "Use a database inside your network, or start Parley without --offline.",
      unlisted: "",
    },
  },
};
