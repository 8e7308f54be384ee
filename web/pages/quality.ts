import { html } from "htm/preact";
import { CircleStop, Download, Ellipsis, Play, Plus, SearchX, Target, Upload } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { EvaluationRunView, GoldenQuestionView } from "../../src/protocol/admin-api/evals.ts";
import { asApiError } from "../api/client.ts";
import { exportGoldenQuestions, importGoldenQuestions } from "../api/evals.ts";
import { Button } from "../components/button.ts";
import { Figures, inUnit } from "../components/figures.ts";
import { Icon } from "../components/icon.ts";
import { ListFoot } from "../components/list-foot.ts";
import { useListKeys } from "../components/list-keys.ts";
import { Menu } from "../components/menu.ts";
import { Note } from "../components/note.ts";
import { Page } from "../components/page.ts";
import { FilterChip, SearchBox } from "../components/search-box.ts";
import { BoneRows, BoneText, Empty, Failed } from "../components/states.ts";
import { Ago } from "../components/time.ts";
import { Progress } from "../components/tray.ts";
import { QuestionState } from "../components/verdict.ts";
import { count, duration, number } from "../format.ts";
import { writeQuestion } from "../state/dialogs.ts";
import {
  goldenQuestions,
  openEvals,
  questionCounts,
  refreshRuns,
  runAll,
  runs,
  runsError,
  stopRun,
} from "../state/evals.ts";
import { useSlow } from "../state/resource.ts";
import { href } from "../state/router.ts";
import { tenantId } from "../state/session.ts";
import { toast, toastError } from "../state/toasts.ts";

const COLUMNS = ["p-main", "p-under", "", "r p-side"];
/** As many as a small line can show apart. */
const TREND_RUNS = 20;

/** Golden questions, how the last run over them went, and a run to start. */
export function QualityPage() {
  const tenant = tenantId.value;
  useEffect(() => openEvals(tenant), [tenant]);
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
    actions=${html`<${Actions} any=${total > 0} going=${going !== null} onProblem=${setImportError} />`}
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

const isGoing = ({ state }: EvaluationRunView) => state === "queued" || state === "running";

type ImportProblem = { message: string; lines: { line: number; message: string }[] };
type ProblemSetter = (problem: ImportProblem | null) => void;

function Actions({ any, going, onProblem }: { any: boolean; going: boolean; onProblem: ProblemSetter }) {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    await runAll();
    setBusy(false);
  };
  const entries = [
    { label: "Import questions…", icon: Upload, run: () => pickQuestionFile(onProblem) },
    ...(any
      ? [
          { label: "Export as CSV", icon: Download, run: () => void saveExport("csv") },
          { label: "Export as JSON Lines", icon: Download, run: () => void saveExport("jsonl") },
        ]
      : []),
  ];
  return html`<${Menu} className="btn" label="Import and export" entries=${entries} placement="end">
      <${Icon} of=${Ellipsis} />
    <//>
    <${Button} icon=${Plus} kind=${any ? undefined : "primary"} onClick=${() => writeQuestion()}>Add question<//>
    ${any && html`<${Button} kind="primary" icon=${Play} disabled=${going} busy=${busy} onClick=${run}>Run<//>`}`;
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

/** Opens the browser's file dialog and adds the questions of the file, all or none. */
function pickQuestionFile(onProblem: ProblemSetter): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".csv,.jsonl,.ndjson,.txt";
  input.onchange = () => {
    const [file] = input.files ?? [];
    if (file) void importFile(file, onProblem);
  };
  input.click();
}

async function importFile(file: File, onProblem: ProblemSetter): Promise<void> {
  onProblem(null);
  try {
    const { added, replaced, unchanged } = await importGoldenQuestions(file);
    const parts = [
      `Added ${count(added, "question")}`,
      replaced > 0 && `${number(replaced)} changed`,
      unchanged > 0 && `${number(unchanged)} were there already`,
    ];
    toast(parts.filter(Boolean).join(", "));
    await goldenQuestions.refresh();
  } catch (thrown) {
    const { message, details } = asApiError(thrown);
    const { lines = [] } = (details ?? {}) as Partial<ImportProblem>;
    onProblem({ message, lines });
  }
}

function ImportRefused({ problem, close }: { problem: ImportProblem; close: () => void }) {
  const { message, lines } = problem;
  return html`<${Note} tone="bad">
    <p>${lines.length > 0 ? "Nothing was imported. Correct these lines and import the file again." : message}</p>
    ${
      lines.length > 0 &&
      html`<ul class="lines">
        ${lines.map((each) => html`<li key=${`${each.line} ${each.message}`}><span class="num strong">Line ${each.line}:</span> ${each.message}</li>`)}
      </ul>`
    }
    <p><button class="link" type="button" onClick=${close}>Close</button></p>
  <//>`;
}

