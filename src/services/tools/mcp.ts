/** What programs may use of a tenant over MCP: its knowledge, and the look-ups that an admin marked for it. */
import type { McpTool } from "../../deps.ts";
import { type ApiKeyId, isId, type TenantId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import type { Tools } from "../../tools/tool.ts";
import { searchKnowledge, type TestBenchDeps } from "../retrieval/test-bench.ts";
import { type NoteDeps, noted } from "./tool-uses.ts";

export type McpDeps = TestBenchDeps & NoteDeps & { tools: Tools };

const MOST_PASSAGES = 20;
const PASSAGES = 5;
const LONGEST_QUESTION = 1_000;

/** @param key whose program calls */
export async function mcpTools(deps: McpDeps, tenantId: TenantId, key: ApiKeyId): Promise<McpTool[]> {
  // A program is nobody's browser, so that nothing is bound to it and nothing waits for a confirmation.
  const offered = await deps.tools.offered({ tenantId, visitor: null });
  const shared = offered.flatMap(({ entry, ...tool }) =>
    entry?.sharedOverMcp && entry.effect === "read" ? [{ ...tool, entry }] : [],
  );
  return [
    searchTool(deps, tenantId),
    passageTool(deps, tenantId),
    ...shared.map(
      (tool): McpTool => ({
        ...{ name: tool.definition.name, title: tool.label, description: tool.definition.description },
        inputSchema: tool.definition.parameters,
        run: async (given, signal) => {
          const call = { id: "mcp", name: tool.definition.name, arguments: JSON.stringify(given) };
          const use = { tenantId, toolId: tool.entry.id, by: "program", actor: key } as const;
          return (await noted(deps, use, () => tool.run(call, signal))).content;
        },
      }),
    ),
  ];
}

function searchTool(deps: McpDeps, tenantId: TenantId): McpTool {
  return {
    name: "search_knowledge",
    title: "Search the knowledge",
    description: "Finds the passages of the organisation's documents that bear on a question, best first.",
    inputSchema: {
      type: "object",
      properties: {
        query: { type: "string", description: "The question, as a person would ask it." },
        limit: {
          type: "integer",
          minimum: 1,
          maximum: MOST_PASSAGES,
          description: `${PASSAGES} unless given.`,
        },
      },
      required: ["query"],
      additionalProperties: false,
    },
    async run(given, signal) {
      const { query, limit = PASSAGES } = given;
      if (typeof query !== "string" || query.trim() === "" || query.length > LONGEST_QUESTION)
        throw new AppError(
          "INVALID_ARGUMENT",
          `query has to be a text of at most ${LONGEST_QUESTION} characters.`,
        );
      if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1 || limit > MOST_PASSAGES)
        throw new AppError("INVALID_ARGUMENT", `limit has to be a whole number from 1 to ${MOST_PASSAGES}.`);
      const hits = await searchKnowledge(deps, tenantId, query, limit, signal);
      return JSON.stringify({
        passages: hits.map(({ chunk, source, title, headingPath, page, text, score, kept }) => ({
          ...{ id: chunk, source, title, headingPath, page, text, score, answersTheQuestion: kept },
        })),
      });
    },
  };
}

function passageTool({ store }: McpDeps, tenantId: TenantId): McpTool {
  return {
    name: "fetch_passage",
    title: "Fetch a passage",
    description: "The passage of an id that search_knowledge gave, with the ones before and after it.",
    inputSchema: {
      type: "object",
      properties: { id: { type: "string", description: "Such as chk_01J…" } },
      required: ["id"],
      additionalProperties: false,
    },
    async run({ id }) {
      const [found] =
        typeof id === "string" && isId("chunk", id) ? await store.chunks.findMany(tenantId, [id]) : [];
      if (found === undefined)
        throw new AppError(
          "NOT_FOUND",
          "There is no such passage. Its document may have changed; search again.",
        );
      const { documentId, ordinal } = found;
      const around = await store.chunks.neighbours(tenantId, documentId, ordinal - 1, ordinal + 1);
      return JSON.stringify({
        title: found.documentTitle,
        passages: around.map(({ id: passage, headingPath, page, content }) => ({
          id: passage,
          headingPath,
          page,
          text: content,
        })),
      });
    },
  };
}
