import { html } from "htm/preact";
import { LockOpen, TriangleAlert } from "lucide";
import { Icon } from "../components/icon.ts";
import { count } from "../format.ts";
import { ask } from "../state/dialogs.ts";
import { sourceCounts, sources } from "../state/knowledge.ts";
import { me } from "../state/session.ts";

function explainTls(): void {
  ask({
    kind: "tell",
    title: "Turn encryption on",
    text: "Without it, passwords and documents can be read by anyone on the way. With a certificate for this machine's name, start Parley with:",
    command: "parley serve --tls-cert certificate.pem --tls-key key.pem",
    after:
      "Or put Parley behind a web server that has one already, and tell it the address people use with --public-url.",
  });
}

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
      <button class="link" type="button" onClick=${explainTls}>How to turn encryption on</button>
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
  sources.visit({ status: "failed" });
}
