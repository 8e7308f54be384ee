/** The text of a paragraph as its reader sees it: changes accepted, fields as they show, notes where they stand. */
import { HIDDEN_TEXT } from "../shared/left-out.ts";
import { withAddress } from "../shared/links.ts";
import { raised } from "../shared/raised.ts";
import { formulaText } from "./omml.ts";
import type { RunLook, Styles } from "./styles.ts";
import { symbolText } from "./symbols.ts";
import {
  child,
  childrenNamed,
  descendants,
  elementsIn,
  isElement,
  settingOf,
  type XmlElement,
} from "./xml.ts";

/** What a paragraph says, and what stands in or beside it that is no part of its line. */
export type ParagraphText = {
  text: string;
  isBold: boolean;
  /** Contents of text boxes, and comments by who made them. */
  boxes: XmlElement[];
  comments: string[];
  /** What is left out, by what an admin calls it. */
  leftOut: string[];
};

/** What references of the part lead to. */
export type References = {
  styles: Styles;
  link(id: string): string | null;
  note(kind: "footnote" | "endnote", id: string): string;
  comment(id: string): string;
  /** In headers and footers, numbers of pages are left out: they are another on each. */
  hidesPageNumbers: boolean;
};

/** Stands for the text between; Markdown's own sign is understood by people and models. */
const STRUCK = "~~";
const DELETED = "Text that was deleted with changes tracked";
const PAGE_FIELD = /^\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b/i;
/** A page is no place for a look at another program's data. */
const EMBEDDED: Record<string, string> = {
  chart: "A chart",
  diagram: "A diagram",
  object: "An embedded object",
};

/** Around the result of a field, until all of it is there: its place in the list of codes stands between the first two. */
const RESULT = "\ufdd2";
const RESULT_TEXT = "\ufdd3";
const RESULT_END = "\ufdd4";
const INNERMOST = /\ufdd2(\d+)\ufdd3([^\ufdd2\ufdd4]*)\ufdd4/g;
const FIELD_MARKS = /\ufdd2\d+\ufdd3|\ufdd4/g;

type Field = { code: string; hasResult: boolean };

export function readParagraph(paragraph: XmlElement, references: References): ParagraphText {
  const reader = new InlineReader(child(paragraph, "w:pPr"), references);
  reader.walk(paragraph);
  return reader.result();
}

class InlineReader {
  #text = "";
  #runs = 0;
  #boldRuns = 0;
  readonly #fields: Field[] = [];
  readonly #codes: string[] = [];
  readonly #boxes: XmlElement[] = [];
  readonly #comments: string[] = [];
  readonly #leftOut: string[] = [];

  constructor(
    readonly properties: XmlElement | undefined,
    readonly references: References,
  ) {}

  result(): ParagraphText {
    return {
      text: this.#resolved()
        .replaceAll(STRUCK + STRUCK, "")
        .replace(/[^\S\n]+/g, " "),
      isBold: this.#runs > 0 && this.#boldRuns === this.#runs,
      boxes: this.#boxes,
      comments: this.#comments,
      leftOut: this.#leftOut,
    };
  }

  walk(parent: XmlElement): void {
    for (const element of elementsIn(parent)) this.#element(element);
  }

