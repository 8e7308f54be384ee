/** Office's formulas in linear form: "(a + b)/2", "x^2", "∑_(i=1)^n i". */
import { child, childrenNamed, elementsIn, isElement, type XmlElement } from "./xml.ts";

export function formulaText(element: XmlElement): string {
  return within(element).replace(/\s+/g, " ").trim();
}

function within(element: XmlElement | undefined): string {
  return elementsIn(element).map(partText).join("");
}

function partText(element: XmlElement): string {
  const part = (name: string) => within(child(element, name));
  switch (element.name) {
    case "m:r":
      return childrenNamed(element, "m:t").map(characters).join("");
    case "m:f":
      return property(element, "m:fPr", "m:type") === "noBar"
        ? `(${part("m:num")} over ${part("m:den")})`
        : `${grouped(part("m:num"))}/${grouped(part("m:den"))}`;
    case "m:sSup":
      return `${grouped(part("m:e"))}^${grouped(part("m:sup"))}`;
    case "m:sSub":
      return `${part("m:e")}_${grouped(part("m:sub"))}`;
    case "m:sSubSup":
      return `${part("m:e")}_${grouped(part("m:sub"))}^${grouped(part("m:sup"))}`;
    case "m:sPre":
      return `_${grouped(part("m:sub"))}^${grouped(part("m:sup"))} ${part("m:e")}`;
    case "m:rad":
      return part("m:deg").trim() === "" ? `√(${part("m:e")})` : `(${part("m:e")})^(1/${part("m:deg")})`;
    case "m:nary":
      return naryText(element);
    case "m:d":
      return delimited(element);
    case "m:func":
      return `${part("m:fName")}(${part("m:e")})`;
    case "m:limLow":
      return `${part("m:e")}_${grouped(part("m:lim"))} `;
    case "m:limUpp":
      return `${part("m:e")}^${grouped(part("m:lim"))} `;
    case "m:acc":
      return part("m:e") + (property(element, "m:accPr", "m:chr") ?? "\u0302");
    case "m:bar":
      return `${part("m:e")}\u0304`;
    case "m:m":
      return `[${childrenNamed(element, "m:mr")
        .map((row) => childrenNamed(row, "m:e").map(within).join(", "))
        .join("; ")}]`;
    case "m:eqArr":
      return childrenNamed(element, "m:e").map(within).join("; ");
    default:
      return element.name.endsWith("Pr") ? "" : within(element);
  }
}

function naryText(element: XmlElement): string {
  const sign = property(element, "m:naryPr", "m:chr") ?? "∫";
  const from = within(child(element, "m:sub"));
  const to = within(child(element, "m:sup"));
  const limits = `${from === "" ? "" : `_${grouped(from)}`}${to === "" ? "" : `^${grouped(to)}`}`;
  return `${sign}${limits} ${within(child(element, "m:e"))}`;
}

function delimited(element: XmlElement): string {
  const [open, separator, close] = (["m:begChr", "m:sepChr", "m:endChr"] as const).map(
    (name, place) => property(element, "m:dPr", name) ?? "(|)"[place],
  );
  return `${open}${childrenNamed(element, "m:e").map(within).join(separator)}${close}`;
}

function property(element: XmlElement, properties: string, name: string): string | undefined {
  return child(element, properties, name)?.attributes["m:val"];
}

function characters(element: XmlElement): string {
  return element.children.filter((node) => !isElement(node)).join("");
}

/** One name or number needs no brackets. */
function grouped(text: string): string {
  const plain = text.trim();
  return /^[\p{L}\p{N}.,]+$/u.test(plain) || /^\([^()]*\)$/.test(plain) ? plain : `(${plain})`;
}
