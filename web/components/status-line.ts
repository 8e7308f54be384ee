import { html } from "htm/preact";
import { LockOpen, TriangleAlert } from "lucide";
import { count } from "../format.ts";
import { sourceCounts, sources } from "../state/knowledge.ts";
import { navigate } from "../state/router.ts";
import { me } from "../state/session.ts";
import { Icon } from "./icon.ts";

/** Where Parley explains how to turn TLS on. */
const TLS_HELP = "/docs/tls";

/** Thin lines that are there only while something needs a person, each with the fix one click away. */
export function StatusLines() {
  const instance = me.value?.instance;
  const failed = sourceCounts.value?.failed ?? 0;
  return html`${
    instance &&
    !instance.tls &&
    !instance.loopback &&
    html`<div class="statusline" role="status">
      <${Icon} of=${LockOpen} />
      <span>This connection is not encrypted.</span>
      <a href=${TLS_HELP} target="_blank" rel="noopener">How to turn encryption on</a>
    </div>`
  }
  ${
    failed > 0 &&
    html`<div class="statusline" role="status">
    <${Icon} of=${TriangleAlert} />
    <span>${count(failed, "source")} could not be read.</span>
    <button class="link" type="button" onClick=${showFailed}>Show ${failed === 1 ? "it" : "them"}</button>
  </div>`
  }`;
}

function showFailed(): void {
  navigate("knowledge");
  sources.narrow({ status: "failed", q: "" });
}