  #element(element: XmlElement): void {
    switch (element.name) {
      case "w:r":
        this.#run(element);
        return;
      case "w:hyperlink":
        this.#changed(element, (text) =>
          withAddress(text, this.references.link(element.attributes["r:id"] ?? "") ?? ""),
        );
        return;
      case "w:fldSimple":
        if (!this.#isHiddenField(element.attributes["w:instr"] ?? "")) this.walk(element);
        return;
      case "w:del":
      case "w:moveFrom":
        if (descendants(element, "w:delText").length > 0) this.#leftOut.push(DELETED);
        return;
      case "m:oMath":
      case "m:oMathPara":
        this.#add(this.#spaced(formulaText(element)));
        return;
      case "mc:AlternateContent":
        this.#alternatives(element);
        return;
      case "w:ruby":
        this.walk(child(element, "w:rubyBase") ?? element);
        return;
      case "w:pPr":
      case "w:sdtPr":
        return;
      default:
        this.walk(element);
    }
  }

  #run(run: XmlElement): void {
    const properties = child(run, "w:rPr");
    const look = this.references.styles.look(properties, this.properties);
    const before = this.#text;
    this.#text = "";
    for (const node of elementsIn(run)) this.#inRun(node);
    const own = this.#text;
    this.#text = before + (isBlank(own) ? own : shown(own, look, properties));
    if (isBlank(own)) return;
    this.#runs++;
    if (look.isBold) this.#boldRuns++;
  }

  #inRun(element: XmlElement): void {
    const id = element.attributes["w:id"] ?? "";
    switch (element.name) {
      case "w:t":
        this.#add(element.children.filter((node) => !isElement(node)).join(""));
        return;
      case "w:tab":
      case "w:ptab":
        this.#add(" ");
        return;
      case "w:br":
      case "w:cr":
        this.#add("\n");
        return;
      case "w:noBreakHyphen":
        this.#add("-");
        return;
      case "w:sym":
        this.#add(symbolText(element.attributes["w:font"] ?? "", element.attributes["w:char"] ?? ""));
        return;
      case "w:footnoteReference":
        this.#note(this.references.note("footnote", id));
        return;
      case "w:endnoteReference":
        this.#note(this.references.note("endnote", id));
        return;
      case "w:commentReference":
        this.#comments.push(this.references.comment(id));
        return;
      case "w:fldChar":
        this.#field(element);
        return;
      case "w:instrText":
        for (const field of this.#fields.slice(-1)) field.code += element.children.join("");
        return;
      case "w:drawing":
      case "w:pict":
      case "w:object":
        this.#drawing(element);
        return;
      case "mc:AlternateContent":
        this.#alternatives(element);
        return;
      case "w:ruby":
        this.walk(child(element, "w:rubyBase") ?? element);
        return;
    }
  }

  /** A note stands where its number does; one of several paragraphs has them one after the other. */
  #note(text: string): void {
    if (text !== "") this.#add(`${/\s$/.test(this.#text) ? "" : " "}(${text})`);
  }

  /** Text boxes come in two forms, of which readers take the one that they know: here, what has text. */
  #alternatives(element: XmlElement): void {
    const [choice] = childrenNamed(element, "mc:Choice");
    const fallback = child(element, "mc:Fallback");
    const isRead = choice !== undefined && (hasText(choice) || fallback === undefined || !hasText(fallback));
    for (const each of elementsIn(isRead ? choice : fallback)) {
      if (each.name === "w:drawing" || each.name === "w:pict") this.#drawing(each);
      else this.#element(each);
    }
  }

  #drawing(element: XmlElement): void {
    const boxes = descendants(element, "w:txbxContent");
    this.#boxes.push(...boxes);
    if (boxes.length > 0) return;
    const kinds = descendants(element, "a:graphicData").map(
      ({ attributes }) => attributes.uri?.replace(/^.*\//, "") ?? "",
    );
    const kind = element.name === "w:object" ? "object" : kinds.find((each) => EMBEDDED[each]);
    if (kind) this.#leftOut.push(EMBEDDED[kind] ?? "");
    const [shown] = descendants(element, "wp:docPr");
    this.#add(this.#spaced(descriptionOf(shown)));
  }

  #field(element: XmlElement): void {
    const type = element.attributes["w:fldCharType"];
    const field = this.#fields.at(-1);
    if (type === "begin") {
      this.#fields.push({ code: "", hasResult: false });
      const checked = child(element, "w:ffData", "w:checkBox");
      if (checked)
        this.#add((settingOf(checked, "w:checked") ?? settingOf(checked, "w:default")) === "1" ? "☑" : "☐");
    } else if (type === "separate" && field) {
      field.hasResult = true;
      this.#add(RESULT + this.#codes.length + RESULT_TEXT);
      this.#codes.push(field.code);
    } else if (type === "end" && this.#fields.pop()?.hasResult) this.#add(RESULT_END);
  }

  /** The text with the results of fields as they show, inner ones first. */
  #resolved(): string {
    let text = this.#text;
    for (let before = ""; before !== text; ) {
      before = text;
      text = text.replace(INNERMOST, (_, place: string, result: string) =>
        this.#shownField(this.#codes[Number(place)] ?? "", result),
      );
    }
    return text.replace(FIELD_MARKS, "");
  }

  #shownField(code: string, result: string): string {
    if (this.#isHiddenField(code)) return "";
    const address = /^\s*HYPERLINK\s+(?:\\\S\s+)*"([^"]+)"/i.exec(code)?.[1];
    return address ? withAddress(result, address) : result;
  }

  #isHiddenField(code: string): boolean {
    return this.references.hidesPageNumbers && PAGE_FIELD.test(code);
  }

  #changed(element: XmlElement, change: (text: string) => string): void {
    const before = this.#text;
    this.#text = "";
    this.walk(element);
    this.#text = before + change(this.#text);
  }

  /** A formula or a picture's words are apart from what they stand beside. */
  #spaced(text: string): string {
    return text === "" ? "" : ` ${text} `;
  }

  #add(text: string): void {
    this.#text += text;
  }
}

function isBlank(text: string): boolean {
  return text.replace(FIELD_MARKS, "").trim() === "";
}

function shown(text: string, look: RunLook, properties: XmlElement | undefined): string {
  if (look.isHidden) return HIDDEN_TEXT;
  const place = settingOf(properties, "w:vertAlign");
  const level = place === "superscript" ? "sup" : place === "subscript" ? "sub" : null;
  const written = level === null ? text : raised(text, level);
  if (!look.isStruck) return written;
  const words = written.trim();
  const from = written.indexOf(words);
  return `${written.slice(0, from)}${STRUCK}${words}${STRUCK}${written.slice(from + words.length)}`;
}

/** What a picture shows, if somebody wrote it down; programs write where its file was. */
function descriptionOf(picture: XmlElement | undefined): string {
  const text = picture?.attributes.descr ?? "";
  return /[\\]|\.(?:jpe?g|png|gif|bmp|tiff?|emf|wmf|svg)$|^https?:/i.test(text.trim()) ? "" : text;
}

function hasText(element: XmlElement): boolean {
  return descendants(element, "w:t").length > 0;
}
