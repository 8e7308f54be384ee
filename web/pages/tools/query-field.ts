import { html } from "htm/preact";
import type { ConnectionView } from "../../../src/protocol/admin-api/connections.ts";
import { TextField } from "../../components/field.ts";

type QueryFieldProps = {
  connection: ConnectionView | null;
  value: string;
  error: string | null;
  onInput: (query: string) => void;
};

/** The query as the database gets it. */
export function QueryField({ value, error, onInput }: QueryFieldProps) {
  return html`<${TextField} label="Query" mono rows=${8} value=${value} error=${error} insist
    placeholder="select pieces from stock where product = :product and city = :city"
    help="One statement that only reads, with :parameters where people choose. For MongoDB a find or an aggregate as JSON."
    onInput=${onInput} />`;
}
