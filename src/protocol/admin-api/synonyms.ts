import { z } from "zod";
import { MOST_WORDS_A_SIDE, synonymProblem } from "../../domain/synonym.ts";
import { exactText, lineText, looseText } from "../text.ts";
import { isoTime, pageOf, pageQuery } from "./common.ts";

export const synonymSchema = z.strictObject({
  id: z.string(),
  /** What people say, and what the documents say for it: words, or several that follow each other. */
  asked: z.array(z.string()),
  written: z.array(z.string()),
  /** Whether each stands for all others; else only what is asked is looked for as what is written. */
  bothWays: z.boolean(),
  /** As a line of an export. */
  line: z.string(),
  createdAt: isoTime,
  updatedAt: isoTime,
});

export const synonymPageSchema = pageOf(synonymSchema).extend({
  /** How many there are, whatever the filter, and how many there may be. */
  total: z.number(),
  most: z.number(),
});

export const listSynonymsQuery = z.strictObject({ ...pageQuery, q: looseText(200).optional() });

const word = lineText(200).superRefine((text, context) => {
  const problem = synonymProblem(text);
  if (problem !== null) context.addIssue({ code: "custom", message: problem });
});
const side = z
  .array(word)
  .min(1, "Enter at least one word.")
  .max(MOST_WORDS_A_SIDE, `Enter at most ${MOST_WORDS_A_SIDE} words.`);

export const createSynonymSchema = z.strictObject({
  asked: side,
  written: side,
  bothWays: z.boolean().default(true),
});
export const updateSynonymSchema = z.strictObject({
  asked: side.optional(),
  written: side.optional(),
  bothWays: z.boolean().optional(),
});

const LONGEST_IMPORT = 200_000;
export const importSynonymsSchema = z.strictObject({
  text: exactText()
    .min(1, "Paste at least one line.")
    .max(LONGEST_IMPORT, `Paste at most ${LONGEST_IMPORT.toLocaleString("en")} characters at a time.`)
    .describe("one a line: PTO = paid time off, or with > instead of = one way"),
});
export const synonymImportSchema = z.strictObject({
  added: z.number(),
  /** Were there already. */
  unchanged: z.number(),
});

export const missingWordsSchema = z.strictObject({
  /** Words of unanswered questions that no document has; those in most questions first. */
  items: z.array(
    z.strictObject({
      word: z.string(),
      /** How many of the latest unanswered questions have it. */
      questions: z.number(),
      /** The latest of them. */
      question: z.string(),
      conversation: z.string(),
    }),
  ),
});

export type SynonymView = z.infer<typeof synonymSchema>;
export type SynonymPage = z.infer<typeof synonymPageSchema>;
export type CreateSynonym = z.input<typeof createSynonymSchema>;
export type SynonymImportAnswer = z.infer<typeof synonymImportSchema>;
export type MissingWords = z.infer<typeof missingWordsSchema>;
