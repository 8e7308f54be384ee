import { type Cell, createCell } from "./cell.ts";

export type Tools = typeof import("./answer/tools.ts");

export type AnswerTools = {
  /** Null until they are there; for that moment an answer is plain text. */
  tools: Cell<Tools | null>;
  load: () => void;
};

/** What only answers need, a third of the panel's weight, loaded with the first one; its style goes into `sheet`. A failure is tried again with the next. */
export function createAnswerTools(sheet: CSSStyleSheet): AnswerTools {
  const tools = createCell<Tools | null>(null);
  let loading = false;
  return {
    tools,
    load: () => {
      if (loading) return;
      loading = true;
      import("./answer/tools.ts").then(
        (loaded) => {
          loaded.addAnswerStyle(sheet);
          tools.value = loaded;
        },
        () => {
          loading = false;
        },
      );
    },
  };
}
