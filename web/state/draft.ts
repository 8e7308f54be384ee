import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { type ApiError, fieldProblem } from "../api/client.ts";

/**
 * Unsaved changes of settings pages, by page and tenant. They live outside the page: looking
 * something up elsewhere must not throw away what was typed.
 */
const drafts = signal<Record<string, Record<string, unknown>>>({});

export function startDrafts(): void {
  addEventListener("beforeunload", (event) => {
    if (Object.values(drafts.peek()).some((draft) => Object.keys(draft).length > 0)) event.preventDefault();
  });
}

export type Draft<Settings> = {
  /** The saved settings with the changes on top. */
  value: Settings;
  changes: Partial<Settings>;
  changed: number;
  set: <Key extends keyof Settings>(key: Key, value: Settings[Key]) => void;
  /** Forgets the changes: back to what is saved. */
  undo: () => void;
};

/** Reads as a signal: a component that calls it renders again when the draft changes. */
export function draftOf<Settings extends object>(name: string, saved: Settings): Draft<Settings> {
  const changes = (drafts.value[name] ?? {}) as Partial<Settings>;
  return {
    value: { ...saved, ...changes },
    changes,
    changed: Object.keys(changes).length,
    set(key, value) {
      const { [key]: _, ...others } = (drafts.peek()[name] ?? {}) as Partial<Settings>;
      const next = same(saved[key], value) ? others : { ...others, [key]: value };
      drafts.value = { ...drafts.peek(), [name]: next };
    },
    undo() {
      drafts.value = { ...drafts.peek(), [name]: {} };
    },
  };
}

/** What the server found wrong with a field when it refused to save; null for the others. */
export type Refusals = (field: string) => string | null;

/** Only while the draft still is what was refused: afterwards nobody knows until the next save. */
export function useRefusals(error: ApiError | null, changes: object): Refusals {
  const refused = useRef({ error, changes });
  if (refused.current.error !== error) refused.current = { error, changes };
  return (field) => (same(refused.current.changes, changes) ? fieldProblem(error, field) : null);
}

/** Settings are JSON: two that print the same are the same. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
