import { html } from "htm/preact";
import { everyCredential } from "../../api/credentials.ts";
import { useResource } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { Select } from "./select.ts";

type PickerProps = {
  value: string | null;
  error: string | null;
  label?: string;
  /** Without the line that says what it is. */
  bare?: boolean;
  onChange: (credential: string | null) => void;
};

/** What the API wants to see, by the name that an admin gave it. */
export function CredentialPicker({ value, error, label = "Credential", bare, onChange }: PickerProps) {
  const { value: all, error: failed } = useResource(`credentials/${tenantId.value}`, everyCredential);
  const known = Object.fromEntries((all ?? []).map(({ id, name }) => [id, name]));
  // While they are on their way, the one that is chosen stays chosen.
  const chosen = value !== null && !(value in known) ? { [value]: all === null ? "…" : "Deleted" } : {};
  const add = html`What the API wants to see before it answers. <a href=${href("credentials", "new")}>Add a credential</a>`;
  return html`<${Select}
    label=${label}
    value=${value ?? ""}
    choices=${{ "": "None", ...known, ...chosen }}
    help=${!bare && add}
    error=${error ?? failed?.message ?? null}
    onChange=${(id: string) => onChange(id === "" ? null : id)}
  />`;
}
