/** A call of each endpoint, for tests that go over all of them. A new endpoint fails here until it has its line. */
import type { Endpoint } from "../../src/http/endpoints.ts";

const ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/** Ids of the right form that nothing has. */
export const UNKNOWN_IDS: Record<string, string> = {
  "/api/admin/tenants/:id": `ten_${ULID}`,
  "/api/admin/knowledge/:id": `src_${ULID}`,
  "/api/admin/conversations/:id": `cnv_${ULID}`,
  "/api/admin/models/indexes/:id": `emb_${ULID}`,
  "/api/admin/evals/questions/:id": `gld_${ULID}`,
  "/api/admin/evals/runs/:id": `evr_${ULID}`,
  ":name": "no-such-model",
  ":message": `msg_${ULID}`,
  ":session": `ses_${ULID}`,
  ":key": `pk_${ULID}`,
};

/** The endpoint's path with ids in place of its parameters; unknown ones where `ids` has none. */
export function examplePath({ path }: Pick<Endpoint, "path">, ids: Record<string, string> = {}): string {
  const known = { ...UNKNOWN_IDS, ...ids };
  return path.replace(/^(.*?)(:\w+)(?=\/|$)(.*)$/, fill).replace(/^(.*?)(:\w+)(?=\/|$)(.*)$/, fill);

  function fill(_whole: string, before: string, parameter: string, after: string): string {
    const id = parameter === ":id" ? known[`${before}:id`] : known[parameter];
    if (id === undefined) throw new Error(`Give ${path} an example id in tests/helpers/endpoint-examples.ts`);
    return `${before}${id}${after}`;
  }
}
