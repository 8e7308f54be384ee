import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { CheckIdentityAnswer } from "../../../src/protocol/admin-api/identity.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import { checkIdentity } from "../../api/identity.ts";
import { Button } from "../../components/button.ts";
import { TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";

/** A token that does not work, pasted: what is wrong with it, in words. */
export function CheckToken() {
  const [token, setToken] = useState("");
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<CheckIdentityAnswer | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    setAnswer(null);
    try {
      setAnswer(await checkIdentity(token.trim()));
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  return html`<section class="form-section" aria-label="Check a token">
    <div>
      <h2>Check a token</h2>
      <p class="hint">Paste one that your page made. It is looked at and forgotten.</p>
    </div>
    <form class="stack" onSubmit=${submit}>
      <${TextField} label="Token" mono rows=${4} maxLength=${8_000} placeholder="eyJ…" value=${token} onInput=${setToken} />
      <div class="row"><${Button} type="submit" busy=${busy} disabled=${token.trim() === ""}>Check<//></div>
    </form>
    <div class="stack" aria-live="polite">
      ${error && html`<${Note} tone="bad">${error.message}<//>`}
      ${answer?.ok && html`<${Good} answer=${answer} />`}
      ${answer && !answer.ok && answer.problems.map((problem) => html`<${Note} tone="bad" key=${problem}>${problem}<//>`)}
      ${answer?.claims && html`<details><summary>What it says</summary><pre class="code">${JSON.stringify(answer.claims, null, 2)}</pre></details>`}
    </div>
  </section>`;
}

function Good({ answer: { visitor, signedWith } }: { answer: CheckIdentityAnswer }) {
  const { id = "", name = null, email = null, groups = [] } = visitor ?? {};
  return html`<${Note} tone="good">
      This is right: the visitor is <bdi class="strong">${name ?? email ?? id}</bdi>${groups.length > 0 && html`, of ${groups.join(", ")}`}.
    <//>
    ${signedWith === "previous" && html`<${Note} tone="warn">It is signed with the secret before. Give the page the present one.<//>`}`;
}
