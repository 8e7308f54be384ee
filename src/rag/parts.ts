/** A question that asks two things that have nothing to do with each other, taken apart. */
import { opensAQuestion, readingsOf } from "./follow-up.ts";
import { contentWords, foldWord } from "./text.ts";

/** More is a list of questions, of which the words in common say most. */
const MOST_PARTS = 3;
/** Fewer words about something do not stand alone: "and who do I tell?" */
const LEAST_WORDS = 2;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const ENDS = /(?<=[?？؟])\s*(?=\S)/u;
/** "And" between two questions; what is behind it has to open one. */
const JOINS = /\s*[,;،，；]?\s+(?:and|und|et|y|e|en|и|و)\s+|[，,]?(?:以及|还有|并且|そして|また)/giu;

/** The parts, each a question of its own; only the question itself where it is one. */
export function partsOf(question: string): string[] {
  const parts = question.trim().split(ENDS).flatMap(joinedParts);
  const [first = "", ...others] = parts;
  const areApart =
    parts.length <= MOST_PARTS && standsAlone(first) && others.every((part) => isNew(first, part));
  return areApart ? parts : [question];
}

function joinedParts(question: string): string[] {
  for (const join of question.matchAll(JOINS)) {
    const [left, right] = [question.slice(0, join.index), question.slice(join.index + join[0].length)];
    if (opens(left) && opens(right)) return [`${left}?`, ...joinedParts(right)];
  }
  return [question];
}

function opens(text: string): boolean {
  return opensAQuestion(foldWord(/[\p{L}\p{N}\p{M}]+/u.exec(text)?.[0] ?? ""));
}

function standsAlone(part: string): boolean {
  return contentWords(part).length >= LEAST_WORDS;
}

/** Nothing in it leans on the part before. */
function isNew(before: string, part: string): boolean {
  if (!standsAlone(part)) return false;
  const { leaning, readings } = readingsOf([{ role: "user", content: before }], part);
  // How many words a part has tells nothing where none are set apart.
  return leaning !== "yes" && (readings[0] === part || UNSPACED.test(part));
}

/** By ISO 639-3 code; what is said where one part is answered and this one is not. */
const NOT_FOUND: Record<string, (part: string) => string> = {
  eng: (part) => `On “${part}” I found nothing in the documents.`,
  deu: (part) => `Zu „${part}“ habe ich in den Dokumenten nichts gefunden.`,
  fra: (part) => `Sur « ${part} », je n’ai rien trouvé dans les documents.`,
  spa: (part) => `Sobre «${part}» no he encontrado nada en los documentos.`,
  ita: (part) => `Su «${part}» non ho trovato nulla nei documenti.`,
  por: (part) => `Sobre «${part}» não encontrei nada nos documentos.`,
  nld: (part) => `Over “${part}” heb ik niets in de documenten gevonden.`,
  rus: (part) => `О «${part}» в документах ничего не найдено.`,
  arb: (part) => `لم أجد في المستندات شيئًا عن «${part}».`,
  cmn: (part) => `关于“${part}”，文档中没有找到相关内容。`,
  jpn: (part) => `「${part}」については、文書に見つかりませんでした。`,
};

export function partNotFound(part: string, language: string): string {
  return (NOT_FOUND[language] ?? (NOT_FOUND.eng as (part: string) => string))(part);
}
