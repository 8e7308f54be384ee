import type { Typed } from "./conversation.ts";

/** `subject` is whom the page said the visitor is, so that another person at this browser gets another session. */
export type StoredSession = { session: string; token: string; subject: string | null };

/** How Parley was reached (a transport's name) where a better way is blocked, and since when. */
export type StoredWay = { name: string; at: number };

/** What this browser keeps for one embed key. Where storage is blocked or full, memory takes its place. */
export type WidgetStorage = {
  session: Slot<StoredSession>;
  /** Messages typed and not yet acknowledged, so that a reload does not lose them. */
  outbox: Slot<Typed[]>;
  draft: Slot<string>;
  way: Slot<StoredWay>;
  /** Questions of which the visitor stopped the answer. */
  stopped: Slot<string[]>;
};

export type Slot<Value> = { read: () => Value | null; write: (value: Value | null) => void };

export function createStorage(key: string, area: Storage | null): WidgetStorage {
  return {
    session: slot(area, `parley:${key}:session`, isSession),
    outbox: slot(area, `parley:${key}:outbox`, isOutbox),
    draft: slot(area, `parley:${key}:draft`, (value): value is string => typeof value === "string"),
    way: slot(area, `parley:${key}:way`, isWay),
    stopped: slot(
      area,
      `parley:${key}:stopped`,
      (value): value is string[] => Array.isArray(value) && value.every((one) => typeof one === "string"),
    ),
  };
}

/** The page's local storage; null where the browser refuses even to name it. */
export function localArea(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** `isValid` guards against what other scripts or older versions left under our name. */
function slot<Value>(
  area: Storage | null,
  name: string,
  isValid: (value: unknown) => value is Value,
): Slot<Value> {
  let memory: Value | null = null;
  return {
    read: () => {
      try {
        const stored: unknown = JSON.parse(area?.getItem(name) ?? "null");
        return isValid(stored) ? stored : memory;
      } catch {
        return memory;
      }
    },
    write: (value) => {
      memory = value;
      try {
        if (value === null) area?.removeItem(name);
        else area?.setItem(name, JSON.stringify(value));
      } catch {
        // Blocked or full: memory has it, until the page goes.
      }
    },
  };
}

function isSession(value: unknown): value is StoredSession {
  return (
    isRecord(value) &&
    typeof value.session === "string" &&
    typeof value.token === "string" &&
    (value.subject === null || typeof value.subject === "string")
  );
}

function isWay(value: unknown): value is StoredWay {
  return isRecord(value) && typeof value.name === "string" && typeof value.at === "number";
}

function isOutbox(value: unknown): value is Typed[] {
  return Array.isArray(value) && value.every(isTyped);
}

function isTyped(value: unknown): value is Typed {
  return (
    isRecord(value) &&
    typeof value.id === "string" &&
    typeof value.text === "string" &&
    typeof value.at === "string"
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
