import type { TriedAnswer } from "../../src/protocol/admin-api/conversations.ts";
import type {
  ChunkView,
  DocumentView,
  FormatView,
  JobView,
  SearchHitView,
  SourcePage,
  SourceView,
} from "../../src/protocol/admin-api/knowledge.ts";
import { getJson, sendJson, uploadFile } from "./client.ts";
import { query } from "./query.ts";
import type { TriedAs } from "./tools.ts";

export type SourceFilter = {
  status: SourceView["status"] | null;
  q: string;
  sort: "newest" | "oldest" | "title" | "size";
};
export type Page<Item> = { items: Item[]; nextCursor: string | null };

const KNOWLEDGE = "/api/admin/knowledge";

export function listSources(
  filter: Partial<SourceFilter> & { limit?: number },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<SourcePage> {
  return getJson(`${KNOWLEDGE}${query({ ...filter, cursor })}`, signal ? { signal } : {});
}

/** All that Parley reads. */
export const listFormats = () => getJson<{ items: FormatView[] }>(`${KNOWLEDGE}/formats`);
export const getSource = (id: string, signal?: AbortSignal) =>
  getJson<SourceView>(`${KNOWLEDGE}/${id}`, signal ? { signal } : {});
export const listDocuments = (
  id: string,
  status: DocumentView["status"] | null,
  cursor: string | null,
  signal: AbortSignal,
) => getJson<Page<DocumentView>>(`${KNOWLEDGE}/${id}/documents${query({ status, cursor })}`, { signal });
/** Of all its documents, or of one. */
export const listChunks = (
  id: string,
  document: string | null,
  cursor: string | null,
  signal?: AbortSignal,
) =>
  getJson<Page<ChunkView>>(
    `${KNOWLEDGE}/${id}/chunks${query({ document, cursor })}`,
    signal ? { signal } : {},
  );
export const updateSource = (id: string, change: { title?: string; tags?: string[] }) =>
  sendJson<SourceView>("PATCH", `${KNOWLEDGE}/${id}`, change);
/** Hidden at once, final after 30 s; restoreSource undoes it before that. */
export const removeSource = (id: string) => sendJson<void>("DELETE", `${KNOWLEDGE}/${id}`);
export const restoreSource = (id: string) => sendJson<void>("POST", `${KNOWLEDGE}/${id}/restore`);
export const readAgain = (id: string) => sendJson<void>("POST", `${KNOWLEDGE}/${id}/reingest`);
export const addSamples = () => sendJson<{ items: SourceView[] }>("POST", `${KNOWLEDGE}/samples`);
export const listJobs = (signal?: AbortSignal) =>
  getJson<Page<JobView>>("/api/admin/jobs", signal ? { signal } : {});

/** What a visitor would be answered. Nothing of it is stored. */
export const tryQuestion = (question: string, signal: AbortSignal) =>
  sendJson<TriedAnswer>("POST", `${KNOWLEDGE}/answer`, { question }, { signal });
/** The same with one saved tool alone, switched on or not; `visitor` is as whom it is asked. */
export const tryTool = (tool: string, question: string, visitor: TriedAs | null, signal: AbortSignal) =>
  sendJson<TriedAnswer>("POST", `${KNOWLEDGE}/answer`, { question, tool, visitor }, { signal });
export const searchKnowledge = (question: string, limit: number, signal: AbortSignal) =>
  sendJson<{ items: SearchHitView[] }>("POST", `${KNOWLEDGE}/search`, { query: question, limit }, { signal });

/** Sends one file; answers its one source, which is `failed` with a code when the file was refused. */
export async function uploadSource(
  file: File,
  onSent: (sent: number) => void,
  to: { signal: AbortSignal; tenant: string },
): Promise<SourceView> {
  const answer = await uploadFile<{ items: SourceView[] }>(`${KNOWLEDGE}/upload`, file, onSent, to);
  const [source] = answer.items;
  if (!source) throw new Error("The upload was answered without a source.");
  return source;
}
