import type { CallDraft, QueryDraft, ToolDraft } from "../../api/tools.ts";
import type { Draft, Refusals } from "../../state/draft.ts";

/** What a section of the editor is given. */
export type SectionProps<Own extends ToolDraft = ToolDraft> = { draft: Draft<Own>; refused: Refusals };

const NEW = {
  ...{ name: "", label: "", description: "", parameters: [], columns: [], rowLimit: 50 },
  ...{ answerTemplate: null, emptyTemplate: null, exampleQuestions: [], audience: "everyone" },
  ...{ effect: "read", sharedOverMcp: false, enabled: true },
} satisfies Omit<QueryDraft, "type" | "connection" | "query">;

export const NEW_QUERY: QueryDraft = { ...NEW, type: "db_query", connection: "", query: "" };
export const NEW_CALL: CallDraft = {
  ...NEW,
  ...{ type: "rest_api", method: "GET", url: "", headers: {}, credential: null, responsePath: null },
};

/** What keeps a tool of any kind from being saved, in a sentence. */
export function missingOfAny({ label, name, description }: ToolDraft): string | null {
  if (label.trim() === "" || name === "") return "Say what it looks up.";
  return description.trim() === "" ? "Describe when it is to be used." : null;
}
