import type {
  CreateSynonym,
  MissingWords,
  SynonymImportAnswer,
  SynonymPage,
  SynonymView,
} from "../../src/protocol/admin-api/synonyms.ts";
import { getJson, getText, sendJson } from "./client.ts";
import { query } from "./query.ts";

export type SynonymFilter = { q: string };

const SYNONYMS = "/api/admin/synonyms";

export function listSynonyms(
  filter: SynonymFilter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<SynonymPage> {
  return getJson(`${SYNONYMS}${query({ ...filter, cursor })}`, signal ? { signal } : {});
}

export const getSynonym = (id: string, signal?: AbortSignal) =>
  getJson<SynonymView>(`${SYNONYMS}/${id}`, signal ? { signal } : {});
export const addSynonym = (synonym: CreateSynonym) => sendJson<SynonymView>("POST", SYNONYMS, synonym);
export const updateSynonym = (id: string, synonym: CreateSynonym) =>
  sendJson<SynonymView>("PATCH", `${SYNONYMS}/${id}`, synonym);
/** Hidden at once, final after 30 s; restoreSynonym undoes it before that. */
export const removeSynonym = (id: string) => sendJson<void>("DELETE", `${SYNONYMS}/${id}`);
export const restoreSynonym = (id: string) => sendJson<void>("POST", `${SYNONYMS}/${id}/restore`);
/** All lines of the text, or none. */
export const importSynonyms = (text: string) =>
  sendJson<SynonymImportAnswer>("POST", `${SYNONYMS}/import`, { text });
export const exportSynonyms = () => getText(`${SYNONYMS}/export`);
/** Words of unanswered questions that no document has. */
export const listMissingWords = (signal?: AbortSignal) =>
  getJson<MissingWords>(`${SYNONYMS}/missing`, signal ? { signal } : {});
