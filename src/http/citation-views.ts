/** What an answer points at, as the wire has it. */
import type { Citation, PassageCitation } from "../domain/conversation.ts";
import type { ResultColumn } from "../domain/tool.ts";
import type { CitationView, ColumnView, PassageCitationView } from "../protocol/chat-protocol.ts";

export function citationView(citation: Citation): CitationView {
  if (citation.kind === "passage") return passageView(citation);
  const { columns, at, truncated, ...cited } = citation;
  return {
    ...cited,
    columns: columns.map(columnView),
    at: new Date(at).toISOString(),
    ...(truncated && { truncated }),
  };
}

export function passageView(citation: PassageCitation): PassageCitationView {
  return { ...citation };
}

function columnView({ unit, ...column }: ResultColumn): ColumnView {
  return { ...column, ...(unit !== null && { unit }) };
}
