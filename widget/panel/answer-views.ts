import { type ReadonlySignal, signal } from "@preact/signals";

export type AnswerViews = Omit<typeof import("./answer/main.ts"), "answerSheet">;

export type AnswerLoader = {
  /** Null until they are there; answers are shown as plain text for that moment. */
  views: ReadonlySignal<AnswerViews | null>;
  load: () => void;
};

/** Loads the views of answers into `root`, once. After a failure the next call tries again. */
export function createAnswerLoader(root: ShadowRoot): AnswerLoader {
  const views = signal<AnswerViews | null>(null);
  let loading = false;
  return {
    views,
    load: () => {
      if (loading) return;
      loading = true;
      import("./answer/main.ts").then(
        ({ answerSheet, ...loaded }) => {
          root.adoptedStyleSheets = [...root.adoptedStyleSheets, answerSheet()];
          views.value = loaded;
        },
        () => {
          loading = false;
        },
      );
    },
  };
}
