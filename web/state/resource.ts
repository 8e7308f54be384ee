import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type ApiError, asApiError, isAbort } from "../api/client.ts";

/** Shorter waits show nothing: a skeleton that flashes by is worse than a still page. */
const PATIENCE_MS = 150;

export type Resource<Value> = {
  value: Value | null;
  error: ApiError | null;
  /** Still nothing to show and it has been a while. */
  slow: boolean;
  reload: () => void;
  set: (change: (value: Value) => Value) => void;
};

/**
 * Loads something for as long as the component shows it. `key` names what is loaded: another key
 * starts over, the same key with `reload` keeps the old value on the page meanwhile.
 */
export function useResource<Value>(
  key: string,
  load: (signal: AbortSignal) => Promise<Value>,
): Resource<Value> {
  const [held, setHeld] = useState<{ key: string; value: Value | null; error: ApiError | null }>({
    key,
    value: null,
    error: null,
  });
  const [round, setRound] = useState(0);
  const loader = useRef(load);
  loader.current = load;

  useEffect(() => {
    const controller = new AbortController();
    loader.current(controller.signal).then(
      (value) => !controller.signal.aborted && setHeld({ key, value, error: null }),
      (thrown) => {
        if (controller.signal.aborted || isAbort(thrown)) return;
        setHeld((before) => ({
          key,
          value: before.key === key ? before.value : null,
          error: asApiError(thrown),
        }));
      },
    );
    return () => controller.abort();
  }, [key, round]);

  const current = held.key === key ? held : { key, value: null, error: null };
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const set = useCallback((change: (value: Value) => Value) => {
    setHeld((before) => (before.value === null ? before : { ...before, value: change(before.value) }));
  }, []);
  const slow = useSlow(current.value === null && current.error === null, key);
  return { value: current.value, error: current.error, slow, reload, set };
}

/** True once `waiting` has lasted longer than people notice. */
export function useSlow(waiting: boolean, key = ""): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!waiting) return;
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waiting, key]);
  return slow && waiting;
}
