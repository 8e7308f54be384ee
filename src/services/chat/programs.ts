/** The assistant for programs, which bring the whole conversation with each question and keep it themselves. */
import type { Deps } from "../../deps.ts";
import type { ChatSession, Message, TurnTrace } from "../../domain/conversation.ts";
import { type ApiKeyId, newId, type TenantId } from "../../domain/ids.ts";
import type { SaidBefore } from "../../domain/turn.ts";
import { estimateTokens } from "../../rag/tokens.ts";
import { openProgramSession } from "../access/visitors.ts";
import { type AskDeps, ask } from "./ask.ts";
import { onlyReading } from "./reading-tools.ts";

export type ProgramDeps = AskDeps & Pick<Deps, "tokens"> & { programConversations: ProgramConversations };

/** Where conversations of programs go on: by everything that was said in them, since programs name none. */
export type ProgramConversations = {
  /** The session in which exactly that was said. It is given once: whoever asks anew at the same place branches off. */
  take(key: ApiKeyId, said: readonly SaidBefore[]): ChatSession | null;
  keep(key: ApiKeyId, said: readonly SaidBefore[], session: ChatSession): void;
};

/** A forgotten one goes on as another conversation, with the same answers. */
const KEPT = 2_000;

/** @param hash a digest of a text */
export function createProgramConversations(hash: (text: string) => string): ProgramConversations {
  const placeOf = (key: ApiKeyId, said: readonly SaidBefore[]) =>
    // Programs trim what they show and send back.
    hash(JSON.stringify([key, said.map(({ role, content }) => [role, content.trim()])]));
  const sessions = new Map<string, ChatSession>();
  return {
    take(key, said) {
      const place = placeOf(key, said);
      const session = sessions.get(place) ?? null;
      sessions.delete(place);
      return session;
    },
    keep(key, said, session) {
      sessions.set(placeOf(key, said), session);
      const [oldest] = sessions.keys();
      if (sessions.size > KEPT && oldest !== undefined) sessions.delete(oldest);
    },
  };
}

/** `usage` is estimated where no model's provider said it. */
export type ProgramAnswer = {
  message: Message;
  /** Why it was cut; null where it was not. */
  ending: NonNullable<TurnTrace["endedEarly"]> | null;
  usage: { inputTokens: number; outputTokens: number };
};

/** `answer` is null for one that could not be stored. */
export type AskedByProgram = { session: ChatSession; answer: Promise<ProgramAnswer | null> };

/**
 * Asks the last of `said`, a person's message, in the light of what comes before it. What changes something in other
 * systems is not offered: nobody is there to confirm it.
 *
 * @param listen called with the session before anything is asked, so that no event is missed
 * @throws AppError as `ask` does
 */
export async function askForProgram(
  deps: ProgramDeps,
  { tenantId, key }: { tenantId: TenantId; key: ApiKeyId },
  said: readonly SaidBefore[],
  listen: (session: ChatSession) => Promise<void>,
): Promise<AskedByProgram> {
  const [before, question] = [said.slice(0, -1), said.at(-1)];
  const session = await sessionFor(deps, tenantId, key, before);
  await listen(session);
  const asked = await ask({ ...deps, tools: onlyReading(deps.tools) }, session, {
    ...{ clientId: newId("message"), text: question?.content ?? "", locale: null, page: null },
    saidBefore: before,
  });
  return {
    session,
    answer: asked.answer.then(
      (message) => message && finished(deps, { tenantId, key, said, session }, message),
    ),
  };
}

async function finished(
  deps: ProgramDeps,
  asked: { tenantId: TenantId; key: ApiKeyId; said: readonly SaidBefore[]; session: ChatSession },
  message: Message,
): Promise<ProgramAnswer> {
  const { tenantId, key, said, session } = asked;
  deps.programConversations.keep(key, [...said, { role: "assistant", content: message.content }], session);
  const trace = await deps.store.conversations.findTrace(tenantId, message.id);
  const told = trace?.prompt.map(({ content }) => content) ?? [];
  return {
    message,
    ending: trace?.endedEarly ?? null,
    usage: {
      inputTokens:
        trace?.usage.inputTokens ??
        estimateTokens((told.length > 0 ? told : said.map(({ content }) => content)).join("\n")),
      outputTokens: trace?.usage.outputTokens ?? estimateTokens(message.content),
    },
  };
}

async function sessionFor(
  deps: ProgramDeps,
  tenantId: TenantId,
  key: ApiKeyId,
  before: readonly SaidBefore[],
): Promise<ChatSession> {
  const known = before.length === 0 ? null : deps.programConversations.take(key, before);
  // An admin may have deleted it meanwhile.
  const isThere =
    known !== null &&
    (await deps.store.conversations.get(tenantId, known.conversationId).then(
      () => true,
      () => false,
    ));
  return isThere ? known : openProgramSession(deps, tenantId);
}
