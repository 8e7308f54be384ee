import { html } from "htm/preact";
import { Braces, File, FileText, FileType, Globe, type IconNode, Sheet } from "lucide";
import type { FormatView, SourceView } from "../../../src/protocol/admin-api/knowledge.ts";
import { Icon } from "../../components/icon.ts";
import { count } from "../../format.ts";
import { formats } from "../../state/formats.ts";

const ICONS: Record<FormatView["icon"], IconNode> = {
  page: FileText,
  text: FileType,
  web: Globe,
  table: Sheet,
  data: Braces,
};

/** What kind of document it is: "PDF, 148 pages", with a sign. */
export function SourceKind({ source }: { source: SourceView }) {
  const { sourceType, pageCount } = source;
  const format = formats.value.find(({ name }) => name === sourceType);
  const label = format?.label ?? sourceType ?? "Unknown";
  return html`<span class="row nowrap">
    <${Icon} of=${format ? ICONS[format.icon] : File} size=${14} />
    <span>${pageCount ? `${label}, ${count(pageCount, "page")}` : label}</span>
  </span>`;
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
