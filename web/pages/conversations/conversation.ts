import { html } from "htm/preact";
import { Trash2 } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { ConversationDetail } from "../../../src/protocol/admin-api/conversations.ts";
import { getConversation } from "../../api/conversations.ts";
import { Button } from "../../components/button.ts";
import { Crumbs, Page, useTitle } from "../../components/page.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { shortUrl } from "../../format.ts";
import { removeWithUndo } from "../../state/conversations.ts";
import { onFrame } from "../../state/live.ts";
import { NO_ROOM_BESIDE, useMedia } from "../../state/media.ts";
import { useResource } from "../../state/resource.ts";
import { follow, hrefAsLeft, route } from "../../state/router.ts";
import { visitorName } from "./conversations.ts";
import { Inspector, InspectorSheet } from "./inspector.ts";
import { MessageView } from "./message.ts";
import { useOpenable } from "./openable.ts";
import { OutcomeState } from "./outcome.ts";

const BACK = { label: "Conversations", page: "conversations" };

/** The transcript at reading size, and beside it how the chosen answer came about. */
export function ConversationPage({ id }: { id: string }) {
  const { value, error, slow, reload } = useResource(`conversation/${id}`, (abort) =>
    getConversation(id, abort),
  );
  useEffect(
    () =>
      onFrame((frame) => {
        if (frame.type === "conversation" && frame.conversation.id === id && !frame.removed) reload();
      }),
    [id, reload],
  );
  if (value) return html`<${Transcript} detail=${value} />`;
  return html`<${Page} title="Conversation" crumbs=${BACK}>
    ${error && html`<${Failed} what="This conversation could not be opened" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${9} />`}
  <//>`;
}

function Transcript({ detail }: { detail: ConversationDetail }) {
  const { conversation, messages } = detail;
  const answers = messages.filter(
    (message) => message.role === "assistant" && message.status !== "streaming",
  );
  const [chosen, setChosen] = useState(() => route.peek().query.get("answer"));
  // Beside the transcript there is always one; where there is no room for both, one is asked for.
  const isBeside = !useMedia(NO_ROOM_BESIDE);
  const asked = answers.find((answer) => answer.id === chosen) ?? null;
  const shown = asked ?? (isBeside ? (answers.at(-1) ?? null) : null);
  const report = shown && { conversation: conversation.id, answer: shown };
  const mayOpen = useOpenable(messages);
  const title = conversation.title ?? "Nothing asked yet";
  useTitle(title);
  const remove = () => {
    follow(hrefAsLeft(BACK.page));
    void removeWithUndo(conversation);
  };

  return html`<div class="split">
    <div class="talk">
      <${Crumbs} ...${BACK} here=${visitorName(conversation)} />
      <div class="talk-head">
        <div>
          <h1>${title}</h1>
          <p class="hint row">
            ${conversation.page?.url && html`<span>${shortUrl(conversation.page.url)}</span>`}
            <${Ago} at=${conversation.updatedAt} />
            <${OutcomeState} outcome=${conversation.lastOutcome} />
          </p>
        </div>
        <span class="push"><${Button} icon=${Trash2} kind="quiet" onClick=${remove}>Delete<//></span>
      </div>
      <div class="talk-body">
        ${messages.map(
          (message) => html`<${MessageView}
            key=${message.id}
            message=${message}
            mayOpen=${mayOpen}
            chosen=${message.id === shown?.id}
            opensSheet=${!isBeside}
            explain=${answers.includes(message) ? () => setChosen(message.id) : null}
          />`,
        )}
      </div>
    </div>
    ${report && isBeside && html`<${Inspector} key=${report.answer.id} ...${report} />`}
    ${report && !isBeside && html`<${InspectorSheet} key=${report.answer.id} ...${report} close=${() => setChosen(null)} />`}
  </div>`;
}
