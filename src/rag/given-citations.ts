/** Citations of an answer as it streams: numbers that no passage has never reach the visitor. */
import type { TextFilter } from "../domain/text-filter.ts";

/** A mark of numbers, the space before it where that came with it, and what follows: `[1](` is a link. */
const MARK = /[ \t]?\[\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*\](?!\()/g;
/** What may become a mark, or show whether one is a link. */
const OPEN_MARK = /[ \t]?\[[\s\d,;]{0,60}\]?$/;
const FENCE = 3;

/** Leaves out of every mark the numbers that are not `given`, and marks with no other. What stands in code is code. */
export function withGivenCitations(given: ReadonlySet<number>): TextFilter {
  let held = "";
  /** Length of the run of backticks that opened the code we are in; 0 outside of any. */
  let code = 0;

  function pass(text: string): string {
    return text
      .split(/(`+)/)
      .map((part) => {
        if (part.startsWith("`")) return toggle(part);
        // Code in a line ends with it.
        if (code > 0 && code < FENCE && part.includes("\n")) code = 0;
        return code > 0 ? part : part.replace(MARK, (mark) => givenOf(mark, given));
      })
      .join("");
  }

  function toggle(run: string): string {
    if (code === 0) code = run.length;
    else if (run.length === code || (code >= FENCE && run.length >= code)) code = 0;
    return run;
  }

  return {
    push(text) {
      if (held === "" && code === 0 && !/[[`]/.test(text)) return text;
      const whole = held + text;
      // How long a run of backticks is, what follows it tells.
      const run = /`+$/.exec(whole)?.[0] ?? "";
      if (run !== "") {
        held = run;
        return pass(whole.slice(0, -run.length));
      }
      // Only behind the last one is it known whether we are in code.
      const settled = Math.max(whole.lastIndexOf("`"), whole.lastIndexOf("\n")) + 1;
      const shown = pass(whole.slice(0, settled));
      held = (code === 0 && OPEN_MARK.exec(whole.slice(settled))?.[0]) || "";
      return shown + pass(whole.slice(settled, whole.length - held.length));
    },
    end() {
      const rest = pass(held);
      held = "";
      return rest;
    },
  };
}

function givenOf(mark: string, given: ReadonlySet<number>): string {
  const numbers = mark.match(/\d+/g)?.map(Number) ?? [];
  const kept = numbers.filter((number) => given.has(number));
  if (kept.length === numbers.length) return mark;
  return kept.length === 0 ? "" : `${/^[ \t]?/.exec(mark)?.[0] ?? ""}[${kept.join(", ")}]`;
}
