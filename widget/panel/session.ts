import type { Api, Credentials } from "./api.ts";
import type { Slot, StoredSession } from "./storage.ts";

export type SessionKeeper = {
  /** The stored session, or a new one; two callers at once get the same one. */
  get: () => Promise<Credentials>;
  forget: () => void;
  /** Takes another identity (null: none) and with it another session. */
  identify: (identity: string | null) => void;
};

/** Parley's own session of this browser under one embed key. */
export function createSessionKeeper(
  api: Api,
  key: string,
  stored: Slot<StoredSession>,
  firstIdentity: string | null,
): SessionKeeper {
  let identity = firstIdentity;
  let making: Promise<Credentials> | null = null;

  const make = async (): Promise<Credentials> => {
    const { session, token } = await api.createSession(key, identity);
    stored.write({ session, token, subject: subjectOf(identity) });
    return { session, token };
  };
  const forget = () => stored.write(null);

  return {
    get: async () => {
      const known = stored.read();
      if (known && (identity === null || known.subject === subjectOf(identity))) return known;
      making ??= make().finally(() => {
        making = null;
      });
      return making;
    },
    forget,
    identify: (given) => {
      identity = given;
      forget();
    },
  };
}

/** The `sub` of a JWT, read without verifying: only to notice that it is somebody else now. */
function subjectOf(identity: string | null): string | null {
  if (identity === null) return null;
  try {
    const claims: unknown = JSON.parse(
      atob((identity.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/")),
    );
    return String((claims as { sub?: unknown }).sub);
  } catch {
    return identity;
  }
}
