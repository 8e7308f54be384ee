/** A sleep that can be cut short, also by a wake that came before it began. */
export type Alarm = {
  /** Resolves after `ms`, when woken, or at once when woken since the last sleep. */
  sleep(ms: number): Promise<void>;
  wake(): void;
};

export function createAlarm(): Alarm {
  let woken = false;
  let endSleep = () => {};
  return {
    async sleep(ms) {
      if (!woken) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          endSleep = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      woken = false;
    },

    wake() {
      woken = true;
      endSleep();
    },
  };
}
