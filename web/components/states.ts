import { html } from "htm/preact";
import type { IconNode } from "lucide";
import { CloudAlert, RotateCw } from "lucide";
import type { ComponentChildren } from "preact";
import type { ApiError } from "../api/client.ts";
import { Button } from "./button.ts";
import { CopyId } from "./copy.ts";
import { Icon } from "./icon.ts";

/** A page or part with nothing in it yet: what belongs here, why it is worth it, the first step. */
export function Empty(props: {
  icon: IconNode;
  title: string;
  children?: ComponentChildren;
  actions?: ComponentChildren;
}) {
  return html`<div class="blank centre">
    <span class="glyph"><${Icon} of=${props.icon} size=${20} /></span>
    <h2>${props.title}</h2>
    <p class="soft">${props.children}</p>
    ${props.actions && html`<div class="row">${props.actions}</div>`}
  </div>`;
}

/** What failed, why, what to do, and the id to quote. */
export function Failed(props: { what: string; error: ApiError; retry: () => void }) {
  const { what, error, retry } = props;
  return html`<div class="blank failed" role="alert">
    <span class="glyph"><${Icon} of=${CloudAlert} size=${20} /></span>
    <h2>${what}</h2>
    <p class="soft">${error.message}</p>
    <div class="row">
      <${Button} icon=${RotateCw} onClick=${retry}>Try again<//>
      ${error.requestId && html`<${CopyId} id=${error.requestId} />`}
    </div>
  </div>`;
}

/** One bar of a skeleton. `width` in any CSS length. */
export function Bone({ width, height = 10 }: { width: string; height?: number }) {
  return html`<span class="bone" style=${{ width, height: `${height}px` }}></span>`;
}

/** Rows of a table that is still on its way, so that nothing jumps when it comes. */
export function BoneRows({ columns, rows = 8 }: { columns: string[]; rows?: number }) {
  return html`${Array.from(
    { length: rows },
    (_, row) => html`<tr key=${row} aria-hidden="true">
      ${columns.map(
        (column, at) => html`<td key=${at} class=${column}>
          <${Bone} width=${column === "p-main" ? `${40 + ((row * 17) % 40)}%` : "56px"} />
        </td>`,
      )}
    </tr>`,
  )}`;
}

/** Lines of text that are still on their way. */
export function BoneText({ lines = 3 }: { lines?: number }) {
  return html`<div class="stack" aria-hidden="true">
    ${Array.from({ length: lines }, (_, at) => html`<${Bone} key=${at} width=${`${92 - ((at * 23) % 50)}%`} />`)}
  </div>`;
}
