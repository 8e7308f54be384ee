/**
 * Lexical search off the main thread, so that a scan never holds up a stream. Each worker reads the database
 * over a connection of its own and sees every commit that was made before it was asked.
 */
import { AppError } from "../errors.ts";
import { type ConnectionOptions, openForReading } from "../store/sqlite/connection.ts";
import { type LexicalSearch, lexicalSearch } from "../store/sqlite/search.ts";
import { answerRequests } from "./channel.ts";
import type { SearchRequests } from "./search-workers.ts";

let search: LexicalSearch | undefined;

answerRequests<SearchRequests>({
  open: async (connection: ConnectionOptions) => {
    search = lexicalSearch(openForReading(connection));
  },
  searchByTerms: async ({ tenantId, query, limit }) => opened().searchByTerms(tenantId, query, limit),
  termStatistics: async ({ tenantId, query }) => opened().termStatistics(tenantId, query),
});

function opened(): LexicalSearch {
  if (search === undefined)
    throw new AppError("INTERNAL", "The search is not ready yet. Try again in a moment.");
  return search;
}
