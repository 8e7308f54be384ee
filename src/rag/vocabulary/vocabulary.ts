/** What Parley knows of a language's everyday words, to meet a question that says it otherwise than the documents. */
export type Vocabulary = {
  /**
   * Words that say how rather than what: verbs and adjectives for everything, and nouns for anybody and anything. A
   * document need not have them to answer.
   */
  light: string;
  /** Forms that no stemmer brings together, one word a line. */
  forms: string;
  /** Ways of saying one thing at work, one thing a line, set apart by commas. */
  synonyms: string;
};
