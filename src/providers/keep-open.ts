export type KeptOpen<Opened> = {
  /** The one that is open; opened now when none is. One that failed to open is opened anew by the next call. */
  get(): Promise<Opened>;
  /** Closes that one, unless another has been opened meanwhile. The next `get` opens anew. */
  forget(which: Promise<Opened>): void;
  close(): void;
};

/** Opens something at its first use and keeps it. */
export function keepOpen<Opened extends { close(): void }>(open: () => Promise<Opened>): KeptOpen<Opened> {
  let kept: Promise<Opened> | null = null;

  function forget(which: Promise<Opened>): void {
    if (kept !== which) return;
    kept = null;
    which
      .then((opened) => opened.close())
      .catch(() => {
        // It never opened, so there is nothing to close.
      });
  }

  return {
    get() {
      if (kept) return kept;
      const opening = open();
      kept = opening;
      opening.catch(() => forget(opening));
      return opening;
    },
    forget,
    close: () => kept && forget(kept),
  };
}
