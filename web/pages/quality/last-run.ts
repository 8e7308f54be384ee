import { html } from "htm/preact";
import { CircleStop } from "lucide";
import { useRef } from "preact/hooks";
import type { EvaluationRunView } from "../../../src/protocol/admin-api/evals.ts";
import { Button } from "../../components/button.ts";
import { Note } from "../../components/note.ts";
import { Ago } from "../../components/time.ts";
import { Progress } from "../../components/tray.ts";
import { count, duration, number } from "../../format.ts";
import { runs, stopRun } from "../../state/evals.ts";
import { href } from "../../state/router.ts";
import { Figures, inUnit } from "./figures.ts";

/** As many as a small line can show apart. */
const TREND_RUNS = 20;

export const isGoing = ({ state }: EvaluationRunView) => state === "queued" || state === "running";

/** How far the run is. It goes on when one leaves the page. */
export function Going({ run }: { run: EvaluationRunView }) {
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

/** The numbers of the last finished run, and why a later one has none. */
export function LastRun() {
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
