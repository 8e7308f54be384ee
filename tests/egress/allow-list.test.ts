import { describe, expect, test } from "bun:test";
import { entriesFor, expects, parseAllowEntry } from "../../src/egress/allow-list.ts";

const covers = (entry: string, hostname: string, port: number) =>
  entriesFor([parseAllowEntry(entry)], { hostname, port, shown: hostname }).length === 1;

describe("an entry of the operator's list", () => {
  test.each<[string, string, number]>([
    ["models.corp:8000", "models.corp", 8000],
    ["Models.CORP:8000", "models.corp", 8000],
    ["models.corp.:8000", "models.corp", 8000],
    ["10.0.0.5:11434", "10.0.0.5", 11434],
    ["[fd00::5]:11434", "fd00::5", 11434],
    ["localhost:11434", "localhost", 11434],
    ["*.corp:443", "a.corp", 443],
    ["*.corp:443", "a.b.corp", 443],
    ["api.openai.com:443", "api.openai.com", 443],
  ])("%s covers %s:%d", (entry, hostname, port) => {
    expect(covers(entry, hostname, port)).toBe(true);
  });

  test.each<[string, string, number]>([
    ["models.corp:8000", "models.corp", 8001],
    ["models.corp:8000", "a.models.corp", 8000],
    ["models.corp:8000", "models.corp.evil", 8000],
    ["*.corp:443", "corp", 443],
    ["*.corp:443", "evilcorp", 443],
    ["*.corp:443", "a.corp", 80],
    ["10.0.0.5:80", "10.0.0.50", 80],
  ])("%s does not cover %s:%d", (entry, hostname, port) => {
    expect(covers(entry, hostname, port)).toBe(false);
  });

  test.each<[string, string, boolean]>([
    ["db.corp:5432=10.1.0.0/16", "10.1.255.1", true],
    ["db.corp:5432=10.1.0.0/16", "10.2.0.1", false],
    ["db.corp:5432=10.1.0.0/16", "::ffff:10.1.0.1", true],
    ["db.corp:5432=10.1.2.3/32", "10.1.2.4", false],
    ["db.corp:5432=fd00:1::/32", "fd00:1::9", true],
    ["db.corp:5432=fd00:1::/32", "fd01::9", false],
    ["db.corp:5432=fd00:1::/32", "10.1.0.1", false],
    ["db.corp:5432=0.0.0.0/0", "fd00::1", false],
    ["db.corp:5432", "10.9.9.9", true],
  ])("%s expects %s: %p", (entry, address, expected) => {
    expect(expects(parseAllowEntry(entry), address)).toBe(expected);
  });

  test.each([
    "models.corp",
    "models.corp:",
    "models.corp:0",
    "models.corp:65536",
    "models.corp:http",
    ":8000",
    "*:8000",
    "*.:8000",
    "a.*.corp:80",
    "http://models.corp:8000",
    "models.corp:8000/v1",
    "u@models.corp:80",
    "fd00::5:80",
    "[fd00::5:80",
    "models corp:80",
    "db.corp:5432=",
    "db.corp:5432=10.0.0.0",
    "db.corp:5432=10.0.0.0/33",
    "db.corp:5432=10.0.0.0/8/8",
    "db.corp:5432=fd00::/129",
    "db.corp:5432=::ffff:10.0.0.0/8",
    "db.corp:5432=corp/8",
    "db.corp:5432=10.0.0.0/x",
  ])("is not “%s”", (text) => {
    expect(() => parseAllowEntry(text)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });
});
