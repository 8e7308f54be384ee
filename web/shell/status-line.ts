import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { CloudOff, type IconNode, LockOpen, TriangleAlert, X } from "lucide";
import type { LlmTrouble } from "../../src/protocol/admin-api/llm.ts";
import { IconButton } from "../components/button.ts";
import { Icon } from "../components/icon.ts";
import { count } from "../format.ts";
import { ask } from "../state/dialogs.ts";
import { sourceCounts, sources } from "../state/knowledge.ts";
import { llmTrouble } from "../state/llm-trouble.ts";
import { navigate } from "../state/router.ts";
import { me, tenantId } from "../state/session.ts";

/** What was read and put away: until the page is loaded again, or there is something new of the kind. */
const dismissed = signal<ReadonlySet<string>>(new Set());

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
  const trouble = llmTrouble.value;
  const tenant = tenantId.value;
  return html`${
    instance &&
    !instance.tls &&
    !instance.loopback &&
    html`<${Line} key="tls" id="tls" icon=${LockOpen} text="This connection is not encrypted." fix="How to turn encryption on" run=${explainTls} />`
  }
  ${
    trouble &&
    html`<${Line}
      key="model"
      id=${`model/${tenant}/${trouble.since}`}
      icon=${CloudOff}
      text=${`The language model “${trouble.name}” does not answer. ${trouble.message} ${meanwhile(trouble)}`}
      fix="Look at its settings"
      run=${() => navigate("model")}
    />`
  }
  ${
    failed > 0 &&
    html`<${Line}
      key="sources"
      id=${`sources/${tenant}/${failed}`}
      icon=${TriangleAlert}
      text=${`${count(failed, "source")} could not be read.`}
      fix=${`Show ${failed === 1 ? "it" : "them"}`}
      run=${() => sources.visit({ status: "failed" })}
    />`
  }`;
}

function meanwhile({ meanwhile: name }: NonNullable<LlmTrouble>): string {
  return name === null ? "Answers are quoted meanwhile." : `“${name}” answers meanwhile.`;
}

type LineProps = { id: string; icon: IconNode; text: string; fix: string; run: () => void };

function Line({ id, icon, text, fix, run }: LineProps) {
  if (dismissed.value.has(id)) return null;
  const dismiss = () => {
    dismissed.value = new Set([...dismissed.peek(), id]);
  };
  return html`<div class="statusline" role="status">
    <${Icon} of=${icon} />
    <span class="said">${text} <button class="link" type="button" onClick=${run}>${fix}</button></span>
    <${IconButton} icon=${X} label="Dismiss" onClick=${dismiss} />
  </div>`;
}
