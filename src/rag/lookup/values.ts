/** What a question says of a tool's parameters. A value that could be another one is left out: it is asked for. */
import type { ArgumentValue, ToolParameter } from "../../domain/tool.ts";
import { isSmallWord } from "../language.ts";
import { choiceMentions, type OtherTerms, writingsOf } from "./choices.ts";
import { type DateMention, dateMentions } from "./dates.ts";
import { numberMentions, quotedMentions, type TokenMention, tokenMentions } from "./literals.ts";
import { numberOfWord } from "./number-words.ts";
import { isFiller } from "./strict-words.ts";
import { overlaps, type Question, type QuestionWord, type Span } from "./words.ts";

export type ReadValues = {
  /** One for each parameter that the question leaves no doubt about. */
  values: Map<string, ArgumentValue>;
  /** Several for the one parameter that is asked for more than once: "in Berlin and Hamburg". */
  several: { name: string; values: ArgumentValue[] } | null;
  /** What of the question has become a value. */
  used: Span[];
};

export type ReadOptions = {
  /** ISO 8601. */
  today: string;
  /** In which values are written. */
  languages: readonly string[];
  others: OtherTerms;
  /** Whether the tool is about this word, so that it is no name. */
  isKnown(word: QuestionWord): boolean;
};

/** What joins two of the same kind, folded. */
const AND = new Set("and und et y e en и و ja och og i a und".split(" "));
const MOST_AT_ONCE = 4;
const MOST_NAMES = 4;
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Parameters bound to the visitor are nobody's to set. */
export function readValues(
  question: Question,
  parameters: readonly ToolParameter[],
  options: ReadOptions,
): ReadValues {
  const open = parameters.filter(({ boundTo }) => boundTo === null);
  const read: ReadValues = { values: new Map(), several: null, used: [] };
  readIdentifiers(question, open, options, read);
  readChoices(question, open, options, read);
  readDates(question, open, options, read);
  readNumbers(question, open, options, read);
  readNames(question, open, options, read);
  return read;
}

function take(read: ReadValues, name: string, value: ArgumentValue, ...spans: Span[]): void {
  read.values.set(name, value);
  read.used.push(...spans);
}

function isFree({ used }: ReadValues, span: Span): boolean {
  return !used.some((other) => overlaps(other, span));
}

/** Of one language alone, since 1.234 is another number in the next. */
function onlyLanguage({ languages }: Question): string | null {
  return languages.length === 1 ? (languages[0] ?? null) : null;
}

function readChoices(
  question: Question,
  parameters: ToolParameter[],
  options: ReadOptions,
  read: ReadValues,
): void {
  const choices = parameters.filter(({ type, values }) => type === "enum" && values.length > 0);
  const found = choices.map((parameter) => ({
    name: parameter.name,
    mentions: choiceMentions(question, writingsOf(parameter), options.languages, options.others).filter(
      (mention) => isFree(read, mention),
    ),
  }));
  for (const { name, mentions } of found) {
    const isShared = found.some(
      (other) =>
        other.name !== name &&
        other.mentions.some((mention) => mentions.some((own) => overlaps(own, mention))),
    );
    if (isShared || mentions.length === 0) continue;
    takeAll(question, name, mentions, options, read);
  }
}

type Mention = Span & { value: ArgumentValue };

/** One value, or several of one parameter that are joined: then each is asked for. */
function takeAll(
  question: Question,
  name: string,
  mentions: readonly Mention[],
  options: ReadOptions,
  read: ReadValues,
): void {
  const values = [...new Set(mentions.map(({ value }) => value))];
  if (values.length === 1) take(read, name, values[0] ?? null, ...mentions);
  const isOnlyOne = read.several === null && values.length > 1 && values.length <= MOST_AT_ONCE;
  if (!isOnlyOne || !areJoined(question, mentions, options)) return;
  read.several = { name, values };
  read.used.push(...mentions);
}

/** Whether nothing but "and", commas, small words and what it is about anyway stands between them. */
function areJoined(question: Question, mentions: readonly Mention[], { isKnown }: ReadOptions): boolean {
  return mentions.slice(1).every((mention, place) => {
    const before = mentions[place];
    const between = question.words.filter(
      ({ start, end }) => start >= (before?.end ?? 0) && end <= mention.start,
    );
    const mark = question.text.slice(before?.end ?? 0, mention.start);
    const isAnd = /[,、，和与及]/.test(mark) || between.some(({ folded }) => AND.has(folded));
    return (
      isAnd &&
      between.every((word) => AND.has(word.folded) || isSmall(question, word.folded) || isKnown(word))
    );
  });
}

function isSmall({ languages }: Question, folded: string): boolean {
  return languages.some((language) => isSmallWord(folded, language));
}

function readIdentifiers(
  question: Question,
  parameters: ToolParameter[],
  options: ReadOptions,
  read: ReadValues,
): void {
  for (const parameter of parameters) {
    if (parameter.type !== "text") continue;
    const isIdentifier = identifierTest(parameter);
    if (isIdentifier === null) continue;
    const tokens = [...quotedMentions(question.text), ...tokenMentions(question.text)].flatMap((token) => {
      const value = isIdentifier(token);
      return value === null ? [] : [{ ...token, value }];
    });
    if (tokens.every((token) => isFree(read, token)))
      takeAll(question, parameter.name, tokens, options, read);
  }
}

/**
 * What a token is to a parameter with a pattern, or with an example that has digits in it: its value, or null. In other
 * case too, where only that fits ("inc-2041").
 */
