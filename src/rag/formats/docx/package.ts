/** The parts of a Word document: unpacked within limits, as XML, and what they point to. */
import { strFromU8 } from "fflate";
import { AppError } from "../../../errors.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { malformed } from "../shared/limits.ts";
import { readArchive } from "../shared/zip.ts";
import { childrenNamed, parseXml, type XmlElement } from "./xml.ts";

/** Of a part: what its references of that id lead to. */
type Targets = Map<string, { type: string; target: string; isExternal: boolean }>;

export class WordPackage {
  readonly main: string;
  readonly #parts: Map<string, Uint8Array>;

  /** @throws MALFORMED_DOCUMENT for what is no whole Word document, RESOURCE_LIMIT */
  constructor(
    bytes: Uint8Array,
    readonly writer: BlockWriter,
  ) {
    this.#parts = readArchive(bytes, isWanted);
    const main = this.#mainName();
    if (!this.#parts.has("[Content_Types].xml") || main === undefined) {
      throw malformed("The file is not a complete Word document.");
    }
    this.main = main;
    for (const name of this.#parts.keys()) if (name.endsWith(".rels")) this.#warnOfExternals(name);
  }

  /** The part as XML, undefined where there is none. @throws XML_DTD_FORBIDDEN · MALFORMED_DOCUMENT */
  part(name: string): XmlElement | undefined {
    const bytes = this.#parts.get(name);
    return bytes && parseXml(withoutDefinitions(xmlText(bytes)));
  }

  /** The only part of that kind which the main one points to, e.g. "footnotes". */
  related(type: string): XmlElement | undefined {
    const found = [...this.targets(this.main).values()].find((each) => each.type === type);
    return this.part(found?.target ?? `word/${type}.xml`);
  }

  targets(name: string): Targets {
    const folder = name.slice(0, name.lastIndexOf("/") + 1);
    const part = this.part(`${folder}_rels/${name.slice(folder.length)}.rels`);
    return new Map(
      childrenNamed(part, "Relationship").map(({ attributes }) => [
        attributes.Id ?? "",
        {
          type: (attributes.Type ?? "").replace(/^.*\//, ""),
          target: resolved(folder, attributes.Target ?? "", attributes.TargetMode),
          isExternal: attributes.TargetMode === "External",
        },
      ]),
    );
  }

  #mainName(): string | undefined {
    const named = [...this.targets("").values()].find(({ type }) => type === "officeDocument")?.target;
    if (named !== undefined && this.#parts.has(named)) return named;
    return [...this.#parts.keys()].find((name) => /^word\/document\d*\.xml$/.test(name));
  }

  /** Linked pictures, templates and objects lie elsewhere: on another server, or in this one's files. */
  #warnOfExternals(name: string): void {
    for (const { attributes } of childrenNamed(this.part(name), "Relationship")) {
      if (attributes.TargetMode !== "External" || attributes.Type?.endsWith("/hyperlink")) continue;
      this.writer.warn("The document points to files outside itself; they were not opened.");
    }
  }
}

/** Pictures, fonts and embedded files are counted while unpacking, but nothing of them is kept. */
function isWanted(name: string): boolean {
  return /^(\[Content_Types\]\.xml|_rels\/\.rels|word\/[\w-]+\.xml|word\/_rels\/[\w.-]+\.rels)$/.test(name);
}

function resolved(folder: string, target: string, mode: string | undefined): string {
  if (mode === "External") return target;
  return target.startsWith("/") ? target.slice(1) : folder + target.replace(/^\.\//, "");
}

/** XML as UTF-8 text, so that no encoding hides what is looked for below. */
function xmlText(part: Uint8Array): string {
  const isUtf16 = (part[0] === 0xff && part[1] === 0xfe) || (part[0] === 0xfe && part[1] === 0xff);
  if (!isUtf16) return strFromU8(part).replace(/^\ufeff/, "");
  return new TextDecoder(part[0] === 0xff ? "utf-16le" : "utf-16be").decode(part);
}

function withoutDefinitions(xml: string): string {
  // A raw "<" is only ever markup, so this cannot be the document's own text.
  if (!/<!(DOCTYPE|ENTITY)/i.test(xml)) return xml;
  throw new AppError(
    "XML_DTD_FORBIDDEN",
    "The document holds XML definitions that no Word file needs and that attacks are made of. Save it again in Word, then upload that.",
  );
}
