import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import type { ToolStatisticsView, ToolUseView } from "../../../src/protocol/admin-api/tool-statistics.ts";
import { getToolStatistics } from "../../api/tools.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { count, duration, number, share } from "../../format.ts";
import { useResource } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { callerOf, usersOf } from "./use-words.ts";

/** What a tool did, and for whom. `round` rises when it may have done more. */
export function ToolUse({ id, round }: { id: string; round: number }) {
  const { value, error, slow, reload } = useResource(`tool-use/${id}`, (abort) =>
    getToolStatistics(id, abort),
  );
  useEffect(() => {
    if (round > 0) reload();
  }, [round, reload]);
  return html`<section class="stack tool-use" aria-label="What it did">
    ${error && html`<${Failed} what="What the tool did could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${2} />`}
    ${value && value.latest.length === 0 && html`<p class="hint">Nobody has used it yet. Ask it a question that it should answer, and see whether it is asked.</p>`}
    ${value && value.latest.length > 0 && html`<${Figures} use=${value} /><${Latest} uses=${value.latest} />`}
  </section>`;
}

function Figures({ use }: { use: ToolStatisticsView }) {
  const { days, calls, failures, p50Ms, p95Ms, trials, lastUsedAt } = use;
  const time = (ms: number | null) => (ms === null ? "–" : duration(ms));
  return html`<dl class="facts num" aria-label=${`In the last ${days} days`}>
    <div><dt>Calls in ${days} days</dt><dd title=${usersOf(use)}>${number(calls)}${calls > 0 && html` <span class="hint">${usersOf(use)}</span>`}</dd></div>
    <div><dt>Failed</dt><dd>${failures === 0 ? "none" : html`<span class="state"><span class="dot bad"></span>${number(failures)} · ${share(failures, calls)}</span>`}</dd></div>
    <div><dt>Half within</dt><dd>${time(p50Ms)}</dd></div>
    <div><dt>95 of 100 within</dt><dd>${time(p95Ms)}</dd></div>
    <div><dt>Last used</dt><dd>${lastUsedAt ? html`<${Ago} at=${lastUsedAt} />` : "not yet"}</dd></div>
    ${trials > 0 && html`<div><dt>Tried here</dt><dd>${count(trials, "time")}</dd></div>`}
  </dl>`;
}

function Latest({ uses }: { uses: ToolUseView[] }) {
  return html`<details class="outline">
    <summary>The latest calls</summary>
    <table class="list no-check" aria-label="The latest calls">
      <thead><tr><th class="main-col">By</th><th>Outcome</th><th class="r">Took</th><th class="r">When</th></tr></thead>
      <tbody>
        ${uses.map((use) => html`<${Use} key=${`${use.at}/${use.message}/${use.ms}`} use=${use} />`)}
      </tbody>
    </table>
  </details>`;
}

function Use({ use }: { use: ToolUseView }) {
  const { at, ms, error, conversation, message } = use;
  const caller = html`<bdi>${callerOf(use)}</bdi>`;
  return html`<tr>
    <td class="p-main breaks">
      ${
        conversation && message
          ? html`<a href=${`${href("conversations", conversation)}?answer=${message}`} title="Why this answer">${caller}</a>`
          : caller
      }
    </td>
    <td class="p-under"><span class="state"><span class=${`dot ${error === null ? "good" : "bad"}`}></span><span>${error === null ? "Done" : html`Failed <span class="mono">${error}</span>`}</span></span></td>
    <td class="r num soft nowrap">${duration(ms)}</td>
    <td class="r soft nowrap p-side"><${Ago} at=${at} /></td>
  </tr>`;
}
