import { html } from "htm/preact";
import { ThumbsDown, ThumbsUp } from "lucide";
import { useState } from "preact/hooks";
import type { AdminMessageView } from "../../../src/protocol/admin-api/conversations.ts";
import { Icon } from "../../components/icon.ts";
import { place } from "../../components/place.ts";
import { clockTime, count, exactTime } from "../../format.ts";
import { href } from "../../state/router.ts";
import { Markdown } from "./markdown.ts";
import { ResultTable } from "./result-table.ts";

type Citation = AdminMessageView["citations"][number];
type Confirmation = AdminMessageView["confirmations"][number];
type PassageCitation = AdminMessageView["nearest"][number];
type ToolCitation = Exclude<Citation, PassageCitation>;
type MessageProps = {
  message: AdminMessageView;
  mayOpen: (url: URL) => boolean;
  /** Whether the inspector shows this answer. */
  chosen: boolean;
  /** Whether "Why this answer" opens over the page. */
  opensSheet: boolean;
  explain: (() => void) | null;
  /** What a question does that the answer offers to go on with; nothing unless given. */
  goOn?: (question: string) => void;
};

/** One message of a transcript: the visitor's on the right, the assistant's as plain text with its sources. */
export function MessageView({ message, mayOpen, chosen, opensSheet, explain, goOn }: MessageProps) {
  const [opened, setOpened] = useState<number | null>(null);
  if (message.role === "user") {
    return html`<div class="line visitor">
      <div class="message" title=${exactTime(message.createdAt)}>${message.content}</div>
    </div>`;
  }
  const cite = (n: number) => {
    if (!message.citations.some((citation) => citation.n === n)) return null;
    const toggle = () => setOpened(opened === n ? null : n);
    return html`<button class="cite" type="button" aria-label=${`Source ${n}`} aria-expanded=${opened === n} onClick=${toggle}>${n}</button>`;
  };
  const cited = message.citations.find((citation) => citation.n === opened);
  return html`<div class=${`line assistant ${chosen ? "chosen" : ""}`}>
    <div class="message">
      <${Markdown} text=${message.content} options=${{ cite, mayOpen }} />
      ${cited && html`<${Opened} citation=${cited} />`}
      ${message.abstained && message.nearest.length > 0 && html`<${Nearest} nearest=${message.nearest} />`}
      ${message.confirmations.map((each) => html`<${Confirmation} key=${each.call} confirmation=${each} />`)}
      ${message.followUps.length > 0 && html`<${Offered} questions=${message.followUps} goOn=${goOn} />`}
      <div class="message-foot">
        <time datetime=${message.createdAt} title=${exactTime(message.createdAt)}>${clockTime(message.createdAt)}</time>
        <${Ending} message=${message} />
        ${
          explain &&
          html`<button
            class="link"
            type="button"
            aria-pressed=${opensSheet ? undefined : chosen}
            aria-haspopup=${opensSheet ? "dialog" : undefined}
            onClick=${explain}
          >
            Why this answer
          </button>`
        }
      </div>
    </div>
  </div>`;
}

/** A visitor has buttons for them. */
function Offered({ questions, goOn }: { questions: string[]; goOn: MessageProps["goOn"] }) {
  if (goOn) {
    return html`<div class="starters" role="group" aria-label="Offered to go on with">
      ${questions.map((question) => html`<button class="chip" type="button" key=${question} onClick=${() => goOn(question)}><bdi>${question}</bdi></button>`)}
    </div>`;
  }
  return html`<ul class="offered hint" aria-label="Offered to go on with">
    ${questions.map((question) => html`<li key=${question}>${question}</li>`)}
  </ul>`;
}

function Opened({ citation }: { citation: Citation }) {
  return citation.kind === "tool"
    ? html`<${Rows} citation=${citation} />`
    : html`<${Passage} citation=${citation} />`;
}

function Passage({ citation }: { citation: PassageCitation }) {
  return html`<aside class="opened">
    <div class="row">
      <a class="strong" href=${href("knowledge", citation.source)}>${citation.title}</a>
      <span class="hint">${place(citation)}</span>
    </div>
    <p class="passage">${citation.text}</p>
  </aside>`;
}

const CONFIRMED: Record<Confirmation["state"], { dot: string; words: string }> = {
  pending_confirmation: { dot: "run", words: "Waits for the visitor's confirmation" },
  started: { dot: "run", words: "Confirmed, under way" },
  done: { dot: "good", words: "Confirmed and done" },
  failed: { dot: "bad", words: "Confirmed, and failed" },
  unknown: { dot: "warn", words: "Confirmed; whether it was done is not known, and it is not tried again" },
  declined: { dot: "", words: "Declined" },
  expired: { dot: "", words: "Not confirmed in time" },
};

/** A call that changes something, as its visitor was asked to confirm it. */
function Confirmation({ confirmation }: { confirmation: Confirmation }) {
  const { label, tool, words, state } = confirmation;
  const { dot, words: told } = CONFIRMED[state];
  return html`<aside class="opened">
    <div class="row"><span class="strong">${label}</span><span class="hint mono">${tool}</span></div>
    <dl class="pairs">${words.map((word) => html`<dt key=${word.label}>${word.label}</dt><dd>${word.value}</dd>`)}</dl>
    <p><span class="state"><span class=${`dot ${dot}`}></span>${told}</span></p>
  </aside>`;
}

/** What a look-up gave, as it was then. */
function Rows({ citation }: { citation: ToolCitation }) {
  const { label, tool, statement, columns, rows, truncated, at } = citation;
  return html`<aside class="opened">
    <div class="row">
      <span class="strong">${label}</span>
      <span class="hint"><span class="mono">${tool}</span> · <time datetime=${at} title=${exactTime(at)}>${clockTime(at)}</time></span>
    </div>
    <${ResultTable} columns=${columns} rows=${rows} label=${label} />
    ${statement !== undefined && html`<p class="statement mono" dir="ltr">${statement}</p>`}
    ${truncated && html`<p class="hint">The first ${count(rows.length, "row")}</p>`}
  </aside>`;
}

function Nearest({ nearest }: { nearest: PassageCitation[] }) {
  return html`<p class="hint">
    Nearest: ${nearest.map(
      (citation, at) =>
        html`${at > 0 && ", "}<a href=${href("knowledge", citation.source)}>${citation.title}</a>`,
    )}
  </p>`;
}

/** How an answer ended, where that is not simply "well". */
function Ending({ message }: { message: AdminMessageView }) {
  const { status, abstained, smallTalk, rating, errorCode } = message;
  return html`${status === "failed" && html`<span class="state"><span class="dot bad"></span>Failed ${errorCode && html`<span class="mono">${errorCode}</span>`}</span>`}
  ${status === "interrupted" && html`<span class="state"><span class="dot"></span>Stopped before the end</span>`}
  ${status === "streaming" && html`<span class="state"><span class="dot run"></span>Being written</span>`}
  ${abstained && html`<span class="state"><span class="dot warn"></span>Found nothing</span>`}
  ${smallTalk && html`<span class="state"><span class="dot"></span>Small talk</span>`}
  ${rating === "helpful" && html`<${Icon} of=${ThumbsUp} label="Rated helpful" />`}
  ${rating === "unhelpful" && html`<${Icon} of=${ThumbsDown} label="Rated unhelpful" />`}`;
}
