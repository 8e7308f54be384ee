import { html } from "htm/preact";
import type { ConversationView } from "../../../src/protocol/admin-api/conversations.ts";

type Outcome = NonNullable<ConversationView["lastOutcome"]>;

export const OUTCOMES: Record<Outcome, { dot: string; words: string }> = {
  answered: { dot: "good", words: "Answered from sources" },
  abstained: { dot: "warn", words: "Found nothing" },
  failed: { dot: "bad", words: "Failed" },
  interrupted: { dot: "", words: "Stopped" },
  "small-talk": { dot: "", words: "Only small talk" },
};

/** How the last question of a conversation ended, in words with a colour dot. */
export function OutcomeState({ outcome }: { outcome: ConversationView["lastOutcome"] }) {
  const { dot, words } = outcome ? OUTCOMES[outcome] : { dot: "", words: "No answer yet" };
  return html`<span class="state"><span class=${`dot ${dot}`}></span><span>${words}</span></span>`;
}
