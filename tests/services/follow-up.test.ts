import { describe, expect, test } from "bun:test";
import { QUOTING } from "../../src/domain/llm.ts";
import type { ChatStreamPart } from "../../src/providers/provider.ts";
import { addDocument, openTestChat, type TestChat } from "../helpers/test-chat.ts";

const DOCUMENTS = {
  "Hotels in Zurich": "In Zurich a hotel may cost 190 euros a night.",
  "Hotels in Basel": "In Basel a hotel may cost 150 euros a night.",
  "Parental leave": "Parental leave may be split into three parts. A manager approves parental leave.",
  Parking: "Bicycles are parked behind the canteen.",
  Urlaub: "Wer in Vollzeit arbeitet, hat 30 Urlaubstage. Für Teilzeit sind es 15 Urlaubstage.",
  Kantine: "Die Kantine ist im Erdgeschoss.",
  Congés: "Les salariés ont droit à 25 jours de congés. Les stagiaires ont droit à 12 jours de congés.",
  Отпуск: "Отпуск сотрудников составляет 28 дней. Отпуск стажёров составляет 14 дней.",
};

type Conversation = { turns: string[]; alone: string; finds: string | null };

const CONVERSATIONS: Conversation[] = [
  {
    turns: ["What may a hotel cost in Zurich?", "and in Basel?"],
    alone: "What may a hotel cost in Basel?",
    finds: "150 euros",
  },
  {
    turns: ["What may a hotel cost in Zurich?", "thanks!", "and in Basel?"],
    alone: "What may a hotel cost in Basel?",
    finds: "150 euros",
  },
  {
    turns: ["How long is parental leave?", "can I split it?"],
    alone: "Can I split parental leave?",
    finds: "split into three",
  },
  {
    turns: ["How long is parental leave?", "who approves it?"],
    alone: "Who approves parental leave?",
    finds: "manager approves",
  },
  {
    turns: ["How long is parental leave?", "Where are bicycles parked?"],
    alone: "Where are bicycles parked?",
    finds: "behind the canteen",
  },
  { turns: ["How long is parental leave?", "bicycles"], alone: "bicycles", finds: "behind the canteen" },
  {
    turns: ["How long is parental leave?", "Is there a swimming pool?"],
    alone: "Is there a swimming pool?",
    finds: null,
  },
  {
    turns: ["Wie viele Urlaubstage habe ich?", "danke, und für Teilzeit?"],
    alone: "Wie viele Urlaubstage habe ich in Teilzeit?",
    finds: "15 Urlaubstage",
  },
  {
    turns: ["Wie viele Urlaubstage habe ich?", "Wo ist die Kantine?"],
    alone: "Wo ist die Kantine?",
    finds: "Erdgeschoss",
  },
  {
    turns: ["combien de jours de congés pour les salariés ?", "et pour les stagiaires ?"],
    alone: "combien de jours de congés pour les stagiaires ?",
    finds: "12 jours",
  },
  {
    turns: ["Сколько дней отпуска?", "а для стажёров?"],
    alone: "Сколько дней отпуска для стажёров?",
    finds: "14 дней",
  },
];

/** How a model may answer to being asked for the question as it stands alone. */
const MODELS: Record<string, (conversation: Conversation) => string | null> = {
  "no model": () => null,
  "a model that rewrites well": ({ alone }) => alone,
  "a model that drags every topic along": ({ turns }) => turns.join(" "),
  "a model that repeats the question": ({ turns }) => turns.at(-1) ?? "",
  "a model that answers instead": () => "Parental leave is 26 weeks.",
  "a model that fails": () => "",
};

async function chatWith(rewritten: string | null): Promise<TestChat> {
  const chat = await openTestChat(() => ({
    name: rewritten === null ? QUOTING : "openai",
    async *streamChat({ messages }): AsyncGenerator<ChatStreamPart> {
      const isRewriting = messages[0]?.content?.startsWith("You prepare a search") ?? false;
      yield { type: "text", text: isRewriting ? (rewritten ?? "") : "See [1]." };
      yield { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } };
    },
    listModels: async () => [],
  }));
  for (const [title, content] of Object.entries(DOCUMENTS))
    await addDocument(chat.store, chat.session, title, content);
  return chat;
}

describe.each(Object.entries(MODELS))("with %s", (_name, rewrite) => {
  test.each(CONVERSATIONS)("$turns finds $finds", async (conversation) => {
    const chat = await chatWith(rewrite(conversation));
    for (const turn of conversation.turns) await chat.ask(turn);

    const best = (await chat.savedTrace()).candidates.find(({ kept }) => kept)?.excerpt ?? null;
    const { abstained } = (await chat.savedAnswer()) ?? {};
    expect(abstained ? null : best).toEqual(
      conversation.finds === null ? null : expect.stringContaining(conversation.finds),
    );
  });
});
