import { html } from "htm/preact";
import type { ConnectionView } from "../../../src/protocol/admin-api/connections.ts";
import { getSchema } from "../../api/connections.ts";
import { useResource } from "../../state/resource.ts";
import { CodeField } from "./code-field.ts";
import { suggestionsFor } from "./query-suggestions.ts";
import { tokensOf } from "./query-tokens.ts";

type QueryFieldProps = {
  connection: ConnectionView | null;
  value: string;
  error: string | null;
  parameters: readonly string[];
  onInput: (query: string) => void;
};

const SQL_EXAMPLE = "select pieces from stock where product = :product and city = :city";
const JSON_EXAMPLE = '{ "collection": "stock", "find": { "product": ":product", "city": ":city" } }';
const SQL_HELP = "One statement that only reads, with :parameters where people choose.";
const JSON_HELP =
  'A find, an aggregate or a count as JSON, with ":parameters" as whole values where people choose.';

/** The query as the database gets it, with what the role may read to complete it from. */
export function QueryField({ connection, value, error, parameters, onInput }: QueryFieldProps) {
  const isReady = connection?.state === "ready";
  // One that cannot be reached has nothing to complete from; a query can be written all the same.
  const { value: schema } = useResource(`schema/${isReady ? connection.id : ""}`, async (abort) =>
    isReady ? getSchema(connection.id, abort) : null,
  );
  const language = connection?.type ?? "postgres";
  const isSql = language !== "mongodb";
  const schemas = schema?.schemas ?? [];
  return html`<${CodeField}
    label="Query"
    value=${value}
    error=${error}
    placeholder=${isSql ? SQL_EXAMPLE : JSON_EXAMPLE}
    help=${`${isSql ? SQL_HELP : JSON_HELP} Ctrl and Space complete what the role may read.`}
    tokens=${tokensOf(value, language)}
    suggest=${(text: string, caret: number, isAskedFor: boolean) => suggestionsFor({ text, caret, language, schemas, parameters }, isAskedFor)}
    onInput=${onInput}
  />`;
}
