import { z } from "zod";

/** `GET /api/admin/dashboard`: the checklist of Home and the numbers beside it, of the last seven days. */
export const dashboardSchema = z.strictObject({
  checklist: z.strictObject({
    /** Something is searchable. */
    knowledge: z.strictObject({
      done: z.boolean(),
      ready: z.number(),
      processing: z.number(),
      failed: z.number(),
    }),
    /** Somebody asked something and got an answer with a source. */
    ask: z.strictObject({ done: z.boolean(), questions: z.number() }),
    /** The widget was opened on a page that is not Parley's own. */
    embed: z.strictObject({ done: z.boolean(), origins: z.array(z.string()) }),
    /** A language model is connected. `extractive` works without one. */
    model: z.strictObject({ done: z.boolean(), provider: z.string(), model: z.string() }),
  }),
  week: z.strictObject({
    conversations: z.number(),
    questions: z.number(),
    answered: z.number(),
    abstained: z.number(),
    failed: z.number(),
    firstTokenMsP50: z.number().nullable(),
    /** One number a day, oldest first. */
    questionsByDay: z.array(z.number()),
  }),
  /** Latest questions that found nothing, newest first, at most five. */
  unanswered: z.array(
    z.strictObject({ conversation: z.string(), question: z.string(), nearest: z.string().nullable() }),
  ),
});

export type Dashboard = z.infer<typeof dashboardSchema>;
