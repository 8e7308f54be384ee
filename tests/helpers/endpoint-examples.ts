/** A call of each endpoint, for tests that go over all of them. */
import { type IdKind, newId } from "../../src/domain/ids.ts";
import type { Endpoint } from "../../src/http/endpoint.ts";

export type Ids = Partial<Record<IdKind, string>>;

/** Ids of the right form that nothing has: always the same, so that answers can be compared. */
export function unknownId(kind: IdKind): string {
  return newId(kind).replace(/_.*/, "_01ARZ3NDEKTSV4RRFFQ69G5FAV");
}

/** For parameters that are no ids. A new one fails here until it has its line. */
const TEXTS: Record<string, string> = {
  name: "no-such-model",
  key: "pk_01ARZ3NDEKTSV4RRFFQ69G5FAV",
};

/** The endpoint's path with ids in place of its parameters; unknown ones where `ids` has none of that kind. */
export function examplePath({ path, params = {} }: Pick<Endpoint, "path" | "params">, ids: Ids = {}): string {
  return path.replace(/:(\w+)/g, (_parameter, name: string) => {
    const kind = params[name];
    const value = kind === "text" ? TEXTS[name] : kind && (ids[kind] ?? unknownId(kind));
    if (value === undefined) throw new Error(`Give ${path} an example in tests/helpers/endpoint-examples.ts`);
    return value;
  });
}
