/** What the documents are about, told by their titles and headings. */
import type { DocumentOutline } from "../../domain/knowledge.ts";
import { detectLanguage } from "../language.ts";
import { talkWords } from "./words.ts";

const MOST_TOPICS = 6;
const LONGEST_TOPIC = 48;
const QUESTION = { fewestWords: 3, shortest: 12, longest: 90 };
const MOST_WORDS_OF_A_SUBJECT = 4;
/** Files that say how a folder is made, not what people ask about. */
const NO_TOPIC =
  /^(read ?me|index|home|start|toc|contents?|overview|change ?log|licen[cs]e|contributing|untitled|inhalt|sommaire|indice|summary)$/i;

/** Topics as a visitor may read them, those with most behind them first, each once. */
export function topicsOf(outlines: readonly DocumentOutline[]): string[] {
  const topics = new Map<string, string>();
  for (const outline of outlines) {
    const topic = topicOf(outline);
    if (topic !== null) topics.set(talkWords(topic).join(" "), topic);
  }
  return [...topics.values()].slice(0, MOST_TOPICS);
}

export type Candidate = { question: string; source: DocumentOutline["source"] | null };

/**
 * Questions that the documents should answer, the best first: headings that are questions themselves, then what
 * other headings are about, asked as `template` asks it.
 */
export function questionsOf(
  outlines: readonly DocumentOutline[],
  language: string,
  template: string,
): Candidate[] {
  const asked = outlines.flatMap(({ source, headingPaths }) => {
    const heading = headingPaths
      .flatMap((path) => path.slice(-1))
      .find((each) => isQuestionIn(each, language));
    return heading === undefined ? [] : [{ question: readable(heading), source }];
  });
  const about = outlines.flatMap((outline) => {
    const subject = subjectOf(outline);
    return subject === null
      ? []
      : [{ question: template.replace("{topic}", () => subject), source: outline.source }];
  });
  return [...asked, ...about];
}

/** The heading over all of a document, else its title. */
function topicOf({ title, headingPaths }: DocumentOutline): string | null {
  const tops = new Set(headingPaths.flatMap((path) => path.slice(0, 1)));
  const [top] = tops;
  const name = readable(tops.size === 1 && top !== undefined ? top : fromFileName(title));
  return name.length < 2 || name.length > LONGEST_TOPIC || NO_TOPIC.test(name) ? null : name;
}

/** Of the first section with a name that a question can be made with. */
function subjectOf(outline: DocumentOutline): string | null {
  const sections = outline.headingPaths.filter((path) => path.length > 1).flatMap((path) => path.slice(-1));
  const names = [...sections.map(readable), topicOf(outline) ?? ""];
  return names.find((name) => isSubject(name)) ?? null;
}

function isSubject(name: string): boolean {
  const words = talkWords(name).length;
  return (
    words > 0 && words <= MOST_WORDS_OF_A_SUBJECT && !/[\d?？؟:!()/]/u.test(name) && !NO_TOPIC.test(name)
  );
}

function isQuestionIn(heading: string, language: string): boolean {
  const { length } = heading;
  if (!/[?？؟]$/u.test(heading.trim()) || length < QUESTION.shortest || length > QUESTION.longest)
    return false;
  if (talkWords(heading).length < QUESTION.fewestWords) return false;
  const detected = detectLanguage(heading);
  return detected === "und" || detected === language;
}

/** Without marks of Markdown, numbers of sections and white space that is not seen. */
function readable(heading: string): string {
  const text = heading
    .replace(/\\(?=[^\p{L}\p{N}\s])/gu, "")
    .replace(/[*_`#]+/g, "")
    .replace(/^[\d.]+\s+/, "");
  return text
    .replace(/\s+/g, " ")
    .replace(/[:.]+$/, "")
    .trim();
}

/** "paid-parental-leave" is the file's name. */
function fromFileName(title: string): string {
  const last = title.split("/").at(-1) ?? title;
  const words = /\s/.test(last) ? last : last.replace(/[-_]+/g, " ").trim();
  return words.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
