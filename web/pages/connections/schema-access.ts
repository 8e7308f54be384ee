import { html } from "htm/preact";
import type { ConnectionView, DatabaseSchemaView } from "../../../src/protocol/admin-api/connections.ts";
import { getSchema } from "../../api/connections.ts";
import { AudienceField } from "../../components/audience.ts";
import { Below, Segmented } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { count } from "../../format.ts";
import type { Refusals } from "../../state/draft.ts";
import { useResource } from "../../state/resource.ts";

type Access = ConnectionView["schemaAccess"];
type Mask = ConnectionView["masks"][number];
type Table = { schema: string } & DatabaseSchemaView["schemas"][number]["tables"][number];

type AccessProps = {
  id: string;
  type: ConnectionView["type"];
  access: Access;
  masks: Mask[];
  refused: Refusals;
  onAccess: (access: Access) => void;
  onMasks: (masks: Mask[]) => void;
};

/** Whether a model may write a query of its own here, over which tables, and for whom. */
export function SchemaAccess({ type, access, ...props }: AccessProps) {
  if (type === "mongodb")
    return html`<section class="form-section" aria-label="Queries of a model">
      <h2>Queries of a model</h2>
      <p class="soft">No model writes queries for MongoDB. Write those that may be asked under Tools.</p>
    </section>`;
  const { enabled } = access;
  return html`<section class="form-section" aria-label="Queries of a model">
    <h2>Queries of a model</h2>
    <p class="soft">
      Off, a model asks this database with the queries under Tools and nothing else. On, it may also write one SELECT of its
      own over the tables that you tick. Parley reads each statement before it runs: nothing is written, no other table is
      read, and it ends after 5 seconds or 200 rows. Without a language model nobody uses it.
    </p>
    <${Segmented}
      label="A model may write queries"
      value=${enabled ? "on" : "off"}
      choices=${[{ value: "off", label: "Off" }, { value: "on", label: "On" }]}
      onChange=${(next: string) => props.onAccess({ ...access, enabled: next === "on" })}
    />
    <${Refused} error=${props.refused("schemaAccess.enabled")} />
    ${enabled && html`<${Opened} access=${access} ...${props} />`}
  </section>`;
}

function Opened({ id, access, masks, refused, onAccess, onMasks }: Omit<AccessProps, "type">) {
  const { audience, tables } = access;
  return html`<${Note} tone="warn">
      <p>
        A query under Tools is right because a person wrote it. What a model writes may answer another question than was
        asked, so visitors see the statement under its rows. Tick few tables, views made for it where you can, and hide every
        column that not everybody below may see: whoever may ask, may ask for each row.
      </p>
    <//>
    <${AudienceField} audience=${audience} onChange=${(next: Access["audience"]) => onAccess({ ...access, audience: next })} />
    <${Refused} error=${refused("schemaAccess.audience")} />
    <${Tables} id=${id} ticked=${tables} masks=${masks} onTick=${(next: Access["tables"]) => onAccess({ ...access, tables: next })} onMasks=${onMasks} />
    <${Refused} error=${refused("schemaAccess.tables")} />`;
}

function Refused({ error }: { error: string | null }) {
  return error === null ? null : html`<${Below} error=${error} />`;
}

type TablesProps = {
  id: string;
  ticked: Access["tables"];
  masks: Mask[];
  onTick: (tables: Access["tables"]) => void;
  onMasks: (masks: Mask[]) => void;
};

function Tables({ id, ticked, masks, onTick, onMasks }: TablesProps) {
  const { value, error, slow, reload } = useResource(`schema/${id}`, (abort) => getSchema(id, abort));
  const found: Table[] = (value?.schemas ?? []).flatMap(({ name: schema, tables }) =>
    tables.map((table) => ({ schema, ...table })),
  );
  const gone = value === null ? [] : ticked.filter((each) => !found.some((table) => isSame(each, table)));
  const tick = (table: Access["tables"][number], isOn: boolean) =>
    onTick([...ticked.filter((each) => !isSame(each, table)), ...(isOn ? [nameOf(table)] : [])]);
  return html`<fieldset class="tables">
    <legend class="label">Tables that may be asked</legend>
    ${error && !value && html`<${Failed} what="The tables could not be listed" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${5} />`}
    ${value && found.length === 0 && html`<p class="soft">No table. Grant the role SELECT on those that may be asked.</p>`}
    ${gone.map((table) => html`<${Gone} key=${`${table.schema}.${table.table}`} table=${table} remove=${() => tick(table, false)} />`)}
    ${found.map((table) => {
      const name = nameOf(table);
      const isOn = ticked.some((each) => isSame(each, name));
      return html`<${TableRow} key=${`${table.schema}.${table.name}`} table=${table} isOn=${isOn} masks=${masks} tick=${(on: boolean) => tick(name, on)} onMasks=${onMasks} />`;
    })}
  </fieldset>`;
}

type RowProps = {
  table: Table;
  isOn: boolean;
  masks: Mask[];
  tick: (isOn: boolean) => void;
  onMasks: (masks: Mask[]) => void;
};

function TableRow({ table, isOn, masks, tick, onMasks }: RowProps) {
  const { schema, name, comment } = table;
  const hidden = masks.filter((mask) => mask.schema === schema && mask.table === name);
  return html`<div class="table-choice">
    <label class="check">
      <input type="checkbox" checked=${isOn} onChange=${() => tick(!isOn)} />
      <span><span class="mono">${schema}.${name}</span>${comment && html` <span class="hint">${comment}</span>`}</span>
    </label>
    ${isOn && html`<${Columns} table=${table} hidden=${hidden} masks=${masks} onMasks=${onMasks} />`}
  </div>`;
}

type ColumnsProps = { table: Table; hidden: Mask[]; masks: Mask[]; onMasks: (masks: Mask[]) => void };

/** Which of its columns are in no answer: neither of a model nor among its first rows. */
function Columns({ table: { schema, name, columns }, hidden, masks, onMasks }: ColumnsProps) {
  const toggle = (column: string, isHidden: boolean) => {
    const others = masks.filter(
      (mask) => !(mask.schema === schema && mask.table === name && mask.column === column),
    );
    onMasks(isHidden ? [...others, { schema, table: name, column }] : others);
  };
  const told = hidden.length === 0 ? "none hidden" : `${count(hidden.length, "column")} hidden`;
  return html`<details class="columns">
    <summary>Columns · ${told}</summary>
    <div class="hidden-columns">
      ${columns.map((column) => {
        const isHidden = hidden.some((mask) => mask.column === column.name);
        return html`<label class="check" key=${column.name}>
          <input type="checkbox" checked=${isHidden} onChange=${() => toggle(column.name, !isHidden)} />
          <span>Hide <span class="mono">${column.name}</span> <span class="hint">${column.type}</span></span>
        </label>`;
      })}
    </div>
  </details>`;
}

function Gone({ table, remove }: { table: Access["tables"][number]; remove: () => void }) {
  return html`<div class="table-choice">
    <label class="check">
      <input type="checkbox" checked onChange=${remove} />
      <span><span class="mono">${table.schema}.${table.table}</span> <span class="hint">is not there any more, or the role may not read it</span></span>
    </label>
  </div>`;
}

function nameOf(table: Access["tables"][number] | Table): Access["tables"][number] {
  return { schema: table.schema, table: "table" in table ? table.table : table.name };
}

function isSame(left: Access["tables"][number], right: Access["tables"][number] | Table): boolean {
  const { schema, table } = nameOf(right);
  return left.schema === schema && left.table === table;
}