function identifierTest(parameter: ToolParameter): ((token: TokenMention) => string | null) | null {
  const spellings = ({ text }: TokenMention) => [text, text.toUpperCase(), text.toLowerCase()];
  if (parameter.pattern !== null) {
    const pattern = compiled(parameter.pattern);
    if (pattern === null) return null;
    // A pattern that any word fits says nothing about which one is meant.
    const fitsWords = pattern.test("and") || pattern.test("And");
    return (token) => {
      if (fitsWords && !/[\p{N}@]/u.test(token.text)) return null;
      return spellings(token).find((text) => pattern.test(text)) ?? null;
    };
  }
  const { example } = parameter;
  if (example !== null && MAIL.test(example)) return ({ text }) => (MAIL.test(text) ? text : null);
  if (example === null || !/\p{N}/u.test(example) || /\s/.test(example)) return null;
  const shape = shapeOf(example);
  return (token) => spellings(token).find((text) => /\p{N}/u.test(text) && shapeOf(text) === shape) ?? null;
}

function compiled(pattern: string): RegExp | null {
  try {
    return new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    return null;
  }
}

/** "INC-2041" as "A-9": letters and digits by kind, whatever their number. */
function shapeOf(text: string): string {
  return text
    .replace(/\p{Lu}+/gu, "A")
    .replace(/\p{Ll}+/gu, "a")
    .replace(/\p{N}+/gu, "9");
}

/** One day for one parameter; for two, the days from and to, which a stretch gives as well. */
function readDates(
  question: Question,
  parameters: ToolParameter[],
  { today }: ReadOptions,
  read: ReadValues,
): void {
  const days = parameters.filter(({ type }) => type === "date");
  const mentions = dateMentions(question.text, today, onlyLanguage(question)).filter((mention) =>
    isFree(read, mention),
  );
  const [first, second] = days;
  if (first === undefined || days.length > 2 || mentions.length === 0) return;
  const spans = mentions.length <= 2 ? mentions : [];
  const whole = stretchOf(mentions);
  if (second === undefined) {
    if (whole !== null && whole.from === whole.to) take(read, first.name, whole.from, ...spans);
    return;
  }
  if (whole === null) return;
  const isReversed = isEnd(first) && !isEnd(second);
  const [from, to] = isReversed ? [second, first] : [first, second];
  take(read, from.name, whole.from, ...spans);
  take(read, to.name, whole.to);
}

/** From the first day to the last of one mention, or of two in their order. */
function stretchOf(mentions: readonly DateMention[]): { from: string; to: string } | null {
  const [first, last] = [mentions[0], mentions.at(-1)];
  if (first === undefined || last === undefined || mentions.length > 2 || first.from > last.to) return null;
  return { from: first.from, to: last.to };
}

function isEnd({ name }: ToolParameter): boolean {
  return /(^|_)(to|until|till|end|before|bis|ende|fin|hasta|jusqu|au|al)(_|$)/.test(name);
}

/** The only number for the only parameter that takes one. */
function readNumbers(
  question: Question,
  parameters: ToolParameter[],
  options: ReadOptions,
  read: ReadValues,
): void {
  const numeric = parameters.filter(({ type }) => type === "integer" || type === "decimal");
  const [parameter] = numeric;
  const mentions = [...numberMentions(question.text, onlyLanguage(question)), ...writtenOut(question)].filter(
    (mention) => isFree(read, mention),
  );
  if (parameter === undefined || numeric.length > 1) return;
  const values = mentions.map((mention) => ({ ...mention, value: numberFor(parameter, mention.value) }));
  if (values.every(({ value }) => value !== null)) takeAll(question, parameter.name, values, options, read);
}

/** Null for what the parameter does not take. */
function numberFor({ type, min, max }: ToolParameter, text: string): ArgumentValue {
  const value = Number(text);
  if (type === "integer" && !/^-?\d+$/.test(text)) return null;
  if (value < (min ?? Number.NEGATIVE_INFINITY) || value > (max ?? Number.POSITIVE_INFINITY)) return null;
  return type === "integer" && Number.isSafeInteger(value) ? value : text;
}

function writtenOut({ words }: Question) {
  return words.flatMap(({ folded, start, end }) => {
    const number = numberOfWord(folded);
    return number === null ? [] : [{ value: String(number), start, end }];
  });
}

/** A name is what is between quotes, or the one run of capitalised words that the tool knows nothing of. */
function readNames(
  question: Question,
  parameters: ToolParameter[],
  options: ReadOptions,
  read: ReadValues,
): void {
  const names = parameters.filter(
    (parameter) =>
      parameter.type === "text" && !read.values.has(parameter.name) && identifierTest(parameter) === null,
  );
  const [parameter] = names;
  if (parameter === undefined || names.length > 1) return;
  const quoted = quotedMentions(question.text).filter((mention) => isFree(read, mention));
  const [name] = quoted.length > 0 ? quoted : namesIn(question, options, read);
  if (name === undefined || quoted.length > 1) return;
  const { length } = name.text;
  if (length >= (parameter.min ?? 1) && length <= (parameter.max ?? 200))
    take(read, parameter.name, name.text, name);
}

function namesIn(question: Question, { isKnown }: ReadOptions, read: ReadValues): TokenMention[] {
  const unknown = question.words.filter(
    (word) =>
      /^\p{Lu}/u.test(word.text) &&
      isFree(read, word) &&
      !isKnown(word) &&
      !isSmall(question, word.folded) &&
      !isFiller(word.folded),
  );
  const [first, last] = [unknown[0], unknown.at(-1)];
  if (first === undefined || last === undefined || unknown.length > MOST_NAMES) return [];
  const run = question.words.filter(({ start, end }) => start >= first.start && end <= last.end);
  if (run.length !== unknown.length) return [];
  return [{ text: question.text.slice(first.start, last.end), start: first.start, end: last.end }];
}
