/** Character references of HTML, which Markdown has too: all of them, by the standard's own parser. */
import { parseFragment } from "parse5";

const REFERENCE = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});/gi;

export function decodeEntities(text: string): string {
  return text.includes("&") ? text.replace(REFERENCE, decoded) : text;
}

/** What is no reference stays as it stands. */
function decoded(reference: string): string {
  const [node] = parseFragment(reference).childNodes;
  return node && "value" in node ? node.value : reference;
}
