import type { TextFilter } from "../domain/text-filter.ts";

/** How models that think mark it, where the server does not take it out of their text. */
const MARKS: readonly (readonly [opening: string, closing: RegExp])[] = [
  ["<think>", /<\/think>/i],
  ["<thinking>", /<\/thinking>/i],
  ["<thought>", /<\/thought>/i],
  ["<reasoning>", /<\/reasoning>/i],
  ["[think]", /\[\/think\]/i],
];
const LONGEST_MARK = "</reasoning>".length;

/**
 * A reply without the thoughts that it begins with, and without the space before its first word. Marks further on are
 * the answer's own: somebody may have asked about them.
 *
 * @param think gets the thoughts, piece by piece
 */
export function withoutThoughts(think: (thought: string) => void = () => {}): TextFilter {
  let closing: RegExp | null = null;
  let isBegun = false;
  /** Not decided yet: the beginning of a mark, or the end of a thought that may be half of one. */
  let held = "";

  /** Whether the thought is over. */
  function leaveThought(mark: RegExp): boolean {
    const end = mark.exec(held);
    think(end === null ? held.slice(0, -LONGEST_MARK) : held.slice(0, end.index));
    held = end === null ? held.slice(-LONGEST_MARK) : held.slice(end.index + end[0].length);
    return end !== null;
  }

  return {
    push(text) {
      if (isBegun) return text;
      held += text;
      for (;;) {
        if (closing !== null && !leaveThought(closing)) return "";
        held = held.trimStart();
        const start = held.slice(0, LONGEST_MARK).toLowerCase();
        const mark = MARKS.find(([opening]) => start.startsWith(opening));
        closing = mark?.[1] ?? null;
        if (mark) held = held.slice(mark[0].length);
        else if (MARKS.some(([opening]) => opening.startsWith(start))) return "";
        else {
          isBegun = true;
          return held;
        }
      }
    },
    end() {
      if (closing !== null && !isBegun) think(held);
      return isBegun || closing !== null ? "" : held;
    },
  };
}
