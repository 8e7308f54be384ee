import { html } from "htm/preact";
import type { SourceView } from "../../../src/protocol/admin-api/knowledge.ts";
import { count } from "../../format.ts";

const KINDS: Record<string, string> = {
  pdf: "PDF",
  docx: "Word",
  text: "Text",
  markdown: "Markdown",
  html: "Web page",
  csv: "Table",
};

/** "PDF, 148 pages" */
export function kindOf(source: SourceView): string {
  const kind = (source.sourceType && KINDS[source.sourceType]) || "Unknown";
  return source.pageCount ? `${kind}, ${count(source.pageCount, "page")}` : kind;
}

/** The state of a source in words with a colour dot. */
export function SourceState({ source }: { source: SourceView }) {
  const { dot, words } = stateOf(source);
  return html`<span class="state"><span class=${`dot ${dot}`}></span><span>${words}</span></span>`;
}

function stateOf(source: SourceView): { dot: string; words: string } {
  switch (source.status) {
    case "queued":
      return { dot: "", words: "Waiting" };
    case "processing":
      return { dot: "run", words: source.stage ?? "Reading" };
    case "failed":
      return { dot: "bad", words: `Failed: ${source.errorMessage ?? "it could not be read"}` };
    case "ready":
      if (source.warnings.length === 0) return { dot: "good", words: "Ready" };
      return { dot: "warn", words: `Ready, with ${count(source.warnings.length, "remark")}` };
  }
}
