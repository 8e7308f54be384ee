import { html } from "htm/preact";
import { Maximize2, X } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { ConversationDetail } from "../../../src/protocol/admin-api/conversations.ts";
import { getConversation } from "../../api/conversations.ts";
import { Button, IconButton } from "../../components/button.ts";
import { useKeys } from "../../components/list-keys.ts";
import { Crumbs, Page, useTitle } from "../../components/page.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { shortUrl } from "../../format.ts";
import { justMarked, toggleFlag, toggleStar } from "../../state/conversation-marks.ts";
import { removeWithUndo } from "../../state/conversations.ts";
import { onFrame } from "../../state/live.ts";
import { NO_ROOM_BESIDE, useMedia } from "../../state/media.ts";
import { type Resource, useResource } from "../../state/resource.ts";
import { follow, href, hrefAsLeft, route } from "../../state/router.ts";
import { mayMark } from "../../state/session.ts";
import { Actions, Marks } from "./actions.ts";
import { visitorName } from "./conversations.ts";
import { Inspector, InspectorSheet } from "./inspector.ts";
import { MessageView } from "./message.ts";
import { useOpenable } from "./openable.ts";
import { OutcomeState } from "./outcome.ts";

const BACK = { label: "Conversations", page: "conversations" };

/** The transcript at reading size, and beside it how the chosen answer came about. */
export function ConversationPage({ id }: { id: string }) {
  const loaded = useConversation(id);
  if (loaded.value) return html`<${WholePage} detail=${loaded.value} />`;
  return html`<${Page} title="Conversation" crumbs=${BACK}><${NotYet} of=${loaded} /><//>`;
}

/** The same beside the list. How an answer came about opens over both. */
export function ReadingPane({ id, close }: { id: string; close: () => void }) {
  const loaded = useConversation(id);
  return html`<aside class="pane" aria-label="Conversation" tabindex="-1">
    <div class="pane-bar">
      <${Button} small kind="quiet" icon=${Maximize2} href=${href("conversations", id)}>Open the whole page<//>
      <span class="push"><${IconButton} icon=${X} label="Close the conversation" onClick=${close} /></span>
    </div>
    ${loaded.value ? html`<${Transcript} detail=${loaded.value} beside=${false} onRemoved=${close} />` : html`<div class="talk"><${NotYet} of=${loaded} /></div>`}
  </aside>`;
}

function NotYet({ of: { error, slow, reload } }: { of: Resource<ConversationDetail> }) {
  return html`${error && html`<${Failed} what="This conversation could not be opened" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${9} />`}`;
}

function useConversation(id: string): Resource<ConversationDetail> {
  const loaded = useResource(`conversation/${id}`, (abort) => getConversation(id, abort));
  const { reload, set } = loaded;
  useEffect(
    () =>
      justMarked.subscribe((conversation) => {
        if (conversation?.id === id) set((detail) => ({ ...detail, conversation }));
      }),
    [id, set],
  );
  useEffect(
    () =>
      onFrame((frame) => {
        if (frame.type === "conversation" && frame.conversation.id === id && !frame.removed) reload();
      }),
    [id, reload],
  );
  return loaded;
}

function WholePage({ detail }: { detail: ConversationDetail }) {
  const { conversation } = detail;
  // Beside the transcript there is always one; where there is no room for both, one is asked for.
  const beside = !useMedia(NO_ROOM_BESIDE);
  useTitle(titleOf(detail));
  useKeys((key) => {
    const act = { f: toggleFlag, s: toggleStar }[key];
    if (!act || !mayMark.peek()) return false;
    act(conversation);
    return true;
  });
  return html`<${Transcript} detail=${detail} beside=${beside} crumbs onRemoved=${() => follow(hrefAsLeft(BACK.page))} />`;
}

type TranscriptProps = {
  detail: ConversationDetail;
  /** Whether there is room for the inspector. */
  beside: boolean;
  crumbs?: boolean;
  onRemoved: () => void;
};

function Transcript({ detail, beside, crumbs, onRemoved }: TranscriptProps) {
  const { conversation, messages } = detail;
  const answers = messages.filter(
    (message) => message.role === "assistant" && message.status !== "streaming",
  );
  const [chosen, setChosen] = useState(() => route.peek().query.get("answer"));
  const asked = answers.find((answer) => answer.id === chosen) ?? null;
  const shown = asked ?? (beside ? (answers.at(-1) ?? null) : null);
  const report = shown && { conversation: conversation.id, answer: shown };
  const mayOpen = useOpenable(messages);
  const remove = () => {
    onRemoved();
    void removeWithUndo(conversation);
  };

  return html`<div class=${beside ? "split" : ""}>
    <div class="talk">
      ${crumbs && html`<${Crumbs} ...${BACK} here=${visitorName(conversation)} />`}
      <div class="talk-head">
        <div>
          ${crumbs ? html`<h1>${titleOf(detail)}</h1>` : html`<h2>${titleOf(detail)}</h2>`}
          <p class="hint row">
            ${!crumbs && html`<span>${visitorName(conversation)}</span>`}
            ${conversation.page?.url && html`<span>${shortUrl(conversation.page.url)}</span>`}
            <${Ago} at=${conversation.updatedAt} />
            <${OutcomeState} outcome=${conversation.lastOutcome} />
          </p>
        </div>
        <${Actions} conversation=${conversation} remove=${remove} />
      </div>
      <${Marks} conversation=${conversation} key=${conversation.id} />
      <div class="talk-body">
        ${messages.map(
          (message) => html`<${MessageView}
            key=${message.id}
            message=${message}
            mayOpen=${mayOpen}
            chosen=${message.id === shown?.id}
            opensSheet=${!beside}
            explain=${answers.includes(message) ? () => setChosen(message.id) : null}
          />`,
        )}
      </div>
    </div>
    ${report && beside && html`<${Inspector} key=${report.answer.id} ...${report} />`}
    ${report && !beside && html`<${InspectorSheet} key=${report.answer.id} ...${report} close=${() => setChosen(null)} />`}
  </div>`;
}

function titleOf({ conversation }: ConversationDetail): string {
  return conversation.title ?? "Nothing asked yet";
}
