const SENTENCE_END = /[.!?…。！？؟]["'”’)\]]*(?:\s*\[[\d,\s]+\])*(?=\s)|\n+/g;

/**
 * The sentences of a growing answer that were finished after `from`, without marks that only the eye needs.
 *
 * @param isWhole nothing more is coming, so that the rest counts as finished
 * @returns the text to read out, and where to go on from next time
 */
export function spokenText(content: string, from: number, isWhole: boolean): { text: string; end: number } {
  let end = from;
  if (isWhole) end = content.length;
  else {
    SENTENCE_END.lastIndex = from;
    for (let match = SENTENCE_END.exec(content); match; match = SENTENCE_END.exec(content)) {
      end = match.index + match[0].length;
    }
  }
  return { text: readable(content.slice(from, end)), end };
}

function readable(text: string): string {
  return text
    .replace(/\[(?:[\d,\s]+|x)\]/gi, "")
    .replace(/[*_`#>|]+/g, "")
    .replace(/\s+([.,;:!?])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
