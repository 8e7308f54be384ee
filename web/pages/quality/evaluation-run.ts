import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import type { EvaluationRunView, RunComparisonView } from "../../../src/protocol/admin-api/evals.ts";
import { compareRun } from "../../api/evals.ts";
import { Note } from "../../components/note.ts";
import { Page } from "../../components/page.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { count, moment } from "../../format.ts";
import { openRuns, runs } from "../../state/evals.ts";
import { useResource } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { Figures } from "./figures.ts";
import { searchedWith } from "./last-run.ts";
import { DotWords, verdictOf } from "./verdict.ts";

const BACK = { label: "Quality", page: "quality" };

/** One run beside another: the numbers, and which questions got better or worse. */
export function EvaluationRunPage({ id }: { id: string }) {
  const [former, setFormer] = useState<string | null>(null);
  const { value, error, slow, reload } = useResource(`run/${id}/${former}`, (abort) =>
    compareRun(id, former, abort),
  );
  const tenant = tenantId.value;
  useEffect(() => openRuns(tenant), [tenant]);
  if (!value) {
    return html`<${Page} title="Run" crumbs=${BACK}>
      ${error && html`<${Failed} what="This run could not be opened" error=${error} retry=${reload} />`}
      ${slow && html`<${BoneText} lines=${8} />`}
    <//>`;
  }
  const { run } = value;
  return html`<${Page} title=${`Run of ${moment(run.createdAt)}`} crumbs=${BACK}>
    <div class="stack quality">
      <${Facts} run=${run} former=${value.former} choose=${setFormer} />
      <${HowItEnded} run=${run} />
      ${run.measures && html`<section class="sheet" aria-label="Numbers"><${Figures} measures=${run.measures} former=${value.former?.measures ?? null} /></section>`}
      ${value.former && html`<${Changes} comparison=${value} />`}
    </div>
  <//>`;
}

type FactsProps = {
  run: EvaluationRunView;
  former: EvaluationRunView | null;
  choose: (former: string) => void;
};

function Facts({ run, former, choose }: FactsProps) {
  const others = runs.value?.filter(({ id, measures }) => id !== run.id && measures) ?? [];
  return html`<dl class="facts num">
    <div><dt>Questions</dt><dd>${count(run.asked - run.skipped, "question")}${run.skipped > 0 ? `, ${run.skipped} left out` : ""}</dd></div>
    ${run.active && html`<div><dt>Searched</dt><dd>${searchedWith(run)}</dd></div><div><dt>Parley</dt><dd>${run.active.version}</dd></div>`}
    ${
      former &&
      html`<div>
        <dt><label for="former">Compared with</label></dt>
        <dd>
          <select id="former" class="input" value=${former.id} onChange=${(event: Event) => choose((event.currentTarget as HTMLSelectElement).value)}>
            ${[former, ...others.filter(({ id }) => id !== former.id)]
              .sort((left, right) => right.createdAt.localeCompare(left.createdAt))
              .map(
                (each) => html`<option key=${each.id} value=${each.id}>${moment(each.createdAt)}</option>`,
              )}
          </select>
        </dd>
      </div>`
    }
  </dl>`;
}

function HowItEnded({ run }: { run: EvaluationRunView }) {
  if (run.state === "failed") return html`<${Note} tone="bad">This run failed. ${run.error?.message}<//>`;
  if (run.state === "cancelled")
    return html`<${Note}>This run was cancelled after ${count(run.asked, "question")}.<//>`;
  return run.state === "done" ? null : html`<${Note}>This run is going on.<//>`;
}

function Changes({ comparison: { better, worse, former } }: { comparison: RunComparisonView }) {
  if (better.total + worse.total === 0)
    return html`<${Note}>No question got better or worse since the run of ${moment(former?.createdAt ?? "")}.<//>`;
  return html`<${ChangeList} title="Got worse" changes=${worse} /><${ChangeList} title="Got better" changes=${better} />`;
}

function ChangeList({ title, changes }: { title: string; changes: RunComparisonView["better"] }) {
  if (changes.total === 0) return null;
  const more = changes.total - changes.items.length;
  return html`<section class="sheet" aria-label=${title}>
    <header>
      <h2>${title}</h2>
      <span class="hint num">${count(changes.total, "question")}</span>
    </header>
    <ul class="rows changes">
      ${changes.items.map(
        ({ before, after }) => html`<li key=${after.question}>
          <a class="plain" href=${href("quality", after.question)}>${after.text}</a>
          <span class="sub">
            <${DotWords} ...${verdictOf(before)} /><span class="arrow" aria-hidden="true">→</span><span class="visually-hidden"> then </span>
            <${DotWords} ...${verdictOf(after)} />
          </span>
        </li>`,
      )}
      ${more > 0 && html`<li class="hint">and ${count(more, "other")} that changed less</li>`}
    </ul>
  </section>`;
}
