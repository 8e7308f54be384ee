import { html } from "htm/preact";
import { Braces, File, Files, FileText, FileType, Globe, type IconNode, Sheet } from "lucide";
import type { ComponentChildren } from "preact";
import type { DocumentView, FormatView, SourceView } from "../../../src/protocol/admin-api/knowledge.ts";
import { Icon } from "../../components/icon.ts";
import { count, number } from "../../format.ts";
import { formats } from "../../state/formats.ts";

const ICONS: Record<FormatView["icon"], IconNode> = {
  page: FileText,
  text: FileType,
  web: Globe,
  table: Sheet,
  data: Braces,
};

/** What kind of document it is: "PDF, 148 pages", with a sign. */
export function DocumentKind({ format, pageCount }: Pick<DocumentView, "format" | "pageCount">) {
  const known = formats.value.find(({ name }) => name === format);
  const label = known?.label ?? format ?? "Unknown";
  return html`<${Kind} icon=${known ? ICONS[known.icon] : File}>
    ${pageCount ? `${label}, ${count(pageCount, "page")}` : label}
  <//>`;
}

/** The kind of its document, or how many there are. */
export function SourceKind({ source }: { source: SourceView }) {
  const { documentCount, sourceType, pageCount } = source;
  if (documentCount === 1) return html`<${DocumentKind} format=${sourceType} pageCount=${pageCount} />`;
  return html`<${Kind} icon=${Files}>${count(documentCount, "document")}<//>`;
}

function Kind({ icon, children }: { icon: IconNode; children: ComponentChildren }) {
  return html`<span class="row nowrap"><${Icon} of=${icon} size=${14} /><span>${children}</span></span>`;
}

type Stated = Pick<SourceView, "status" | "stage" | "errorMessage" | "warnings"> &
  Partial<Pick<SourceView, "documentCount" | "failedCount">>;

/** The state of a source or a document in words with a colour dot. */
export function SourceState({ source }: { source: Stated }) {
  const { dot, words } = stateOf(source);
  return html`<span class="state"><span class=${`dot ${dot}`}></span><span>${words}</span></span>`;
}

function stateOf(source: Stated): { dot: string; words: string } {
  switch (source.status) {
    case "queued":
      return { dot: "", words: "Waiting" };
    case "processing":
      return { dot: "run", words: source.stage ?? "Reading" };
    case "failed":
      return { dot: "bad", words: `Failed: ${source.errorMessage ?? "it could not be read"}` };
    case "ready":
      return stateOfReady(source);
  }
}

function stateOfReady({ warnings, documentCount = 1, failedCount = 0 }: Stated) {
  if (failedCount > 0)
    return { dot: "warn", words: `Ready, but ${number(failedCount)} of ${number(documentCount)} failed` };
  if (warnings.length > 0) return { dot: "warn", words: `Ready, with ${count(warnings.length, "remark")}` };
  return { dot: "good", words: "Ready" };
}
