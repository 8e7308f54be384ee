/** The sentence by which a model says that the passages do not hold the answer, kept from the visitor. */
import type { TextFilter } from "../domain/text-filter.ts";

/** In capitals and in English whatever is asked, so that it is neither translated nor written by chance. */
export const REFUSAL = "NO ANSWER IN THE DOCUMENTS.";

/** Models forget the full stop. */
const WITHOUT_STOP = REFUSAL.slice(0, -1);
/** What models put around a sentence: quotes, emphasis, a heading, a list. An answer may be made of nothing else. */
const DECORATION = /^[\s"'“”„«»‘’`*_#>()[\]-]{1,20}/;

export type RefusalFilter = TextFilter & {
  /** Whether the reply was the refusal. What came behind it is not shown either: it is not from the documents. */
  isRefusal(): boolean;
};

/** Keeps the refusal back, from its first letter on, until it is one or cannot be any more. */
export function withoutRefusal(): RefusalFilter {
  let state: "undecided" | "refusal" | "answer" = "undecided";
  let held = "";

  function decide(): string {
    const said = held.replace(DECORATION, "").replace(/\s+/g, " ").toUpperCase();
    if (said.startsWith(WITHOUT_STOP)) state = "refusal";
    else if (!REFUSAL.startsWith(said)) state = "answer";
    return state === "answer" ? release() : "";
  }

  /**
   * What of an answer can be shown: all but what may be the beginning of the sentence. Here it counts only as it was
   * given: that there is no answer in the documents of a year is what an answer may say.
   */
  function release(): string {
    const text = held.replaceAll(REFUSAL, "");
    const kept = heldBack(text);
    held = kept;
    return text.slice(0, text.length - kept.length);
  }

  return {
    push(text) {
      if (state === "refusal") return "";
      if (state === "answer" && held === "" && !text.includes("N")) return text;
      held += text;
      return state === "undecided" ? decide() : release();
    },
    end() {
      const rest = state === "refusal" ? "" : held.replaceAll(REFUSAL, "").replace(WITHOUT_STOP, "");
      held = "";
      return rest;
    },
    isRefusal: () => state === "refusal",
  };
}

/** The longest end of `text` that the sentence begins with. */
function heldBack(text: string): string {
  for (let length = Math.min(text.length, REFUSAL.length - 1); length > 0; length--) {
    if (text.endsWith(REFUSAL.slice(0, length))) return text.slice(-length);
  }
  return "";
}
