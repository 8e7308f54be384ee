/** Phrases of a language as templates, matched word by word. */
import { talkWords } from "./words.ts";

/**
 * Templates: words in order, `(one|two words)` for a choice, `?` after it when it may be left out, `$name` for a list
 * of the same language. "(hi|hello) (there)?" is four phrases, "bye|see you" two.
 */
export type Template = string;
export type Slots = Readonly<Record<string, string>>;

type Part = { word: string } | { choices: Part[][]; optional: boolean };
export type Phrase = readonly Part[];

const TOKENS = /\$[a-z]+|[()|?]|[^$()|?]+/gi;

/** @throws Error for a template with a bracket or a list that is not there: a mistake in a table */
export function compile(template: Template, slots: Slots): Phrase {
  const tokens = template.match(TOKENS) ?? [];
  let at = 0;

  const choices = (): Part[][] => {
    const each = [sequence()];
    while (tokens[at] === "|") {
      at++;
      each.push(sequence());
    }
    return each;
  };
  const sequence = (): Part[] => {
    const parts: Part[] = [];
    for (let token = tokens[at]; token !== undefined && token !== ")" && token !== "|"; token = tokens[at]) {
      at++;
      if (token === "(") parts.push(group());
      else if (token.startsWith("$")) parts.push({ choices: [slot(token.slice(1))], optional: isOptional() });
      else parts.push(...talkWords(token).map((word) => ({ word })));
    }
    return parts;
  };
  const group = (): Part => {
    const each = choices();
    if (tokens[at] !== ")") throw new Error(`no closing bracket in “${template}”`);
    at++;
    return { choices: each, optional: isOptional() };
  };
  const slot = (name: string): Part[] => {
    const list = slots[name];
    if (list === undefined) throw new Error(`no list $${name} for “${template}”`);
    return [...compile(`(${list})`, slots)];
  };
  const isOptional = (): boolean => {
    const optional = tokens[at] === "?";
    if (optional) at++;
    return optional;
  };

  const phrase: Phrase = [{ choices: choices(), optional: false }];
  if (at < tokens.length) throw new Error(`a bracket too many in “${template}”`);
  return phrase;
}

/** Where in `words` the phrase may end that begins at `start`. */
export function endsOf(phrase: Phrase, words: readonly string[], start: number): Set<number> {
  let ends = new Set([start]);
  for (const part of phrase) {
    const next = new Set<number>();
    for (const end of ends) for (const after of endsOfPart(part, words, end)) next.add(after);
    if (next.size === 0) return next;
    ends = next;
  }
  return ends;
}

function endsOfPart(part: Part, words: readonly string[], start: number): Iterable<number> {
  if ("word" in part) return words[start] === part.word ? [start + 1] : [];
  const ends = new Set<number>(part.optional ? [start] : []);
  for (const choice of part.choices) for (const end of endsOf(choice, words, start)) ends.add(end);
  return ends;
}

/** Every word that stands in the template, lists left out. */
export function vocabularyOf(template: Template): string[] {
  return talkWords(template.replace(/\$[a-z]+|[()|?]/gi, " "));
}
