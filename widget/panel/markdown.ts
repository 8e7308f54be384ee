import type { Block } from "./answer/markdown/tree.ts";
import { type Cell, createCell } from "./cell.ts";

export type MarkdownParser = (text: string) => Block[];

export type Markdown = {
  /** Plain text in one paragraph until the real one is there. */
  parser: Cell<MarkdownParser>;
  load: () => void;
};

/** The markdown parser, half of the panel's weight, loaded with the first answer. A failure is tried again with the next. */
export function createMarkdown(): Markdown {
  const parser = createCell<MarkdownParser>((text) => [
    { type: "paragraph", children: [{ type: "text", text }] },
  ]);
  let loading = false;
  return {
    parser,
    load: () => {
      if (loading) return;
      loading = true;
      import("./answer/markdown/parse.ts").then(
        ({ parseMarkdown }) => {
          parser.value = parseMarkdown;
        },
        () => {
          loading = false;
        },
      );
    },
  };
}
