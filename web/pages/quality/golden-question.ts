import { html } from "htm/preact";
import { Pencil, Search, Trash2 } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import type { GoldenQuestionView, OutcomeView } from "../../../src/protocol/admin-api/evals.ts";
import { getGoldenQuestion } from "../../api/evals.ts";
import { Button } from "../../components/button.ts";
import { Note } from "../../components/note.ts";
import { Page } from "../../components/page.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { openTryPanel, writeQuestion } from "../../state/dialogs.ts";
import { changedQuestions, removeQuestion } from "../../state/evals.ts";
import { onFrame } from "../../state/live.ts";
import { useResource } from "../../state/resource.ts";
import { follow, href, hrefAsLeft } from "../../state/router.ts";
import { inUnit } from "./figures.ts";
import { DotWords, QuestionState, verdictOf } from "./verdict.ts";

const BACK = { label: "Quality", page: "quality" };

/** One golden question: what should be found, and what the last run found instead or besides. */
export function GoldenQuestionPage({ id }: { id: string }) {
  const { value, error, slow, reload } = useResource(`golden/${id}`, (abort) => getGoldenQuestion(id, abort));
  const saved = changedQuestions.value;
  const shown = useRef(saved);
  useEffect(() => {
    if (shown.current === saved) return;
    shown.current = saved;
    reload();
  }, [saved, reload]);
  useEffect(
    () =>
      onFrame(
        (frame) =>
          frame.type === "job" && frame.job.kind === "evaluate" && isOver(frame.job.state) && reload(),
      ),
    [reload],
  );
  if (!value) {
    return html`<${Page} title="Golden question" crumbs=${BACK}>
      ${error && html`<${Failed} what="This question could not be opened" error=${error} retry=${reload} />`}
      ${slow && html`<${BoneText} lines=${6} />`}
    <//>`;
  }
  return html`<${Page} title=${value.text} crumbs=${BACK} actions=${html`<${Actions} question=${value} />`}>
    <div class="stack quality">
      <${Facts} question=${value} />
      <${Attention} question=${value} />
      <${Expected} question=${value} />
      ${value.outcome && html`<${Found} outcome=${value.outcome} />`}
    </div>
  <//>`;
}

const isOver = (state: string) => state !== "queued" && state !== "running";

function Actions({ question }: { question: GoldenQuestionView }) {
  const { id, text, expected } = question;
  const edit = () =>
    writeQuestion({ id, text, expected, answer: expected.length > 0 ? "sources" : "nothing" });
  const remove = () => {
    follow(hrefAsLeft(BACK.page));
    void removeQuestion(question);
  };
  return html`<${Button} icon=${Search} onClick=${() => openTryPanel(text)}>Try it<//>
    <${Button} icon=${Pencil} onClick=${edit}>Change<//>
    <${Button} icon=${Trash2} kind="danger" onClick=${remove}>Delete<//>`;
}

function Facts({ question }: { question: GoldenQuestionView }) {
  const { outcome, createdAt } = question;
  return html`<dl class="facts num">
    <div><dt>Last outcome</dt><dd><${QuestionState} question=${question} /></dd></div>
    ${
      outcome &&
      outcome.verdict !== "skipped" &&
      html`<div><dt>Best passage</dt><dd>${inUnit(outcome.relevance, "share")} likely to answer</dd></div>
        <div><dt>The search took</dt><dd>${inUnit(outcome.ms, "ms")}</dd></div>`
    }
    <div><dt>Added</dt><dd><${Ago} at=${createdAt} /></dd></div>
  </dl>`;
}

/** What to do, where something is to be done. */
function Attention({ question }: { question: GoldenQuestionView }) {
  const { expected, outcome } = question;
  if (expected.some(({ gone }) => gone)) {
    const left = expected.some(({ gone }) => !gone);
    return html`<${Note} tone="warn">
      A source that should be found is deleted. ${left ? "The question is measured with the others." : "The question is left out of the numbers."}
      ${" "}Change what should be found, or delete the question.
    <//>`;
  }
  if (!outcome)
    return html`<${Note}>This question was not asked since it was added or changed. Run the questions to see what is found.<//>`;
  const { dot, advice } = verdictOf(outcome);
  return html`<${Note} tone=${dot}>${advice}<//>`;
}

function Expected({ question: { expected } }: { question: GoldenQuestionView }) {
  return html`<section class="sheet">
    <header><h2>Should be found</h2></header>
    ${
      expected.length === 0
        ? html`<p class="pad">Nothing. No document answers this, and Parley should say so.</p>`
        : html`<ul class="rows">
            ${expected.map(
              ({ source, title, passage, gone }) => html`<li key=${source}>
                ${gone ? html`<span>${title}</span>` : html`<a href=${href("knowledge", source)}>${title}</a>`}
                ${gone ? html`<${DotWords} dot="warn" words="deleted" />` : html`<span></span>`}
                ${passage && html`<span class="sub">in a passage with “${passage}”</span>`}
              </li>`,
            )}
          </ul>`
    }
  </section>`;
}

function Found({ outcome }: { outcome: OutcomeView }) {
  const { top, rank, verdict } = outcome;
  if (verdict === "skipped") return null;
  return html`<section class="sheet">
    <header>
      <h2>Was found</h2>
      <span class="hint">with how likely it is to answer; below the threshold a visitor is told that nothing was found</span>
    </header>
    ${top.length === 0 && html`<p class="pad">Nothing at all: no passage shares a word with the question.</p>`}
    <ol class="rows found">
      ${top.map(
        (each, at) => html`<li key=${`${each.source}${each.right}`}>
          <span><span class="place num">${at + 1}</span> <a href=${href("knowledge", each.source)}>${each.title}</a></span>
          <span class="row">
            ${each.right && html`<${DotWords} dot="good" words="right" />`}
            <span class="num soft">${inUnit(each.relevance, "share")}</span>
          </span>
        </li>`,
      )}
    </ol>
    ${rank !== null && rank > top.length && html`<p class="pad soft">The right source stands in place ${rank}.</p>`}
  </section>`;
}
