import type { MissingWords, SynonymView } from "../../../src/protocol/admin-api/synonyms.ts";
import { before } from "./sample-data.ts";

/** Synonyms of the fake server. */
export type FakeSynonyms = {
  synonyms: SynonymView[];
  removed: SynonymView[];
  missing: MissingWords["items"];
};

const HOUR = 3_600_000;
const LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz";

function aSynonym(at: number, asked: string[], written: string[], bothWays = true): SynonymView {
  const times = { createdAt: before(at * 20 * HOUR), updatedAt: before(at * 20 * HOUR) };
  const line = `${asked.join(", ")} ${bothWays ? "=" : ">"} ${written.join(", ")}`;
  return { id: `syn_${at}`, asked, written, bothWays, line, ...times };
}

const SYNONYMS = [
  aSynonym(1, ["PTO", "time off"], ["paid time off", "annual leave"]),
  aSynonym(2, ["blue card"], ["parking permit"], false),
  aSynonym(3, [LONG], ["Etikettierungsaufgabenübertragungsgesetz für Rindfleischerzeugnisse"]),
  aSynonym(4, ["إجازة الأبوة"], ["إجازة الوالدين"]),
];

export function synonymsFor(scenario: string): FakeSynonyms {
  if (scenario === "empty") return { synonyms: [], removed: [], missing: [] };
  const missing = [
    {
      ...{ word: "flexipot", questions: 4, question: "How much FlexiPot can I carry over?" },
      conversation: "cnv_1",
    },
    { word: "zettelbox", questions: 1, question: "Wo steht die Zettelbox?", conversation: "cnv_2" },
  ];
  if (scenario !== "crowded") return { synonyms: [...SYNONYMS], removed: [], missing };
  const synonyms = Array.from({ length: 480 }, (_, at) => aSynonym(at, [`W${at}`], [`word number ${at}`]));
  return { synonyms, removed: [], missing };
}

/** The answer to a call below /api/admin/synonyms; null for any other. */
export function synonymCall(
  call: string,
  url: URL,
  body: Record<string, unknown>,
  state: FakeSynonyms,
  fail: (status: number, code: string, message: string, details?: unknown) => Response,
): Response | null {
  const [method, path = ""] = call.split(" ");
  const [, id = "", verb = ""] = /^\/api\/admin\/synonyms\/?([^/]*)\/?(.*)$/.exec(path) ?? [];
  if (!path.startsWith("/api/admin/synonyms")) return null;
  if (id === "missing") return Response.json({ items: state.missing });
  if (id === "export") return new Response(state.synonyms.map(({ line }) => `${line}\n`).join(""));
  if (id === "import") {
    const lines = [{ line: 2, message: "Write what people say, then =, then what the documents say." }];
    if (String(body.text).includes("nonsense"))
      return fail(400, "VALIDATION", "Nothing was added. Line 2: …", { lines });
    return Response.json({ added: 2, unchanged: 1 });
  }
  if (id !== "") return oneCall(method ?? "", id, verb, body, state, fail);
  if (method === "POST") {
    const { asked = [], written = [], bothWays } = body as Partial<SynonymView>;
    if (written.includes("taken"))
      return fail(409, "CONFLICT", "These words are synonyms already. Change that entry instead.");
    const added = { ...aSynonym(0, asked, written, bothWays), id: `syn_new${state.synonyms.length}` };
    state.synonyms.unshift(added);
    return Response.json(added, { status: 201 });
  }
  return Response.json(list(url, state));
}

function list(url: URL, { synonyms }: FakeSynonyms) {
  const q = url.searchParams.get("q")?.toLowerCase() ?? "";
  const matching = synonyms.filter(({ line }) => line.toLowerCase().includes(q));
  const from = Number(url.searchParams.get("cursor") ?? 0);
  const to = from + 50;
  return {
    items: matching.slice(from, to),
    nextCursor: to < matching.length ? String(to) : null,
    ...{ total: synonyms.length, most: 500 },
  };
}

function oneCall(
  method: string,
  id: string,
  verb: string,
  body: Record<string, unknown>,
  state: FakeSynonyms,
  fail: (status: number, code: string, message: string) => Response,
): Response {
  const removed = state.removed.find((each) => each.id === id);
  if (verb === "restore" && removed) {
    state.synonyms.unshift(removed);
    return Response.json(removed);
  }
  const found = state.synonyms.find((each) => each.id === id);
  if (!found) return fail(404, "NOT_FOUND", "There is no such synonym. It may have been deleted.");
  if (method === "DELETE") {
    state.synonyms = state.synonyms.filter((each) => each !== found);
    state.removed.push(found);
    return new Response(null, { status: 204 });
  }
  if (method === "PATCH") Object.assign(found, body, { updatedAt: before(0) });
  return Response.json(found);
}
