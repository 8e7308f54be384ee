import { html } from "htm/preact";
import { Download, Ellipsis, Play, Plus, SearchX, Target, Upload } from "lucide";
import { useLayoutEffect, useState } from "preact/hooks";
import type { GoldenQuestionView } from "../../../src/protocol/admin-api/evals.ts";
import { Button } from "../../components/button.ts";
import { Icon } from "../../components/icon.ts";
import { ListFoot } from "../../components/list-foot.ts";
import { useListKeys } from "../../components/list-keys.ts";
import { Menu } from "../../components/menu.ts";
import { Page } from "../../components/page.ts";
import { FilterChip, SearchBox } from "../../components/search-box.ts";
import { BoneRows, BoneText, Empty, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { count, number } from "../../format.ts";
import { writeQuestion } from "../../state/dialogs.ts";
import {
  goldenQuestions,
  openRuns,
  questionCounts,
  refreshRuns,
  runAll,
  runs,
  runsError,
} from "../../state/evals.ts";
import { useAddressed } from "../../state/list-address.ts";
import { useSlow } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { Going, isGoing, LastRun } from "./last-run.ts";
import {
  type ImportProblem,
  ImportRefused,
  type ProblemSetter,
  pickQuestionFile,
  saveExport,
} from "./question-files.ts";
import { QuestionState } from "./verdict.ts";

const COLUMNS = ["p-main", "p-under", "", "r p-side"];

/** Golden questions, how the last run over them went, and a run to start. */
export function QualityPage() {
  const tenant = tenantId.value;
  // Before the list is asked for: what is counted of another tenant goes, and not the answer's counts.
  useLayoutEffect(() => openRuns(tenant), [tenant]);
  useAddressed(goldenQuestions, tenant);
  useListKeys(null);
  const [importError, setImportError] = useState<ImportProblem | null>(null);
  const items = goldenQuestions.items.value;
  const error = goldenQuestions.error.value;
  const total = questionCounts.value?.all ?? 0;
  const slow = useSlow(items === null && error === null);
  const bare = items !== null && total === 0;
  const going = runs.value?.find(isGoing) ?? null;

  return html`<${Page}
    title="Quality"
    about="Whether the search finds what it should, measured with questions whose answer you know."
    actions=${html`<${Actions} hasQuestions=${total > 0} going=${going !== null} onProblem=${setImportError} />`}
  >
    ${error && html`<${Failed} what="The golden questions could not be loaded" error=${error} retry=${() => void goldenQuestions.refresh()} />`}
    <div class="stack quality">
      ${importError && html`<${ImportRefused} problem=${importError} close=${() => setImportError(null)} />`}
      ${going && html`<${Going} run=${going} />`}
      ${runsError.value && !error && html`<${Failed} what="The runs could not be loaded" error=${runsError.value} retry=${() => void refreshRuns()} />`}
      ${items && !bare && html`<${LastRun} />`}
      ${items && !bare && html`<${Questions} items=${items} />`}
    </div>
    ${bare && !error && html`<${NothingYet} onProblem=${setImportError} />`}
    ${slow && html`<${Bones} />`}
  <//>`;
}

function Bones() {
  return html`<div class="stack quality" aria-label="Loading" role="status">
    <section class="sheet pad-all"><${BoneText} lines=${6} /></section>
    <table class="list no-check">
      <tbody><${BoneRows} columns=${COLUMNS} /></tbody>
    </table>
  </div>`;
}

function Actions({
  hasQuestions,
  going,
  onProblem,
}: {
  hasQuestions: boolean;
  going: boolean;
  onProblem: ProblemSetter;
}) {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    await runAll();
    setBusy(false);
  };
  const entries = [
    { label: "Import questions…", icon: Upload, run: () => pickQuestionFile(onProblem) },
    ...(hasQuestions
      ? [
          { label: "Export as CSV", icon: Download, run: () => void saveExport("csv") },
          { label: "Export as JSON Lines", icon: Download, run: () => void saveExport("jsonl") },
        ]
      : []),
  ];
  return html`<${Menu} className="btn" label="Import and export" entries=${entries} placement="end">
      <${Icon} of=${Ellipsis} />
    <//>
    <${Button} icon=${Plus} kind=${hasQuestions ? undefined : "primary"} onClick=${() => writeQuestion()}>Add question<//>
    ${hasQuestions && html`<${Button} kind="primary" icon=${Play} disabled=${going} busy=${busy} onClick=${run}>Run<//>`}`;
}

