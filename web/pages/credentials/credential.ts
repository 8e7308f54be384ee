import { html } from "htm/preact";
import { Trash2 } from "lucide";
import { useState } from "preact/hooks";
import type { CredentialView } from "../../../src/protocol/admin-api/credentials.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import {
  addCredential,
  type CredentialDraft,
  getCredential,
  SECRET_NAMES,
  updateCredential,
} from "../../api/credentials.ts";
import { Button } from "../../components/button.ts";
import { EntryList } from "../../components/entry-list.ts";
import { ChoiceCards, TextField } from "../../components/field.ts";
import { Page } from "../../components/page.ts";
import { SaveBar } from "../../components/save-bar.ts";
import { SecretField } from "../../components/secret-field.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { deleteCredential, refreshCredentials } from "../../state/credentials.ts";
import { draftOf, type Refusals, useRefusals } from "../../state/draft.ts";
import { useResource } from "../../state/resource.ts";
import { href, navigate } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { toast } from "../../state/toasts.ts";
import { KINDS } from "./credentials.ts";

const NEW: CredentialDraft = {
  ...{ name: "", kind: "bearer", hosts: [], username: "", header: "", tokenUrl: "", clientId: "", scope: "" },
  secret: null,
};
const CRUMBS = { label: "Credentials", page: "credentials" };
const MOST_HOSTS = 20;
const HOST = /^(\[[^\]]+\]|[^\s:/@[\]]+):\d{1,5}$/;
const HINTS: Record<CredentialDraft["kind"], string> = {
  bearer: "Authorization: Bearer …",
  basic: "Authorization: Basic …",
  header: "Such as X-Api-Key",
  oauth2: "Parley fetches tokens with it, and fetches another in time",
};
const SECRETS: Record<CredentialDraft["kind"], string> = {
  bearer: "Token",
  basic: "Password",
  header: "Value",
  oauth2: "Client secret",
};

export function CredentialPage({ id }: { id: string }) {
  if (id === "new")
    return html`<${Page} title="New credential" crumbs=${CRUMBS}><${Editor} saved=${null} /><//>`;
  return html`<${SavedCredential} id=${id} />`;
}

function SavedCredential({ id }: { id: string }) {
  const { value, error, slow, reload, set } = useResource(id, (abort) => getCredential(id, abort));
  return html`<${Page}
    title=${value?.name ?? "Credential"}
    crumbs=${CRUMBS}
    actions=${value && html`<${Button} icon=${Trash2} kind="danger" onClick=${() => void deleteCredential(value)}>Delete<//>`}
  >
    ${error && !value && html`<${Failed} what="The credential could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${8} />`}
    ${value && html`<${UsedBy} usedBy=${value.usedBy} /><${Editor} saved=${value} onSaved=${(saved: CredentialView) => set(() => saved)} />`}
  <//>`;
}

/** While anything uses it, it cannot be deleted. */
function UsedBy({ usedBy }: Pick<CredentialView, "usedBy">) {
  if (usedBy.length === 0) return html`<p class="standing soft">Nothing uses it.</p>`;
  // MCP servers stand among the connections.
  const pageOf = (id: string) => href(id.startsWith("mcp_") ? "connections" : "tools", id);
  const links = usedBy.map(
    ({ id, label }, at) => html`${at > 0 && ", "}<a href=${pageOf(id)}><bdi>${label}</bdi></a>`,
  );
  return html`<p class="standing">Used by ${links}</p>`;
}

function Editor({
  saved,
  onSaved,
}: {
  saved: CredentialView | null;
  onSaved?: (saved: CredentialView) => void;
}) {
  const name = `credential/${tenantId.value}/${saved?.id ?? "new"}`;
  const draft = draftOf<CredentialDraft>(name, saved === null ? NEW : draftFrom(saved));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const refused = useRefusals(error, draft.changes);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const stored = await (saved === null
        ? addCredential(draft.value)
        : updateCredential(saved.id, draft.value));
      draft.undo();
      toast("Saved. It is sent from the next call on.");
      if (saved === null) navigate("credentials", stored.id);
      else onSaved?.(stored);
      await refreshCredentials();
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  return html`<div class="stack editor">
    <section class="form-section">
      <${TextField} label="Name" value=${draft.value.name} maxLength=${100} placeholder="ERP, read only" error=${refused("name")} insist onInput=${(text: string) => draft.set("name", text)} />
      ${
        saved === null &&
        html`<${ChoiceCards}
          label="What the API wants to see"
          value=${draft.value.kind}
          choices=${Object.entries(KINDS).map(([value, label]) => ({ value, label, hint: HINTS[value as CredentialDraft["kind"]] }))}
          onChange=${(kind: CredentialDraft["kind"]) => draft.set("kind", kind)}
        />`
      }
      <${Fields} value=${draft.value} set=${draft.set} refused=${refused} />
      <${Secret} saved=${saved} value=${draft.value} set=${draft.set} refused=${refused} error=${error} />
      <${Hosts} hosts=${draft.value.hosts} refused=${refused} onChange=${(hosts: string[]) => draft.set("hosts", hosts)} />
    </section>
  </div>
  <${SaveBar}
    changed=${draft.changed}
    busy=${busy}
    blocked=${missing(draft.value, saved)}
    error=${error}
    save=${() => void save()}
    undo=${() => {
      draft.undo();
      setError(null);
    }}
  />`;
}

