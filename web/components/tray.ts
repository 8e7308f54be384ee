import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { JobView } from "../../src/protocol/admin-api/knowledge.ts";
import { count } from "../format.ts";
import { jobs, work } from "../state/jobs.ts";

/** More than this is a queue, not something to read. */
const LISTED = 8;

/** Work that runs on without the page that started it. Opens to the list of what runs and waits, above it or `down`. */
export function Tray({ down }: { down?: boolean }) {
  const [open, setOpen] = useState(false);
  const current = work.value;
  if (!current) return null;
  const { running, total, finished, share } = current;
  return html`<div class="anchor">
    ${open && html`<ul class=${`menu ${down ? "" : "up"} tray-list`}>${listed(jobs.value)}</ul>`}
    <button class="tray" type="button" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <span class="tray-head">
        <span class="wide">Reading ${count(total, "file")}</span>
        <span class="hint num push">${finished} / ${total}</span>
      </span>
      <${Progress} share=${share} label="All running work" />
      <span class="hint wide"><span class="clip">${running.title}</span><span class="clip">${running.stage ?? ""}</span></span>
    </button>
  </div>`;
}

function listed(all: JobView[]) {
  return html`${all.slice(0, LISTED).map(
    (job) => html`<li key=${job.id}>
      <span class="clip">${job.title}</span>
      <${Progress} share=${job.state === "running" ? job.progress : 0} label=${job.title} />
      <span class="hint">${job.state === "queued" ? "Waiting" : (job.stage ?? "Working")}</span>
    </li>`,
  )}
  ${all.length > LISTED && html`<li class="hint">${count(all.length - LISTED, "more file")} waiting</li>`}`;
}

/** `share` is 0 to 1. */
export function Progress({ share, label, bad }: { share: number; label: string; bad?: boolean }) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return html`<span
    class=${`bar ${bad ? "bad" : ""}`}
    role="progressbar"
    aria-label=${label}
    aria-valuenow=${percent}
    aria-valuemin="0"
    aria-valuemax="100"
    ><i style=${{ width: `${percent}%` }}></i
  ></span>`;
}
