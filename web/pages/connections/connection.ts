import { html } from "htm/preact";
import { KeyRound, PlugZap, Trash2 } from "lucide";
import { useState } from "preact/hooks";
import type {
  ConnectionView,
  NewRoleAnswer,
  TestConnectionAnswer,
} from "../../../src/protocol/admin-api/connections.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import {
  addConnection,
  type ConnectionSettings,
  getConnection,
  newRole,
  testConnection,
  updateConnection,
} from "../../api/connections.ts";
import { Button } from "../../components/button.ts";
import { CopyBlock } from "../../components/copy.ts";
import { ChoiceCards, Segmented, TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { Page } from "../../components/page.ts";
import { SaveBar } from "../../components/save-bar.ts";
import { SecretField } from "../../components/secret-field.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { deleteConnection, refreshConnections } from "../../state/connections.ts";
import { draftOf, type Refusals, useRefusals } from "../../state/draft.ts";
import { useResource } from "../../state/resource.ts";
import { navigate } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { toast } from "../../state/toasts.ts";
import { ConnectionState, DATABASES } from "./connection-state.ts";
import { SchemaAccess } from "./schema-access.ts";
import { SchemaBrowser } from "./schema-browser.ts";

type Opening = Pick<ConnectionView, "masks" | "schemaAccess">;
const CLOSED: Opening["schemaAccess"] = { enabled: false, tables: [], audience: "everyone" };
const PORTS = { postgres: 5432, mysql: 3306, mongodb: 27017 };
const NEW: ConnectionSettings = {
  ...{ name: "", type: "postgres", host: "", port: PORTS.postgres, database: "", username: "" },
  ...{ password: null, tls: "verify", ca: null },
};

export function ConnectionPage({ id }: { id: string }) {
  if (id === "new")
    return html`<${Page} title="New connection" crumbs=${{ label: "Connections", page: "connections" }}><${Editor} saved=${null} /><//>`;
  return html`<${SavedConnection} id=${id} />`;
}

function SavedConnection({ id }: { id: string }) {
  const { value, error, slow, reload, set } = useResource(id, (abort) => getConnection(id, abort));
  return html`<${Page}
    title=${value?.name ?? "Connection"}
    crumbs=${{ label: "Connections", page: "connections" }}
    actions=${value && html`<${Button} icon=${Trash2} kind="danger" onClick=${() => void deleteConnection(value)}>Delete<//>`}
  >
    ${error && !value && html`<${Failed} what="The connection could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${8} />`}
    ${value && html`<${Standing} connection=${value} /><${Editor} saved=${value} onSaved=${(saved: ConnectionView) => set(() => saved)} />`}
    ${value?.state === "ready" && html`<${SchemaBrowser} key=${value.updatedAt} id=${id} />`}
  <//>`;
}

function Standing({ connection }: { connection: ConnectionView }) {
  const { state, problem, serverVersion } = connection;
  if (problem)
    return html`<${Note} tone=${state === "failed" ? "bad" : "warn"}>${problem.message} No tool uses it until a check passes.<//>`;
  return html`<p class="row standing"><${ConnectionState} state=${state} />${serverVersion && html`<span class="soft">${serverVersion}</span>`}</p>`;
}

function Editor({
  saved,
  onSaved,
}: {
  saved: ConnectionView | null;
  onSaved?: (saved: ConnectionView) => void;
}) {
  const base = saved === null ? NEW : settingsOf(saved);
  const draft = draftOf<ConnectionSettings>(`connection/${tenantId.value}/${saved?.id ?? "new"}`, base);
  const opening = draftOf<Opening>(`connection/${tenantId.value}/${saved?.id ?? "new"}/opening`, {
    masks: saved?.masks ?? [],
    schemaAccess: saved?.schemaAccess ?? CLOSED,
  });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const refused = useRefusals(error, { ...draft.changes, ...opening.changes });
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const stored = await (saved === null
        ? addConnection(draft.value)
        : updateConnection(saved.id, draft.value, opening.changes));
      draft.undo();
      opening.undo();
      toast(
        stored.state === "ready" ? "Saved. Tools may use it now." : "Saved. It could not be reached yet.",
      );
      if (saved === null) navigate("connections", stored.id);
      else onSaved?.(stored);
      await refreshConnections();
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  const { value } = draft;
  const isWhole = [value.name, value.host, value.database].every((text) => text.trim() !== "");
  return html`<div class="stack editor">
    <section class="form-section">
      ${
        saved === null &&
        html`<${ChoiceCards}
        label="Database"
        value=${value.type}
        choices=${Object.entries(DATABASES).map(([type, label]) => ({ value: type, label }))}
        onChange=${(type: ConnectionSettings["type"]) => {
          if (Object.values(PORTS).includes(value.port)) draft.set("port", PORTS[type]);
          draft.set("type", type);
        }}
      />`
      }
      <${Fields} value=${value} set=${draft.set} refused=${refused} saved=${saved} />
    </section>
    <${Test} id=${saved?.id ?? null} settings=${value} disabled=${!isWhole} />
    <${Role} settings=${value} />
    ${
      saved !== null &&
      (saved.state === "ready" || saved.schemaAccess.enabled) &&
      html`<${SchemaAccess}
      key=${saved.updatedAt}
      id=${saved.id}
      type=${saved.type}
      access=${opening.value.schemaAccess}
      masks=${opening.value.masks}
      refused=${refused}
      onAccess=${(access: Opening["schemaAccess"]) => opening.set("schemaAccess", access)}
      onMasks=${(masks: Opening["masks"]) => opening.set("masks", masks)}
    />`
    }
  </div>
  <${SaveBar}
    changed=${draft.changed + opening.changed}
    busy=${busy}
    blocked=${isWhole ? null : "Name, host and database are needed."}
    error=${error}
    save=${() => void save()}
    undo=${() => {
      draft.undo();
      opening.undo();
      setError(null);
    }}
  />`;
}

type FieldsProps = {
  value: ConnectionSettings;
  set: <Key extends keyof ConnectionSettings>(key: Key, value: ConnectionSettings[Key]) => void;
  refused: Refusals;
  saved: ConnectionView | null;
};

function Fields({ value, set, refused, saved }: FieldsProps) {
  const text = (key: "name" | "host" | "database" | "username", label: string, more: object = {}) =>
    html`<${TextField} label=${label} value=${value[key]} error=${refused(key)} insist onInput=${(typed: string) => set(key, typed)} ...${more} />`;
  return html`
    ${text("name", "Name", { placeholder: "Warehouse", maxLength: 80 })}
    ${text("host", "Host", { mono: true, placeholder: "db.example.org", help: "An operator has to list host and port under Egress, or Parley does not dial it." })}
    <${TextField} label="Port" type="number" min=${1} max=${65_535} value=${String(value.port)} error=${refused("port")} insist onInput=${(typed: string) => set("port", Number(typed))} />
    ${text("database", "Database", { mono: true })}
    ${text("username", "User", { mono: true, help: "A role that can only read. Below are the commands that make one." })}
    <${SecretField}
      label="Password"
      help="Kept sealed, and never shown again."
      saved=${{ set: saved?.password.set ?? false, last4: "" }}
      problem=${saved?.passwordProblem}
      value=${value.password}
      error=${refused("password")}
      onChange=${(password: string | null) => set("password", password)}
    />
    <${Segmented}
      label="Encryption"
      value=${value.tls}
      choices=${[
        { value: "verify", label: "Verified" },
        { value: "require", label: "Encrypted" },
        { value: "off", label: "None" },
      ]}
      help="Verified: the server's certificate has to be right. Encrypted: any certificate is believed."
      onChange=${(tls: ConnectionSettings["tls"]) => set("tls", tls)}
    />
    ${
      value.tls === "verify" &&
      html`<${TextField}
      label="Certificate of your authority (PEM)"
      mono
      rows=${4}
      value=${value.ca ?? ""}
      error=${refused("ca")}
      insist
      help="Leave it empty where the server's certificate is signed by one that this machine trusts."
      onInput=${(ca: string) => set("ca", ca === "" ? null : ca)}
    />`
    }`;
}

function Test({
  id,
  settings,
  disabled,
}: {
  id: string | null;
  settings: ConnectionSettings;
  disabled: boolean;
}) {
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<TestConnectionAnswer | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const test = async () => {
    setBusy(true);
    setError(null);
    try {
      setAnswer(await testConnection(id, settings));
    } catch (thrown) {
      setAnswer(null);
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  return html`<section class="form-section">
    <div class="row"><${Button} icon=${PlugZap} busy=${busy} disabled=${disabled} onClick=${() => void test()}>Test the connection<//></div>
    <div aria-live="polite">
      ${answer && html`<${Note} tone=${answer.ok ? "good" : "bad"}>${answer.message}<//>`}
      ${error && html`<${Note} tone="bad">${error.message}<//>`}
    </div>
  </section>`;
}

/** What an admin of the database has to run once. */
function Role({ settings }: { settings: ConnectionSettings }) {
  const [busy, setBusy] = useState(false);
  const [role, setRole] = useState<NewRoleAnswer | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const make = async () => {
    setBusy(true);
    setError(null);
    try {
      setRole(await newRole({ type: settings.type, database: settings.database }));
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  return html`<section class="form-section">
    <h2>A role that can only read</h2>
    <p class="soft">Parley refuses a role that can write. These commands make one that cannot, with a password made for it; run them as an admin of the database.</p>
    ${role && html`<${CopyBlock} label="Commands" text=${role.commands} rows=${8} /><p class="hint">User <code>${role.username}</code>, password <code>${role.password}</code>. It is shown this once.</p>`}
    ${error && html`<${Note} tone="bad">${error.message}<//>`}
    <div class="row">
      <${Button} icon=${KeyRound} busy=${busy} disabled=${settings.database.trim() === ""} onClick=${() => void make()}>
        ${role ? "Make other commands" : "Show the commands"}
      <//>
    </div>
  </section>`;
}

function settingsOf({
  name,
  type,
  host,
  port,
  database,
  username,
  tls,
  ca,
}: ConnectionView): ConnectionSettings {
  return { name, type, host, port, database, username, password: null, tls, ca };
}
