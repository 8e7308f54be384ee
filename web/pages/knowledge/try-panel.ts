import { html } from "htm/preact";
import { CornerDownLeft, SearchX, X } from "lucide";
import { useRef, useState } from "preact/hooks";
import type { TriedAnswer } from "../../../src/protocol/admin-api/conversations.ts";
import type { SearchHitView } from "../../../src/protocol/admin-api/knowledge.ts";
import { searchKnowledge, tryQuestion } from "../../api/knowledge.ts";
import { getWidget } from "../../api/widget.ts";
import { Button, IconButton } from "../../components/button.ts";
import { Modal } from "../../components/modal.ts";
import { Note } from "../../components/note.ts";
import { place } from "../../components/place.ts";
import { ScoreLegend, type Scores, scoreText, stepsOf, verdict } from "../../components/scores.ts";
import { BoneText, Empty, Failed } from "../../components/states.ts";
import { tryPanel, writeQuestion, writeSynonym } from "../../state/dialogs.ts";
import { type Resource, useResource } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { MessageView } from "../conversations/message.ts";
import { useOpenable } from "../conversations/openable.ts";

const PASSAGES = 10;

const close = () => {
  tryPanel.value = null;
};

/** "Try a question": what a visitor would be answered, and what was found for it. */
export function TryPanel() {
  const request = tryPanel.value;
  if (!request) return null;
  return html`<${Modal} className="drawer" label="Try a question" onClose=${close}>
    <header>
      <h2>Try a question</h2>
      <span class="push"><${IconButton} icon=${X} label="Close" onClick=${close} /></span>
    </header>
    <${TryBody} first=${request.question} />
  <//>`;
}

function TryBody({ first }: { first: string }) {
  const [question, setQuestion] = useState(first);
  const [asked, setAsked] = useState(first);
  const [round, setRound] = useState(0);
  const field = useRef<HTMLInputElement>(null);

  const submit = (event: Event) => {
    event.preventDefault();
    setAsked(question.trim());
    setRound(round + 1);
  };

  const choose = (suggested: string) => {
    setQuestion(suggested);
    setAsked(suggested);
    // The button that had the focus goes away with the suggestions.
    field.current?.focus();
  };

  return html`<div class="drawer-body">
    <form onSubmit=${submit}>
      <div class="input-box">
        <input
          ref=${field}
          autofocus
          aria-label="Question"
          placeholder="Ask as a visitor would"
          value=${question}
          onInput=${(event: InputEvent) => setQuestion((event.currentTarget as HTMLInputElement).value)}
        />
        <${Button} small kind="quiet" type="submit" icon=${CornerDownLeft}>Ask<//>
      </div>
    </form>
    ${asked ? html`<${Asked} key=${`${round}/${asked}`} question=${asked} goOn=${choose} />` : html`<${Beginning} choose=${choose} />`}
  </div>`;
}

/** The answer above the passages, each as soon as it is there: a model takes its time. */
function Asked({ question, goOn }: { question: string; goOn: (question: string) => void }) {
  const tenant = tenantId.value;
  const tried = useResource(`tried/${tenant}`, (abort) => tryQuestion(question, abort));
  const found = useResource(`found/${tenant}`, (abort) => searchKnowledge(question, PASSAGES, abort));
  const hits = found.value?.items ?? [];
  const isWaiting = (each: Pick<Resource<unknown>, "value" | "error">) =>
    each.value === null && each.error === null;
  return html`<section class="tried" aria-label="What a visitor would get" aria-live="polite" aria-busy=${isWaiting(tried)}>
      <h3>What a visitor would get</h3>
      ${tried.slow && html`<${BoneText} lines=${3} />`}
      ${tried.error && html`<${Failed} what="The answer could not be tried" error=${tried.error} retry=${tried.reload} />`}
      ${tried.value && html`<${Tried} tried=${tried.value} goOn=${goOn} />`}
    </section>
    ${
      !tried.value?.answer.smallTalk &&
      html`<section aria-label="Passages" aria-live="polite" aria-busy=${isWaiting(found)}>
        ${found.slow && html`<${BoneText} lines=${6} />`}
        ${found.error && html`<${Failed} what="The search failed" error=${found.error} retry=${found.reload} />`}
        ${found.value && hits.length === 0 && html`<${NothingFound} question=${question} />`}
        ${hits.length > 0 && html`<${Found} hits=${hits} question=${question} />`}
      </section>`
    }`;
}

