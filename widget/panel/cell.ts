import { useEffect, useState } from "preact/hooks";

/** A value that can be watched. A signals library would be a tenth of what the panel may weigh. */
export type Cell<Value> = {
  readonly value: Value;
  /** Calls `listener` after every change; returns how to stop that. */
  subscribe: (listener: () => void) => () => void;
};

export type WritableCell<Value> = Cell<Value> & { value: Value };

export function createCell<Value>(first: Value): WritableCell<Value> {
  const listeners = new Set<() => void>();
  let current = first;
  return {
    get value() {
      return current;
    },
    set value(next) {
      if (Object.is(next, current)) return;
      current = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The cell's value in a component, drawn again when it changes. */
export function useCell<Value>(cell: Cell<Value>): Value {
  const [value, setValue] = useState(() => cell.value);
  useEffect(() => {
    const update = () => setValue(() => cell.value);
    // It may have changed between drawing and now.
    update();
    return cell.subscribe(update);
  }, [cell]);
  return value;
}
