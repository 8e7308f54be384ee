import { html } from "htm/preact";
import type { ApiError } from "../../api/client.ts";
import { fieldProblems } from "../../api/client.ts";
import { Segmented, TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import type { SynonymDraft } from "../../state/dialogs.ts";
import { wordsOf } from "../../state/synonyms.ts";

const DIRECTIONS = [
  { value: "both", label: "Both ways" },
  { value: "one", label: "One way" },
];

type FormProps = {
  draft: SynonymDraft;
  error: ApiError | null;
  /** Whether what is missing is said although no field was left. */
  insist: boolean;
  autofocus?: boolean;
  change: (changes: Partial<SynonymDraft>) => void;
};

/** What people say, what the documents say for it, and whether that holds the other way round. */
export function SynonymFields({ draft, error, insist, autofocus = false, change }: FormProps) {
  const missing = missingIn(draft);
  const refused = refusals(error);
  return html`<${TextField}
      label="People say"
      help="One word or several, set apart by commas."
      placeholder="PTO"
      maxLength=${900}
      autofocus=${autofocus && draft.asked === ""}
      insist=${insist || refused.asked !== null}
      error=${missing.asked ?? refused.asked}
      value=${draft.asked}
      onInput=${(asked: string) => change({ asked })}
    />
    <${TextField}
      label="The documents say"
      help="What to look for as well, in the words of the documents."
      placeholder="paid time off, annual leave"
      maxLength=${900}
      autofocus=${autofocus && draft.asked !== ""}
      insist=${insist || refused.written !== null}
      error=${missing.written ?? refused.written}
      value=${draft.written}
      onInput=${(written: string) => change({ written })}
    />
    <${Segmented}
      label="Direction"
      help=${inWords(draft)}
      value=${draft.bothWays ? "both" : "one"}
      choices=${DIRECTIONS}
      onChange=${(direction: string) => change({ bothWays: direction === "both" })}
    />
    ${error && refused.asked === null && refused.written === null && html`<${Note} tone="bad">${error.message}<//>`}`;
}

export function isWhole(draft: SynonymDraft): boolean {
  return Object.values(missingIn(draft)).every((problem) => problem === null);
}

function missingIn({ asked, written }: SynonymDraft) {
  return {
    asked: wordsOf(asked).length === 0 ? "Enter what people say." : null,
    written: wordsOf(written).length === 0 ? "Enter what the documents say for it." : null,
  };
}

function refusals(error: ApiError | null): { asked: string | null; written: string | null } {
  const fields = Object.entries(fieldProblems(error));
  const of = (side: string) =>
    fields.find(([field]) => field === side || field.startsWith(`${side}.`))?.[1] ?? null;
  return { asked: of("asked"), written: of("written") };
}

function inWords({ asked, written, bothWays }: SynonymDraft): string {
  const [one = "what people say"] = wordsOf(asked).map(quoted);
  const [other = "what the documents say"] = wordsOf(written).map(quoted);
  const finds = `A question with ${one} also finds ${other}`;
  return bothWays ? `${finds}, and the other way round.` : `${finds}, not the other way round.`;
}

const quoted = (word: string) => `“${word}”`;