type Set = <Key extends keyof CredentialDraft>(key: Key, value: CredentialDraft[Key]) => void;
type FieldsProps = { value: CredentialDraft; set: Set; refused: Refusals };

function Fields({ value, set, refused }: FieldsProps) {
  const text = (
    key: "username" | "header" | "tokenUrl" | "clientId" | "scope",
    label: string,
    more: object,
  ) =>
    html`<${TextField} mono label=${label} value=${value[key]} error=${refused(key)} insist onInput=${(typed: string) => set(key, typed)} ...${more} />`;
  if (value.kind === "basic") return text("username", "User", { maxLength: 200 });
  if (value.kind === "header") return text("header", "Header", { placeholder: "X-Api-Key", maxLength: 100 });
  if (value.kind === "bearer") return null;
  return html`
    ${text("tokenUrl", "Where tokens are fetched", { placeholder: "https://login.example.org/oauth2/token", help: "An operator has to list its host and port under Egress, too." })}
    ${text("clientId", "Client id", { maxLength: 500 })}
    ${text("scope", "Scope", { maxLength: 1_000, help: "As the API's description names it; often none." })}`;
}

type SecretProps = FieldsProps & { saved: CredentialView | null; error: ApiError | null };

function Secret({ saved, value, set, refused, error }: SecretProps) {
  // Refused for where it would go: it is entered again here.
  const again = error?.code === "CREDENTIAL_REENTRY_REQUIRED" && value.secret === null ? error.message : null;
  return html`<${SecretField}
    label=${SECRETS[value.kind]}
    help="Kept sealed, and never shown again."
    saved=${{ set: saved?.secret.set ?? false, last4: "" }}
    problem=${saved?.secretProblem}
    needed
    value=${value.secret}
    error=${refused(SECRET_NAMES[value.kind]) ?? again}
    onChange=${(secret: string | null) => set("secret", secret)}
  />`;
}

type HostsProps = { hosts: string[]; refused: Refusals; onChange: (hosts: string[]) => void };

function Hosts({ hosts, refused, onChange }: HostsProps) {
  return html`<${EntryList}
    label="Hosts that may see it"
    action="Add host"
    placeholder="erp.example.org:443"
    max=${MOST_HOSTS}
    mono
    entries=${hosts}
    problem=${(host: string, at: number) => (HOST.test(host) ? refused(`hosts.${at}`) : "Write host:port, such as erp.example.org:443.")}
    onChange=${onChange}
    help="It is sent to these and nowhere else. Without one, to every host that an operator lists under Egress."
  />`;
}

function missing(draft: CredentialDraft, saved: CredentialView | null): string | null {
  if (draft.name.trim() === "") return "Name it.";
  if (draft.kind === "basic" && draft.username.trim() === "") return "Enter the user.";
  if (draft.kind === "header" && draft.header.trim() === "") return "Enter the header's name.";
  if (draft.kind === "oauth2" && (draft.tokenUrl.trim() === "" || draft.clientId.trim() === ""))
    return "Enter where tokens are fetched, and the client id.";
  const isOpen = saved === null && draft.secret === null && draft.kind !== "basic";
  return isOpen ? `Enter the ${SECRETS[draft.kind].toLowerCase()}.` : null;
}

function draftFrom(saved: CredentialView): CredentialDraft {
  const { name, kind, hosts, username = "", header = "", tokenUrl = "", clientId = "", scope } = saved;
  return { name, kind, hosts, username, header, tokenUrl, clientId, scope: scope ?? "", secret: null };
}