/** Nothing asked yet: what one will see, and the questions that the widget suggests to begin with. */
function Beginning({ choose }: { choose: (question: string) => void }) {
  const { value } = useResource(`suggestions/${tenantId.value}`, getWidget);
  const questions = value?.suggestedQuestions ?? [];
  return html`<p class="hint">Shows the answer that a visitor would get, and the passages that were considered for it, best first. Nothing is stored.</p>
    ${
      questions.length > 0 &&
      html`<div class="starters" role="group" aria-label="Questions that the widget suggests">
        ${questions.map(
          (question) =>
            html`<button class="chip" type="button" key=${question} onClick=${() => choose(question)}>${question}</button>`,
        )}
      </div>`
    }`;
}

function Tried({ tried: { answer, trace }, goOn }: { tried: TriedAnswer; goOn: (question: string) => void }) {
  const mayOpen = useOpenable([answer]);
  const { reason } = trace.outcome;
  return html`<${MessageView}
      message=${answer}
      mayOpen=${mayOpen}
      chosen=${false}
      opensSheet=${false}
      explain=${null}
      goOn=${goOn}
    />
    ${reason && (answer.status === "complete" ? html`<p class="hint">${reason}</p>` : html`<${Note} tone="bad">${reason}<//>`)}`;
}

function NothingFound({ question }: { question: string }) {
  const save = () => writeQuestion({ text: question, answer: "nothing" });
  const actions = html`<${Button} small onClick=${() => writeSynonym()}>Add synonym<//>
    <${Button} small onClick=${save}>Save as golden question<//>`;
  return html`<${Empty} icon=${SearchX} title="Nothing answers this" actions=${actions}>
    A visitor would be told so. Add a document that says it, or a synonym where the documents have another word for it.
  <//>`;
}

/** Every candidate, best first, as a turn would judge it. */
function Found({ hits, question }: { hits: SearchHitView[]; question: string }) {
  const steps = stepsOf(hits.map(scoresOf));
  return html`<h3>Passages</h3>
    <${ScoreLegend} steps=${steps} />
    ${!hits.some(({ kept }) => kept) && html`<${Note}>None is near enough: a visitor would be told that nothing was found.<//>`}
    <ol class="hits">
      ${hits.map((hit, at) => html`<${Hit} key=${hit.chunk} hit=${hit} at=${at + 1} steps=${steps} question=${question} />`)}
    </ol>`;
}

type HitProps = { hit: SearchHitView; at: number; steps: ReturnType<typeof stepsOf>; question: string };

function Hit({ hit, at, steps, question }: HitProps) {
  const scores = scoresOf(hit);
  const expected = [{ source: hit.source, title: hit.title, passage: null, gone: false }];
  const save = () => writeQuestion({ text: question, expected, answer: "sources" });
  return html`<li class=${hit.kept ? "" : "out"}>
    <div class="hit-head">
      <span class="cite">${at}</span>
      <a class="plain strong clip" href=${href("knowledge", hit.source)} onClick=${close}>${hit.title}</a>
    </div>
    <p class="hint">${place(hit)}</p>
    <dl class="scores num">
      ${steps.map((step) => html`<div key=${step.name}><dt>${step.label}</dt><dd>${scoreText(scores, step)}</dd></div>`)}
    </dl>
    <p class="hint verdict"><span class=${`dot ${hit.kept ? "good" : ""}`}></span><span>${verdict(hit)}</span></p>
    <p class="passage">${hit.text}</p>
    <p>
      <button class="link hint" type="button" title=${`“${hit.title}” answers this question: measure whether it is found`} onClick=${save}>
        Save as golden question
      </button>
    </p>
  </li>`;
}

function scoresOf({ lexical, dense, fused, rerank, score }: SearchHitView): Scores {
  return { lexical, dense, fused, rerank, relevance: score };
}
