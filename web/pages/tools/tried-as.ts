import { html } from "htm/preact";
import type { ToolDraft, TriedAs } from "../../api/tools.ts";
import { TextField } from "../../components/field.ts";

/** By field, as it is typed. */
export type TypedVisitor = Record<string, string>;

type VisitorFieldsProps = { visitor: TypedVisitor; onChange: (visitor: TypedVisitor) => void };

/** Whom a tool is tried as, where it is bound to who asks or is only for some. */
export function VisitorFields({ visitor, onChange }: VisitorFieldsProps) {
  const field = (key: string, label: string, placeholder: string) =>
    html`<${TextField} label=${label} value=${visitor[key] ?? ""} placeholder=${placeholder} onInput=${(text: string) => onChange({ ...visitor, [key]: text })} />`;
  return html`<fieldset class="parameter">
    <legend>As whom</legend>
    ${field("id", "Visitor's id", "u-1042")}
    ${field("email", "Visitor's e-mail address", "anna@example.org")}
    ${field("groups", "Visitor's groups", "warehouse, purchasing")}
  </fieldset>`;
}

export function needsVisitor({
  parameters,
  audience,
}: Pick<ToolDraft, "audience"> & { parameters: readonly { boundTo: string | null }[] }): boolean {
  return audience !== "everyone" || parameters.some(({ boundTo }) => boundTo !== null);
}

export function visitorOf({ id = "", email = "", groups = "" }: TypedVisitor): TriedAs | null {
  if (id.trim() === "" && email.trim() === "" && groups.trim() === "") return null;
  const named = groups.split(",").map((group) => group.trim());
  return {
    id: id.trim() || email.trim() || "visitor",
    email: email.trim() || null,
    groups: named.filter((group) => group !== ""),
  };
}
