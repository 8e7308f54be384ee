/** Patterns that an admin writes for a text, and that somebody else chooses the text for. */

/** Repetitions that follow each other cost a power of the text's length: four of them, over 200 characters, a moment. */
const MAX_REPETITIONS = 4;

export function matchesWhole(pattern: string, text: string): boolean {
  return compiled(pattern)?.test(text) ?? false;
}

/**
 * Why a pattern cannot be used; null when it can. On a text that is chosen for it, an expression that repeats within a
 * repetition takes longer than anybody waits, and everybody waits with it.
 */
export function patternProblem(pattern: string): string | null {
  if (compiled(pattern) === null) return "is not a regular expression";
  if (/\\[1-9]|\\k</.test(pattern)) return "must not refer back to its own groups";
  const { nested, endless } = repetitionsOf(pattern);
  if (endless > MAX_REPETITIONS) return `must not have more than ${MAX_REPETITIONS} repetitions without end`;
  return nested ? "must not repeat a group that repeats or chooses within itself" : null;
}

function compiled(pattern: string): RegExp | null {
  try {
    return new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    return null;
  }
}

/** Escapes and classes come first, so that nothing in them counts. */
const PATTERN_PARTS =
  /\\.|\[(?:\\.|[^\]\\])*\]|(?<begins>\((?:\?(?:[:=!]|<[=!]|<\w+>))?)|(?<ends>\))(?<ofGroup>[*+]|\{\d+(?:,\d*)?\})?|(?<varies>[*+?|]|\{\d+,\d*\})/gs;

/** Whether a group that repeats holds another repetition or a choice, and how many repetitions have no end. */
function repetitionsOf(pattern: string): { nested: boolean; endless: number } {
  const found = { nested: false, endless: 0 };
  /** Of each group that is not closed yet, whether it can match one text in several ways. */
  const ambiguous = [false];
  for (const { groups: { begins, ends, ofGroup, varies } = {} } of pattern.matchAll(PATTERN_PARTS)) {
    if (begins !== undefined) ambiguous.push(false);
    const inner = ends !== undefined && ambiguous.pop() === true;
    if (inner && ofGroup !== undefined) found.nested = true;
    if (isEndless(ofGroup ?? varies)) found.endless++;
    if (inner || (ofGroup ?? varies) !== undefined) ambiguous[ambiguous.length - 1] = true;
  }
  return found;
}

const isEndless = (repetition: string | undefined) =>
  repetition !== undefined && /^[*+]$|,\}$/.test(repetition);
