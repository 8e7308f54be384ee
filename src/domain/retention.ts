/** The job that deletes what a tenant does not keep any longer. */
export const APPLY_RETENTION = "apply-retention";

/** Days that a tenant keeps things; null keeps them for ever. What is under legal hold stays whatever its age. */
export type Retention = {
  /** After the latest activity. */
  conversationDays: number | null;
  /** Of how answers came about; gone with the conversation at the latest. */
  traceDays: number | null;
};

export const KEEP_EVERYTHING: Retention = { conversationDays: null, traceDays: null };
