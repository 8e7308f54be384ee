import { html } from "htm/preact";
import { KeyRound, Plus } from "lucide";
import { useEffect } from "preact/hooks";
import type { CredentialView } from "../../../src/protocol/admin-api/credentials.ts";
import { Button } from "../../components/button.ts";
import { ListFoot } from "../../components/list-foot.ts";
import { Page } from "../../components/page.ts";
import { BoneRows, Empty, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { credentials } from "../../state/credentials.ts";
import { useSlow } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";

const COLUMNS = ["p-main", "p-under", "", "r p-side"];
export const KINDS: Record<CredentialView["kind"], string> = {
  bearer: "Bearer token",
  basic: "User and password",
  header: "Header",
  oauth2: "OAuth 2 client",
};

/** What the organisation's APIs want to see. */
export function CredentialsPage() {
  const tenant = tenantId.value;
  useEffect(() => credentials.open(tenant), [tenant]);
  const items = credentials.items.value;
  const error = credentials.error.value;
  const slow = useSlow(items === null && error === null);
  return html`<${Page}
    title="Credentials"
    about="What your APIs want to see before they answer. A secret is sealed, sent to its hosts alone, and never shown again."
    actions=${html`<${Button} kind="primary" icon=${Plus} href=${href("credentials", "new")}>Add credential<//>`}
  >
    ${error && html`<${Failed} what="The credentials could not be loaded" error=${error} retry=${() => void credentials.refresh()} />`}
    ${slow && html`<table class="list no-check" aria-label="Loading"><tbody><${BoneRows} columns=${COLUMNS} /></tbody></table>`}
    ${items?.length === 0 && !error && html`<${NothingYet} />`}
    ${items && items.length > 0 && html`<${Listed} items=${items} />`}
  <//>`;
}

function NothingYet() {
  const add = html`<${Button} small kind="primary" href=${href("credentials", "new")}>Add the first credential<//>`;
  return html`<${Empty} icon=${KeyRound} title="No API lets Parley in yet" actions=${add}>
    An API often wants a token or a password before it says where an order is. Enter it once, for the hosts that may see
    it, and give it to the API calls under Tools. No model, no visitor and no other host ever gets it.
  <//>`;
}

function Listed({ items }: { items: CredentialView[] }) {
  return html`<table class="list no-check">
      <thead><tr><th class="main-col">Name</th><th>Kind</th><th>Used by</th><th class="r">Changed</th></tr></thead>
      <tbody>
        ${items.map((credential) => html`<${Row} key=${credential.id} credential=${credential} />`)}
      </tbody>
    </table>
    <${ListFoot}
      hasMore=${credentials.nextCursor.value !== null}
      loading=${credentials.loading.value}
      more=${() => void credentials.more()}
    />`;
}

function Row({
  credential: { id, name, kind, hosts, usedBy, secretProblem, updatedAt },
}: {
  credential: CredentialView;
}) {
  const where = hosts.length === 0 ? "any host that is listed" : hosts.join(", ");
  return html`<tr data-id=${id}>
    <td class="p-main"><a class="row-link" href=${href("credentials", id)}><bdi>${name}</bdi></a></td>
    <td class="p-under soft"><bdi>${KINDS[kind]} · ${where}</bdi></td>
    <td class="soft breaks" title=${secretProblem ?? usedBy.map(({ label }) => label).join(", ")}>
      ${
        secretProblem
          ? html`<span class="state"><span class="dot bad"></span><span>Enter it again</span></span>`
          : html`<bdi class="soft">${usedWords(usedBy)}</bdi>`
      }
    </td>
    <td class="r soft nowrap p-side"><${Ago} at=${updatedAt} /></td>
  </tr>`;
}

function usedWords([first, ...others]: CredentialView["usedBy"]): string {
  if (first === undefined) return "Nothing";
  return others.length === 0 ? first.label : `${first.label} and ${others.length} more`;
}
