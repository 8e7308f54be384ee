import { html } from "htm/preact";
import { MessageCircleQuestionMark } from "lucide";
import { useEffect } from "preact/hooks";
import type { Dashboard } from "../../src/protocol/admin-api/dashboard.ts";
import { getDashboard } from "../api/dashboard.ts";
import { Button } from "../components/button.ts";
import { Checklist } from "../components/checklist.ts";
import { Page } from "../components/page.ts";
import { Sparkline } from "../components/sparkline.ts";
import { Bone, BoneText, Empty, Failed } from "../components/states.ts";
import { duration, number, share } from "../format.ts";
import { openTryPanel, writeQuestion } from "../state/dialogs.ts";
import { liveEpoch, onFrame } from "../state/live.ts";
import { useResource } from "../state/resource.ts";
import { href } from "../state/router.ts";
import { tenant, tenantId } from "../state/session.ts";

/** Frames come in bursts while files are read; the numbers follow at this pace. */
const FOLLOW_MS = 1000;

export function HomePage() {
  const { value, error, slow, reload } = useResource(`home/${tenantId.value}`, getDashboard);
  useFollow(reload);
  return html`<${Page}
    title="Home"
    about=${`How Parley is doing for the people at ${tenant.value?.name ?? "your organisation"}.`}
    actions=${html`<${Button} kind="primary" onClick=${() => openTryPanel()}>Try a question<//>`}
  >
    ${error && !value && html`<${Failed} what="The overview could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${HomeBones} />`} ${value && html`<${Overview} dashboard=${value} />`}
  <//>`;
}

/** Anything that happens may tick off a step or change a number. */
function useFollow(reload: () => void): void {
  const epoch = liveEpoch.value;
  useEffect(() => {
    if (epoch > 0) reload();
  }, [epoch, reload]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onFrame((frame) => {
      if (frame.type !== "source" && frame.type !== "conversation") return;
      timer ??= setTimeout(() => {
        timer = undefined;
        reload();
      }, FOLLOW_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [reload]);
}

function Overview({ dashboard }: { dashboard: Dashboard }) {
  const { week, unanswered, checklist } = dashboard;
  return html`<div class="stack home">
    <${Checklist} checklist=${checklist} />
    ${week.conversations > 0 && html`<${Week} week=${week} />`}
    ${(unanswered.length > 0 || week.questions > 0) && html`<${Unanswered} unanswered=${unanswered} />`}
  </div>`;
}

function Week({ week }: { week: Dashboard["week"] }) {
  const decided = week.answered + week.abstained + week.failed;
  return html`<section aria-label="The last seven days">
    <h2 class="section-title">The last seven days</h2>
    <div class="strip num">
      <${Figure} label="Questions" value=${number(week.questions)} note="one point a day">
        <${Sparkline} values=${week.questionsByDay} label="Questions a day" />
      <//>
      <${Figure} label="Conversations" value=${number(week.conversations)} note=${perConversation(week)} />
      <${Figure}
        label="Answered from sources"
        value=${share(week.answered, decided)}
        note=${`${number(week.abstained)} found nothing, ${number(week.failed)} failed`}
      />
      <${Figure}
        label="First word after"
        value=${week.firstTokenMsP50 === null ? "–" : duration(week.firstTokenMsP50)}
        note="half of the answers are faster"
      />
    </div>
  </section>`;
}

function perConversation(week: Dashboard["week"]): string {
  return `${(week.questions / Math.max(1, week.conversations)).toFixed(1)} questions in each`;
}

function Figure(props: { label: string; value: string; note: string; children?: unknown }) {
  return html`<div>
    <span class="hint">${props.label}</span>
    <b>${props.value}</b>
    <span class="hint">${props.note}</span>
    ${props.children}
  </div>`;
}

function Unanswered({ unanswered }: { unanswered: Dashboard["unanswered"] }) {
  return html`<section class="sheet">
    <header>
      <h2>Questions that found nothing</h2>
      <span class="hint">a document that answers one, answers it for everybody</span>
    </header>
    ${
      unanswered.length === 0
        ? html`<${Empty} icon=${MessageCircleQuestionMark} title="Every question found something">
            What nobody's documents answer is listed here.
          <//>`
        : html`<ul class="rows">
            ${unanswered.map(
              (each) => html`<li key=${each.conversation + each.question}>
                <a class="plain" href=${href("conversations", each.conversation)}>${each.question}</a>
                <${Button} small onClick=${() => openTryPanel(each.question)}>Try it<//>
                <span class="sub row">
                  <span>${each.nearest ? `nearest: ${each.nearest}` : "nothing near"}</span>
                  <button class="link" type="button" onClick=${() => writeQuestion({ text: each.question })}>Save as golden question</button>
                </span>
              </li>`,
            )}
          </ul>`
    }
  </section>`;
}

function HomeBones() {
  return html`<div class="stack home" aria-label="Loading" role="status">
    <section class="sheet pad-all"><${BoneText} lines=${4} /></section>
    <div class="strip">
      ${[0, 1, 2, 3].map((at) => html`<div key=${at}><${Bone} width="60%" /><p><${Bone} width="40%" height=${24} /></p></div>`)}
    </div>
    <section class="sheet pad-all"><${BoneText} lines=${5} /></section>
  </div>`;
}