function NothingYet({ onProblem }: { onProblem: ProblemSetter }) {
  const actions = html`<${Button} small onClick=${() => pickQuestionFile(onProblem)}>Import a file<//>
    <${Button} small kind="primary" onClick=${() => writeQuestion()}>Add the first question<//>`;
  return html`<${Empty} icon=${Target} title="No golden questions yet" actions=${actions}>
    A golden question is one whose answer you know: the source that answers it, or that nothing does. Parley asks them
    all when you run it, and shows in numbers whether a new document, another model or another setting made answers
    better or worse. Ten that people really ask are a good beginning; some of them should have no answer.
  <//>`;
}

function Questions({ items }: { items: GoldenQuestionView[] }) {
  return html`<section aria-label="Golden questions">
    <${Filters} />
    ${items.length === 0 ? html`<${NothingMatches} />` : html`<${QuestionTable} items=${items} />`}
  </section>`;
}

function Filters() {
  const { q, state } = goldenQuestions.filter.value;
  const counts = questionCounts.value;
  const chips = [
    { state: null, label: "All", total: counts?.all },
    { state: "failing" as const, label: "Failing", total: counts?.failing },
    { state: "attention" as const, label: "Needs attention", total: counts?.attention },
  ];
  return html`<div class="tools" role="search">
    <${SearchBox} label="Search questions" value=${q} onSearch=${(text: string) => goldenQuestions.narrow({ q: text })} />
    ${chips
      .filter((chip) => chip.state === null || (chip.total ?? 0) > 0 || chip.state === state)
      .map(
        (chip) => html`<${FilterChip}
          key=${chip.label}
          label=${chip.label}
          total=${chip.total === undefined ? null : number(chip.total)}
          on=${chip.state === state}
          onClick=${() => goldenQuestions.narrow({ state: chip.state })}
        />`,
      )}
  </div>`;
}

function QuestionTable({ items }: { items: GoldenQuestionView[] }) {
  return html`<table class="list no-check">
      <thead>
        <tr>
          <th class="main-col">Question</th>
          <th>Last outcome</th>
          <th>Should be found</th>
          <th class="r">Changed</th>
        </tr>
      </thead>
      <tbody>
        ${items.map((question) => html`<${Row} key=${question.id} question=${question} />`)}
      </tbody>
    </table>
    <${ListFoot}
      hasMore=${goldenQuestions.nextCursor.value !== null}
      loading=${goldenQuestions.loading.value}
      more=${() => void goldenQuestions.more()}
    />`;
}

function Row({ question }: { question: GoldenQuestionView }) {
  const { id, text, updatedAt } = question;
  return html`<tr data-id=${id}>
    <td class="p-main"><a class="row-link" href=${href("quality", id)}>${text}</a></td>
    <td class="p-under"><${QuestionState} question=${question} /></td>
    <td class="soft expected">${expectedInWords(question)}</td>
    <td class="r soft nowrap p-side"><${Ago} at=${updatedAt} /></td>
  </tr>`;
}

function expectedInWords({ expected: [first, ...others] }: GoldenQuestionView): string {
  if (!first) return "Nothing";
  return others.length === 0 ? first.title : `${first.title} and ${count(others.length, "other")}`;
}

function NothingMatches() {
  const { q } = goldenQuestions.filter.value;
  const clear = () => goldenQuestions.narrow({ q: "", state: null });
  return html`<${Empty}
    icon=${q ? SearchX : Target}
    title=${q ? "No question matches" : "None of them"}
    actions=${html`<${Button} small onClick=${clear}>Show all questions<//>`}
  >
    ${q ? "Questions are searched by their text." : "No question is in this state any more."}
  <//>`;
}
