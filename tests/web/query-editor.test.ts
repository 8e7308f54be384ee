import { describe, expect, test } from "bun:test";
import { suggestionsFor } from "../../web/pages/tools/query-suggestions.ts";
import { parametersIn, type QueryLanguage, tokensOf } from "../../web/pages/tools/query-tokens.ts";

const column = (name: string, type = "text") => ({ name, type, comment: null });
const STOCK = {
  ...{ name: "stock", comment: "What is in store", rowEstimate: 100 },
  columns: [column("product"), column("pieces", "integer"), column("City")],
};
const PEOPLE = {
  name: "people",
  comment: null,
  rowEstimate: 9,
  columns: [column("person_id"), column("email")],
};
const SCHEMAS = [{ name: "public", tables: [STOCK, PEOPLE] }];

/** What is offered at the `|`, as it would be inserted. */
function offered(text: string, language: QueryLanguage = "postgres", isAskedFor = false): string[] | null {
  const caret = text.indexOf("|");
  const asked = { text: text.replace("|", ""), caret, language, schemas: SCHEMAS, parameters: ["city"] };
  return suggestionsFor(asked, isAskedFor)?.options.map(({ insert }) => insert) ?? null;
}

describe("the parameters of a query", () => {
  test.each<[QueryLanguage, string, string[]]>([
    ["postgres", "select :a, x::int, y[1:z], array[:b] from t where n = :a and m > :c", ["a", "b", "c"]],
    [
      "postgres",
      "select ':no', \"a:no\", $$ :no $$, $x$ $$ :no $x$, E'\\':no' -- :no\n, /* :no */ :yes",
      ["yes"],
    ],
    ["postgres", "select 'C:\\' where a = :yes", ["yes"]],
    ["postgres", "select 'open :no", []],
    [
      "mysql",
      "select \"a :no\", `:no`, 'it\\'s :no' # :no\n from t where a = :yes and b = 5--:too",
      ["yes", "too"],
    ],
    ["mongodb", '{"collection": ":no", "find": {"a": ":yes", ":no": 1, "b": "x :no"}}', [":no", "yes"]],
  ])("of %s stand outside of strings, comments and casts: %s", (language, text, names) => {
    const found = parametersIn(text, language);
    expect(found).toEqual(names.map((name) => name.replace(":", "")));
  });

  test.each<QueryLanguage>(["postgres", "mysql", "mongodb"])(
    "nothing of a text of %s is lost on its way to its colours",
    (language) => {
      for (const text of [
        "",
        "select 'a' -- b",
        '{"a": [1, "x\\"y", true}',
        "\"'`$$[/*",
        "größe = :größe\n\n",
      ])
        expect(
          tokensOf(text, language)
            .map((token) => token.text)
            .join(""),
        ).toBe(text);
    },
  );
});

describe("what the caret is offered", () => {
  test.each<[string, string[] | null]>([
    ["select * from st|", ["stock"]],
    ["select * from |", ["stock", "people"]],
    ["select p| from stock", ["product", "pieces", "people", "partition", "position"]],
    ["select s.| from stock s", ["product", "pieces", '"City"']],
    ["select s.p| from people p, stock as s", ["product", "pieces"]],
    [
      "select e| from stock join people on true",
      ["email", "else", "end", "escape", "except", "exists", "extract"],
    ],
    ["select public.| ", ["stock", "people"]],
    ["select * from stock where city = :c|", ["city"]],
    ["select 'st|'", null],
    ["select 1 -- st|", null],
    ["select * from stock |", null],
    ["select * from stock where pieces|", null],
    ["sel|", ["select"]],
  ])("%s", (text, options) => {
    expect(offered(text)).toEqual(options);
  });

  test("comes without a letter only where it was asked for", () => {
    expect(offered("select | from stock", "postgres", true)?.slice(0, 3)).toEqual([
      "product",
      "pieces",
      '"City"',
    ]);
    expect(offered("select | from stock")).toBeNull();
  });

  test.each<[string, string[] | null]>([
    ['{"collection": "s|"}', ["stock"]],
    ['{"collection": "stock", "find": {"p|', ["product", "pieces", "projection"]],
    ['{"collection": "stock", "find": {"product": ":|', [":city"]],
    ['{"collection": "people", "aggregate": [{"$gro|": 1}]}', ["$group"]],
    ['{"collection": "stock", "aggregate": [{"$group": {"_id": "$pro|"}}]}', ["$project", "$product"]],
    ["{pi|", null],
  ])("in MongoDB's JSON: %s", (text, options) => {
    expect(offered(text, "mongodb")).toEqual(options);
  });
});
