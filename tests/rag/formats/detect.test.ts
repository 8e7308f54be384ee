import { describe, expect, test } from "bun:test";
import { detectFormat } from "../../../src/rag/formats/detect.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
const ELF = bytes("\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
const OLD_OFFICE = bytes("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0");
const DOCX_HEAD = bytes("PK\x03\x04\x14\0\0\0\x08\0[Content_Types].xml word/document.xml");
const XLSX_HEAD = bytes("PK\x03\x04\x14\0\0\0\x08\0[Content_Types].xml xl/workbook.xml");

function codeOf(head: Uint8Array, filename: string): string {
  try {
    return detectFormat(head, filename);
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
}

describe("the format of a document", () => {
  test.each([
    ["%PDF-1.7\n", "report.pdf", "pdf"],
    ["\n\n%PDF-1.4", "report", "pdf"],
    ["%PDF-1.7\n", "report.txt", "pdf"],
    ["Hello", "a.txt", "text"],
    ["# Hello", "a.MD", "markdown"],
    ["<p>Hello", "a.html", "html"],
    ["a;b\n1;2", "a.csv", "csv"],
    ["a\tb\n1\t2", "a.tsv", "csv"],
    ["<!DOCTYPE html><p>Hi", "page", "html"],
    ["Hello", "no-extension", "text"],
    ["\xff\xfeH\0i\0", "a.txt", "text"],
    ['{"name": "Ada"}', "a.txt", "json"],
    ['[{"name": "Ada"}]', "export", "json"],
    ["[draft] Notes", "a.txt", "text"],
    ["{see below}", "a.txt", "text"],
    ["<!DOCTYPE html><p>Hi", "a.txt", "html"],
    ['<?xml version="1.0"?><html><p>Hi', "page", "html"],
    ["<div>\n\n# Hi", "a.md", "markdown"],
    ["<ada@acme.test> wrote:", "a.txt", "text"],
    ["\x09\x67\x66\x7d\x11\x4f\x87\x66\x6f\x30\x65\x51\x3e\x79\x6d\x51\x02\x30\x0e\x4e", "a.txt", "text"],
    ["Gr\xfc\xdfe aus Z\xfcrich", "a.txt", "text"],
  ])("%p called %s is %s", (content, filename, format) => {
    expect(detectFormat(bytes(content), filename)).toBe(format as never);
  });

  test("a Word file is known by its parts", () => {
    expect(detectFormat(DOCX_HEAD, "letter.docx")).toBe("docx");
    expect(detectFormat(DOCX_HEAD, "letter")).toBe("docx");
  });

  test("a container's name over other content is a mismatch", () => {
    expect(codeOf(ELF, "tool.pdf")).toBe("TYPE_MISMATCH");
    expect(codeOf(bytes("Hello"), "a.pdf")).toBe("TYPE_MISMATCH");
    expect(codeOf(bytes("Hello"), "a.docx")).toBe("TYPE_MISMATCH");
    expect(codeOf(bytes("%PDF-1.7"), "a.docx")).toBe("TYPE_MISMATCH");
    expect(codeOf(DOCX_HEAD, "a.pdf")).toBe("TYPE_MISMATCH");
    expect(codeOf(XLSX_HEAD, "a.docx")).toBe("TYPE_MISMATCH");
    expect(codeOf(OLD_OFFICE, "a.docx")).toBe("TYPE_MISMATCH");
  });

  test("bytes of no known format are refused and never taken for text", () => {
    expect(codeOf(ELF, "tool.txt")).toBe("UNSUPPORTED_TYPE");
    expect(codeOf(bytes("\x89PNG\r\n\x1a\n\0\0"), "logo.png")).toBe("UNSUPPORTED_TYPE");
    expect(codeOf(bytes("\xff\xfe\0\0\0\0\x01\x02\0\0"), "a.txt")).toBe("UNSUPPORTED_TYPE");
    expect(codeOf(XLSX_HEAD, "a.xlsx")).toBe("UNSUPPORTED_TYPE");
    expect(codeOf(OLD_OFFICE, "a.doc")).toBe("UNSUPPORTED_TYPE");
    expect(codeOf(bytes("{\\rtf1 hello}"), "a.rtf")).toBe("UNSUPPORTED_TYPE");
  });

  test("XML is refused in words, whatever it is called", () => {
    for (const name of ["a.xml", "a.txt", "export", "a.md"]) {
      expect(codeOf(bytes('<?xml version="1.0"?><policies><policy>Park.</policy></policies>'), name)).toBe(
        "UNSUPPORTED_TYPE",
      );
    }
    expect(codeOf(bytes("<policies>\n<policy>Park.</policy></policies>"), "a.txt")).toBe("UNSUPPORTED_TYPE");
    expect(() => detectFormat(bytes("\xff\xfe<\0?\0x\0m\0l\0 \0?\0>\0<\0a\0/\0>\0"), "a.xml")).toThrow(
      "The file is XML",
    );
  });

  test("a password-protected Office file is called that", () => {
    const head = bytes(`\xd0\xcf\x11\xe0${[..."EncryptedPackage"].map((letter) => `${letter}\0`).join("")}`);
    expect(codeOf(head, "a.docx")).toBe("ENCRYPTED");
  });

  test("nothing is an empty document", () => {
    expect(codeOf(new Uint8Array(), "a.pdf")).toBe("EMPTY_DOCUMENT");
  });

  test("only the first 4 KB are looked at", () => {
    const head = new Uint8Array(10_000).fill(0x61);
    head[5_000] = 0;
    expect(detectFormat(head, "a.txt")).toBe("text");
  });
});
