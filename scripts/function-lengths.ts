/**
 * How long functions are, read from the formatter's indentation: a function ends at the first line that closes a
 * brace where its own first line begins. TypeScript's parser is no longer to be had from JavaScript (version 7), and a
 * parser of its own would be a dependency for one question.
 */
export type FunctionLength = { name: string; line: number; lines: number };

const HEAD =
  /^(\s*)(?:export )?(?:default )?(?:(?:public|private|static|override) )*(?:async )?(?:function\*?\s+(?<named>\w+)|(?:const|let) (?<arrow>\w+)(?:: [^=]+)? = (?:async )?(?:<.+>)?(?:\(.*|\w+ => \{)$|\*?(?<method>#?\w+)(?:<[^(]*>)?\((?!.*;$)|(?:get|set) (?<accessor>\w+)\()/;
/** They look like methods. */
const STATEMENTS = new Set(["if", "for", "while", "switch", "catch", "return", "super", "await", "with"]);

export function functionLengths(source: string): FunctionLength[] {
  const lines = source.split("\n");
  return lines.flatMap((line, index) => {
    const found = HEAD.exec(line);
    const { named, arrow, method, accessor } = found?.groups ?? {};
    const name = named ?? arrow ?? method ?? accessor;
    if (!found || name === undefined || STATEMENTS.has(name)) return [];
    const end = endOf(lines, index, found[1] ?? "");
    return end === null ? [] : [{ name, line: index + 1, lines: end - index + 1 }];
  });
}

/** The line that closes it; null where no body was opened, as in a call or a type. */
function endOf(lines: readonly string[], start: number, indent: string): number | null {
  let isOpen = opensBody(lines[start] ?? "");
  for (let at = start + 1; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line.trim() === "" || !line.startsWith(indent) || /^\s/.test(line.slice(indent.length))) continue;
    if (!isOpen && opensBody(line)) isOpen = true;
    // "}: Props) {" ends the parameters and begins the body.
    else if (isOpen) return line.slice(indent.length).startsWith("}") ? at : null;
    else if (!/[{<]$/.test(line)) return null;
  }
  return null;
}

/** Not the brace of a parameter that is taken apart: that one has no ")" or "=>" before it. */
function opensBody(line: string): boolean {
  return /(\)|>|\)?: [^(]+) \{$/.test(line);
}
