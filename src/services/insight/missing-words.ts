/** Words of questions that found nothing and that no document has: what a synonym may be needed for. */
import type { Deps } from "../../deps.ts";
import type { ConversationId, TenantId } from "../../domain/ids.ts";
import type { LexicalQuery } from "../../domain/lexical.ts";
import { analyzeQuestion } from "../../rag/text.ts";

export type MissingWord = {
  /** As it was spelled the last time, in lower case. */
  word: string;
  /** How many of the latest unanswered questions have it. */
  questions: number;
  /** The latest of them. */
  question: string;
  conversationId: ConversationId;
};

const QUESTIONS_READ = 200;
const WORDS_SHOWN = 12;
/** What a query of the index takes at once. */
const WORDS_AT_ONCE = 48;

/** Those in most questions first. */
export async function missingWords(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
): Promise<MissingWord[]> {
  const [languages, synonyms, unanswered] = await Promise.all([
    store.chunks.languages(tenantId),
    store.synonyms.all(tenantId),
    store.conversations.unanswered(tenantId, QUESTIONS_READ),
  ]);
  if (languages.length === 0) return [];
  const asked = new Map<string, MissingWord & { terms: string[]; related: Related }>();
  for (const { question, conversationId } of unanswered) {
    const { query, spellings } = analyzeQuestion(question, languages, synonyms);
    for (const [at, word] of spellings.entries()) {
      const isLight = (query.weights?.[at] ?? 1) < 1;
      if (isLight || !/\p{L}/u.test(word)) continue;
      const known = asked.get(word);
      if (known) known.questions++;
      else
        asked.set(word, {
          ...{ word, questions: 1, question, conversationId },
          ...{ terms: query.words[at] ?? [], related: query.related?.[at] ?? [] },
        });
    }
  }
  const missing = await withoutPassages(store, tenantId, [...asked.values()]);
  return missing
    .toSorted((left, right) => right.questions - left.questions)
    .slice(0, WORDS_SHOWN)
    .map(({ word, questions, question, conversationId }) => ({ word, questions, question, conversationId }));
}

type Related = NonNullable<LexicalQuery["related"]>[number];

async function withoutPassages<Word extends { terms: string[]; related: Related }>(
  store: Deps["store"],
  tenantId: TenantId,
  words: readonly Word[],
): Promise<Word[]> {
  const missing: Word[] = [];
  for (let from = 0; from < words.length; from += WORDS_AT_ONCE) {
    const some = words.slice(from, from + WORDS_AT_ONCE);
    const query: LexicalQuery = {
      words: some.map(({ terms }) => terms),
      related: some.map(({ related }) => related),
      // Nothing may stand in for what is not there.
      certain: some.map(() => true),
    };
    const { withWord } = await store.chunks.searchByTerms(tenantId, query, 1);
    missing.push(...some.filter((_, at) => withWord[at] === 0));
  }
  return missing;
}
