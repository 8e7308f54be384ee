import { html } from "htm/preact";
import { CornerDownLeft, SearchX, X } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SearchHitView } from "../../src/protocol/admin-api/knowledge.ts";
import { type ApiError, asApiError, isAbort } from "../api/client.ts";
import { searchKnowledge } from "../api/knowledge.ts";
import { getWidget } from "../api/widget.ts";
import { tryPanel, writeQuestion } from "../state/dialogs.ts";
import { useResource, useSlow } from "../state/resource.ts";
import { href } from "../state/router.ts";
import { tenantId } from "../state/session.ts";
import { Button, IconButton } from "./button.ts";
import { Modal } from "./modal.ts";
import { Note } from "./note.ts";
import { ScoreLegend, type Scores, scoreText, stepsOf, verdict } from "./scores.ts";
import { BoneText, Empty, Failed } from "./states.ts";

const PASSAGES = 10;

const close = () => {
  tryPanel.value = null;
};

/** "Try a question": what Parley would find, before any model has a say in it. */
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
  const [found, setFound] = useState<SearchHitView[] | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [round, setRound] = useState(0);
  const waiting = asked !== "" && found === null && error === null;
  const slow = useSlow(waiting);
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (!asked) return;
    const controller = new AbortController();
    setFound(null);
    setError(null);
    searchKnowledge(asked, PASSAGES, controller.signal).then(
      ({ items }) => setFound(items),
      (thrown) => !isAbort(thrown) && setError(asApiError(thrown)),
    );
    return () => controller.abort();
  }, [asked, round]);

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
        <${Button} small kind="quiet" type="submit" icon=${CornerDownLeft}>Find<//>
      </div>
    </form>
    <div aria-live="polite" aria-busy=${waiting}>
      ${!asked && html`<${Beginning} choose=${choose} />`}
      ${slow && html`<${BoneText} lines=${6} />`}
      ${error && html`<${Failed} what="The search failed" error=${error} retry=${() => setRound(round + 1)} />`}
      ${found && found.length === 0 && html`<${NothingFound} question=${asked} />`}
      ${found && found.length > 0 && html`<${Found} hits=${found} question=${asked} />`}
    </div>
  </div>`;
}

/** Nothing asked yet: what one will see, and the questions that the widget suggests to begin with. */
function Beginning({ choose }: { choose: (question: string) => void }) {
  const { value } = useResource(`suggestions/${tenantId.value}`, getWidget);
  const questions = value?.suggestedQuestions ?? [];
  return html`<p class="hint">Shows the passages an answer would be made from, best first, and where they stand.</p>
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

function NothingFound({ question }: { question: string }) {
  const save = () => writeQuestion({ text: question, answer: "nothing" });
  const actions = html`<${Button} small onClick=${save}>Save as golden question<//>`;
  return html`<${Empty} icon=${SearchX} title="Nothing answers this" actions=${actions}>
    A visitor would be told so. Add a document that says it, or ask with words the documents use.
  <//>`;
}

/** Every candidate, best first, as a turn would judge it. */
function Found({ hits, question }: { hits: SearchHitView[]; question: string }) {
  const steps = stepsOf(hits.map(scoresOf));
  return html`<${ScoreLegend} steps=${steps} />
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

type Place = { title?: string; headingPath?: string[] | undefined; page?: number | null | undefined };

/** Where a passage stands: "Hotels › Limits · p. 6", without the title that documents often begin with. */
export function place({ title, headingPath = [], page }: Place): string {
  const headings = headingPath.filter((heading) => heading !== title);
  return [headings.join(" › "), page ? `p. ${page}` : ""].filter(Boolean).join(" · ");
}
