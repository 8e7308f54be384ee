import { html } from "htm/preact";
import { IdCard } from "lucide";
import { useState } from "preact/hooks";
import type { IdentityView } from "../../../src/protocol/admin-api/identity.ts";
import { getIdentity, makeIdentitySecret, removeIdentitySecret } from "../../api/identity.ts";
import { Button } from "../../components/button.ts";
import { CopyBlock } from "../../components/copy.ts";
import { Segmented } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { Page } from "../../components/page.ts";
import { BoneText, Empty, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { moment } from "../../format.ts";
import { ask } from "../../state/dialogs.ts";
import { useResource } from "../../state/resource.ts";
import { tenant, tenantId } from "../../state/session.ts";
import { toast, toastError } from "../../state/toasts.ts";
import { CheckToken } from "./check-token.ts";
import { LANGUAGES, type Language, SIGNING } from "./signing.ts";

/** Pages may say who their visitor is, with a token that they sign. */
export function IdentityPage() {
  const { value, error, slow, reload } = useResource(`identity/${tenantId.value}`, getIdentity);
  const [secret, setSecret] = useState<string | null>(null);
  const make = async (immediately: boolean) => {
    setSecret((await makeIdentitySecret(immediately)).secret);
    reload();
  };
  const isSet = value?.secret.set ?? false;
  return html`<${Page}
    title="Identity"
    about="Your own pages say who sits before them, with a token that they sign. Tools can then answer with what is that person's own."
  >
    ${error && !value && html`<${Failed} what="The identity settings could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${8} />`}
    ${value && !isSet && !secret && html`<${NothingYet} make=${() => void make(false).catch(toastError)} />`}
    ${
      value &&
      (isSet || secret) &&
      html`<div class="stack editor">
      <${Secret} identity=${value} secret=${secret} make=${make} onRemoved=${() => {
        setSecret(null);
        reload();
      }} />
      <${Signing} />
      <${CheckToken} />
    </div>`
    }
  <//>`;
}

function NothingYet({ make }: { make: () => void }) {
  const actions = html`<${Button} small kind="primary" onClick=${make}>Make the secret<//>`;
  return html`<${Empty} icon=${IdCard} title="Nobody vouches for visitors yet" actions=${actions}>
    “How many days of leave have I left?” has another answer for each who asks. Make a secret, let your intranet sign with it
    who is signed in there, and tools can be bound to that person's e-mail address, id or groups. Nobody can be asked to be
    somebody else.
  <//>`;
}

type SecretProps = {
  identity: IdentityView;
  /** While it is shown, this once. */
  secret: string | null;
  make: (immediately: boolean) => Promise<void>;
  onRemoved: () => void;
};

function Secret({ identity, secret, make, onRemoved }: SecretProps) {
  const name = tenant.value?.name ?? "";
  const atOnce = () =>
    ask({
      kind: "confirm",
      title: "Replace the secret at once",
      text: "Pages that sign with the present one are refused until they have the new one. For a secret that somebody else has.",
      action: "Replace at once",
      typed: name,
      run: () => make(true),
    });
  const remove = () =>
    ask({
      kind: "confirm",
      title: "Believe no page any more",
      text: "The secret is deleted. Tools that are bound to a visitor are not offered, and pages that send a token get no chat until it is left out.",
      action: "Delete the secret",
      typed: name,
      async run() {
        await removeIdentitySecret();
        onRemoved();
        toast("No page's word is taken any more");
      },
    });
  return html`<section class="form-section" aria-label="The secret">
    <h2>The secret</h2>
    ${secret && html`<${Shown} secret=${secret} />`}
    <${Facts} identity=${identity} />
    <div class="row">
      <${Button} onClick=${() => void make(false).catch(toastError)}>Make another secret<//>
      <${Button} kind="danger" onClick=${atOnce}>Replace at once…<//>
      <${Button} kind="quiet" onClick=${remove}>Delete…<//>
    </div>
    <p class="hint">After another one is made, the present one is believed for 24 hours more, so that pages can be changed one after the other.</p>
  </section>`;
}

function Shown({ secret }: { secret: string }) {
  return html`<${Note} tone="warn">This is the only time that the secret is shown. Keep it on your server, never in a page: whoever has it can be anybody.<//>
    <${CopyBlock} text=${secret} label="Secret" rows=${2} />`;
}

function Facts({ identity: { secret, previousUntil, previousLastUsedAt } }: { identity: IdentityView }) {
  const used = (at: string | null) => (at ? html`<${Ago} at=${at} />` : "not yet");
  return html`<dl class="facts">
      <div><dt>Made</dt><dd>${secret.createdAt ? moment(secret.createdAt) : "–"}</dd></div>
      <div><dt>Last used</dt><dd>${used(secret.lastUsedAt)}</dd></div>
      ${
        previousUntil &&
        html`<div><dt>The one before, valid until</dt><dd>${moment(previousUntil)}</dd></div>
        <div><dt>The one before, last used</dt><dd>${used(previousLastUsedAt)}</dd></div>`
      }
    </dl>
    ${
      previousUntil &&
      previousLastUsedAt &&
      html`<${Note}>Some page still signs with the secret before. It is refused after ${moment(previousUntil)}.<//>`
    }`;
}

function Signing() {
  const [language, setLanguage] = useState<Language>("node");
  return html`<section class="form-section" aria-label="Sign on your server">
    <div>
      <h2>Sign on your server</h2>
      <p class="hint">
        For each page that it renders, with who is signed in there. <code>sub</code> and <code>exp</code> are required, the
        others as far as your tools need them; <code>exp</code> may be a day ahead at most, and ten minutes are enough.
      </p>
    </div>
    <${Segmented} label="Language" value=${language} choices=${LANGUAGES} onChange=${setLanguage} />
    <${CopyBlock} text=${SIGNING[language].trimEnd()} label="Code" rows=${18} />
    <p class="hint">Then put the token into the page's snippet:</p>
    <${CopyBlock} text=${'data-identity="eyJ…"'} label="Attribute" rows=${1} />
    <p class="hint">or hand it on later, with <code>parley("identify", "eyJ…")</code>.</p>
  </section>`;
}
