/** Footnotes, endnotes and comments, by the numbers that the text refers to them with. */
import { childrenNamed, descendants, type XmlElement } from "./xml.ts";

type Read = (paragraph: XmlElement) => string;

/** Of a part of notes: each one's text in one line. */
export function notesIn(
  part: XmlElement | undefined,
  kind: "footnote" | "endnote",
  read: Read,
): Map<string, string> {
  return textsOf(part, `w:${kind}`, read);
}

/** "Ada Huber: Is this still so?" */
export function commentsIn(part: XmlElement | undefined, read: Read): Map<string, string> {
  const texts = textsOf(part, "w:comment", read);
  for (const { attributes } of childrenNamed(part, "w:comment")) {
    const id = attributes["w:id"] ?? "";
    const author = attributes["w:author"] ?? "";
    const text = texts.get(id) ?? "";
    if (text !== "") texts.set(id, `Comment${author === "" ? "" : ` by ${author}`}: ${text}`);
  }
  return texts;
}

function textsOf(part: XmlElement | undefined, name: string, read: Read): Map<string, string> {
  return new Map(
    childrenNamed(part, name)
      // Lines that part notes from the text are notes of a type of their own.
      .filter(({ attributes }) => !/separator|continuation/i.test(attributes["w:type"] ?? ""))
      .map((note) => {
        const paragraphs = descendants(note, "w:p").map(read);
        return [note.attributes["w:id"] ?? "", paragraphs.join(" ").replace(/\s+/g, " ").trim()];
      }),
  );
}