/** Saved by a link of its own, because a plain one would not say for which tenant. */
async function saveExport(format: "csv" | "jsonl"): Promise<void> {
  try {
    const text = await exportGoldenQuestions(format);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text]));
    link.download = `golden-questions.${format}`;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (thrown) {
    toastError(thrown);
  }
}

/** How far the run is. It goes on when one leaves the page. */
function Going({ run }: { run: EvaluationRunView }) {
  const { asked, total, startedAt } = run;
  const left = useTimeLeft(run);
  return html`<section class="sheet going" aria-label="Run going on">
    <div class="row">
      <span class="strong">${startedAt || asked > 0 ? "Asking the questions" : "Waiting to begin"}</span>
      <span class="hint num">${number(asked)} of ${number(total)}</span>
      ${left && html`<span class="hint num">${left}</span>`}
      <span class="push"><${Button} small icon=${CircleStop} onClick=${() => void stopRun(run.id)}>Cancel<//></span>
    </div>
    <${Progress} share=${asked / Math.max(1, total)} label="Questions asked" />
  </section>`;
}

/** From how fast it went since this page saw it: waiting before the beginning does not count. */
function useTimeLeft({ id, asked, total }: EvaluationRunView): string | null {
  const seen = useRef({ id, asked, at: Date.now() });
  if (seen.current.id !== id) seen.current = { id, asked, at: Date.now() };
  const done = asked - seen.current.asked;
  if (done < 1) return null;
  const ms = ((Date.now() - seen.current.at) / done) * (total - asked);
  return ms < 1000 ? null : `about ${duration(Math.ceil(ms / 1000) * 1000)} left`;
}

function LastRun() {
  const known = runs.value;
  if (known === null) return null;
  const [latest] = known.filter((run) => !isGoing(run));
  const done = known.filter(({ measures }) => measures !== null);
  const [last, former] = done;
  const trend = done
    .flatMap(({ measures }) => measures ?? [])
    .slice(0, TREND_RUNS)
    .reverse();
  return html`${latest && latest.state !== "done" && html`<${Unfinished} run=${latest} />`}
    ${
      last?.measures
        ? html`<section class="sheet" aria-label="Last run">
            <header>
              <h2>Last run</h2>
              <span class="soft"><${Ago} at=${last.finishedAt ?? last.createdAt} />, ${searchedWith(last)}</span>
              <span class="hint"><a href=${href("quality", last.id)}>What changed</a></span>
            </header>
            <${Figures} measures=${last.measures} former=${former?.measures ?? null} history=${trend} />
            ${known.length > 1 && html`<${EarlierRuns} runs=${known.filter((run) => !isGoing(run))} />`}
          </section>`
        : known.length === 0 &&
          html`<${Note}>Nothing is measured yet. Run the questions to see how many of them the search answers.<//>`
    }`;
}

function Unfinished({ run }: { run: EvaluationRunView }) {
  if (run.state === "cancelled")
    return html`<${Note}>The last run was cancelled after ${count(run.asked, "question")}. The numbers are those of the run before.<//>`;
  return html`<${Note} tone="bad">The last run failed. ${run.error?.message}<//>`;
}

/** "by words alone", "by words and by meaning with multilingual-e5-small". */
export function searchedWith({ active }: EvaluationRunView): string {
  if (!active) return "";
  const found = active.embedding
    ? `by words and by meaning with ${active.embedding.model}`
    : "by words alone";
  return active.reranker ? `${found}, ordered by ${active.reranker}` : found;
}

function EarlierRuns({ runs: all }: { runs: EvaluationRunView[] }) {
  return html`<details class="earlier">
    <summary>All ${count(all.length, "run")}</summary>
    <ul class="rows">
      ${all.map(
        (run) => html`<li key=${run.id}>
          <span><a href=${href("quality", run.id)}><${Ago} at=${run.createdAt} /></a> <span class="soft">${searchedWith(run)}</span></span>
          <span class="num soft">${runInWords(run)}</span>
        </li>`,
      )}
    </ul>
  </details>`;
}

function runInWords({ state, measures }: EvaluationRunView): string {
  if (measures)
    return `${inUnit(measures.recall1, "share")} first, ${inUnit(measures.recall10, "share")} among ten`;
  return state === "failed" ? "failed" : "cancelled";
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
