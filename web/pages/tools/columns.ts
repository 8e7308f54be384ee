import { html } from "htm/preact";
import { Plus, X } from "lucide";
import type { ToolColumn } from "../../api/tools.ts";
import { Button, IconButton } from "../../components/button.ts";
import { TextField } from "../../components/field.ts";
import type { SectionProps } from "./draft-kinds.ts";

const NEW: ToolColumn = { name: "", label: null, unit: null, mask: false };
const MOST_COLUMNS = 200;

/** How the columns of a result are told, and which nobody gets to see. */
export function Columns({ draft: { value, set }, refused }: SectionProps) {
  const { columns, type } = value;
  const change = (next: ToolColumn[]) => set("columns", next);
  return html`<section class="form-section">
    <h2>Columns</h2>
    ${columns.length === 0 && html`<p class="soft">${type === "rest_api" ? "All fields of a row, by their own names. Name those that are to be shown, in their order; a name with dots leads into an object." : "All of them, by their own names. Name those that want a label, a unit or a mask."}</p>`}
    ${columns.map(
      (column, at) => html`<${ColumnFields}
        key=${at}
        column=${column}
        error=${refused(`columns.${at}.name`)}
        onChange=${(changes: Partial<ToolColumn>) => change(columns.with(at, { ...column, ...changes }))}
        onRemove=${() => change(columns.toSpliced(at, 1))}
      />`,
    )}
    ${columns.length < MOST_COLUMNS && html`<div class="row"><${Button} icon=${Plus} onClick=${() => change([...columns, NEW])}>Add column<//></div>`}
  </section>`;
}

type ColumnProps = {
  column: ToolColumn;
  error: string | null;
  onChange: (changes: Partial<ToolColumn>) => void;
  onRemove: () => void;
};

function ColumnFields({ column: { name, label, unit, mask }, error, onChange, onRemove }: ColumnProps) {
  const orNull = (text: string) => (text === "" ? null : text);
  return html`<fieldset class="parameter">
    <legend class="row"><span class="mono">${name || "column"}</span><${IconButton} icon=${X} label=${`Remove ${name || "the column"}`} onClick=${onRemove} /></legend>
    <${TextField} label="Column" mono value=${name} maxLength=${200} error=${error} insist onInput=${(text: string) => onChange({ name: text.trim() })} />
    <${TextField} label="Label" value=${label ?? ""} maxLength=${200} placeholder=${name} onInput=${(text: string) => onChange({ label: orNull(text) })} />
    <${TextField} label="Unit" value=${unit ?? ""} maxLength=${40} placeholder="pieces" onInput=${(text: string) => onChange({ unit: orNull(text) })} />
    <label class="check"><input type="checkbox" checked=${mask} onChange=${() => onChange({ mask: !mask })} /> Mask the values (•••)</label>
  </fieldset>`;
}
