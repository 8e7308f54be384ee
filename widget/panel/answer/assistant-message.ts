import { html } from "htm/preact";
import { useMemo, useState } from "preact/hooks";
import { useCell } from "../cell.ts";
import type { Message } from "../conversation.ts";
import { fill } from "../i18n/texts.ts";
import { Icon } from "../views/icons.ts";
import { Trouble } from "../views/trouble.ts";
import { useView } from "../views/view.ts";
import type { OpenPassage } from "./answer-text.ts";
import { closeOnEscape, Passage, SourceList } from "./passage.ts";
import { useSmoothText } from "./smooth-text.ts";

const COPIED_FOR_MS = 2_000;

export type AssistantMessageProps = { message: Message; isLast: boolean };

export function AssistantMessage({ message, isLast }: AssistantMessageProps) {
  const { texts, language, chat, config, answers, ownHosts } = useView();
  const [open, setOpen] = useState<OpenPassage>(null);
  const {
    content,
    status,
    citations,
    nearest,
    tools,
    live,
    failure,
    followUps,
    smallTalk,
    lookup,
    confirmations,
  } = message;
  const shown = useSmoothText(content, live);
  const writing = status === "streaming" || shown.length < content.length;
  const kit = useCell(answers.tools);
  const cards = useCell(answers.cards);
  const blocks = useMemo(() => kit?.parseAnswer(shown, writing) ?? [], [kit, shown, writing]);
  const text = kit
    ? kit.answerText({ html, Passage, texts, ownHosts, blocks, citations, writing, open, setOpen })
    : html`<p>${shown}</p>`;
  const isOwn = status === "interrupted" && chat.wasStopped(message);
  const settled = !writing && (status === "complete" || status === "interrupted");
  return html`<div class="line assistant" data-status=${writing ? "streaming" : status}>
    <span class="sr">${config.displayName}:</span>
    ${tools.map(({ name, label }) => html`<div class="fold" key=${name}><${Icon} name="tool" /><span dir="auto">${label}</span></div>`)}
    ${content !== "" && html`<div class="answer" dir="auto" onKeyDown=${closeOnEscape(open && (() => setOpen(null)))}>${text}</div>`}
    ${!writing && status === "interrupted" && html`<${Trouble} message=${message} text=${isOwn ? texts.stopped : texts.interrupted} isOwn=${isOwn} />`}
    ${!writing && status === "failed" && html`<${Trouble} message=${message} text=${failure?.message || texts.failed} />`}
    ${settled && content !== "" && citations.length > 0 && html`<${SourceList} title=${null} citations=${citations} />`}
    ${settled && nearest.length > 0 && html`<${SourceList} title=${texts.nearest} citations=${nearest} />`}
    ${!writing && confirmations.map((confirmation) => cards?.confirmCard({ html, fill, language, confirmation, answer: (accept) => chat.confirm(confirmation, accept) }))}
    ${settled && isLast && lookup && cards?.lookupForm({ html, language, lookup, send: chat.fillIn })}
    ${settled && status === "complete" && !smallTalk && html`<${Actions} message=${message} isLast=${isLast} />`}
    ${settled && isLast && followUps.length > 0 && html`<div class="asks after">${followUps.map((question) => html`<button type="button" class="ask" key=${question} dir="auto" onClick=${() => chat.send(question)}>${question}</button>`)}</div>`}
  </div>`;
}

function Actions({ message, isLast }: { message: Message; isLast: boolean }) {
  const { texts, chat, answers } = useView();
  const [copied, setCopied] = useState(false);
  const copy = async (event: Event) => {
    const button = event.currentTarget as HTMLElement;
    if (!(await answers.tools.value?.copyText(message.content, button))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_FOR_MS);
  };
  const thumb = (
    rating: "helpful" | "unhelpful",
    icon: string,
    label: string,
  ) => html`<button type="button" class="act"
    aria-pressed=${String(message.rating === rating)} aria-label=${label} title=${label} onClick=${() => chat.rate(message, rating)}><${Icon} name=${icon} /></button>`;
  return html`<div class=${message.rating || copied ? "acts on" : "acts"}>
    ${thumb("helpful", "up", texts.helpful)}${thumb("unhelpful", "thumbDown", texts.unhelpful)}
    <button type="button" class="act" aria-label=${texts.copy} title=${texts.copy} onClick=${copy}><${Icon} name=${copied ? "check" : "copy"} />${copied && html`<span role="status">${texts.copied}</span>`}</button>
    ${isLast && html`<button type="button" class="act" aria-label=${texts.retry} title=${texts.retry} onClick=${() => chat.retry(message)}><${Icon} name="retry" /></button>`}
  </div>`;
}
