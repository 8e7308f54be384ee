import { describe, expect, test } from "bun:test";
import { originAllowed, parseOriginRule } from "../../src/domain/origin.ts";

describe("a page may embed the widget", () => {
  test.each([
    ["https://app.corp", "https://app.corp"],
    ["https://APP.corp", "https://app.corp"],
    ["https://app.corp:8443", "https://app.corp:8443"],
    ["https://app.corp", "app.corp"],
    ["http://app.corp", "app.corp"],
    ["http://app.corp:3000", "app.corp"],
    ["https://app.corp", "https://app.corp:443"],
    ["https://a.b.corp", "*.corp"],
    ["https://a.corp", "https://*.corp"],
    ["http://[::1]:3000", "[::1]:3000"],
    ["https://xn--mnchen-3ya.corp", "münchen.corp"],
    ["http://127.0.0.1:5173", "127.0.0.1:5173"],
  ])("%s under %s", (origin, rule) => {
    expect(originAllowed(origin, ["https://elsewhere.example", rule])).toBe(true);
  });
});

describe("row 37: a page may not embed the widget", () => {
  test.each([
    ["https://app.corp.evil", "https://app.corp"],
    ["https://evilapp.corp", "https://app.corp"],
    ["http://app.corp", "https://app.corp"],
    ["https://app.corp:8443", "https://app.corp"],
    ["https://app.corp.", "https://app.corp"],
    ["https://app.corp/", "https://app.corp"],
    ["https://app.corp/path", "https://app.corp"],
    ["https://user@app.corp", "https://app.corp"],
    ["null", "https://app.corp"],
    ["", "https://app.corp"],
    ["app.corp", "app.corp"],
    ["file:///app.corp", "app.corp"],
    ["chrome-extension://app.corp", "app.corp"],
    ["https://corp", "*.corp"],
    ["https://evilcorp", "*.corp"],
    ["https://a.corp.evil", "*.corp"],
    ["https://a.corp", "app.corp"],
    ["https://app.corp", "app.corp:8443"],
    ["https://app.corp:8443", "https://*.corp"],
    ["https://app.corp", "not a rule"],
  ])("%j under %s", (origin, rule) => {
    expect(originAllowed(origin, [rule])).toBe(false);
  });

  test("when no page is allowed", () => {
    expect(originAllowed("https://app.corp", [])).toBe(false);
  });
});

test.each([
  "",
  "https://",
  "*",
  "a b",
  "javascript:alert(1)",
  "https://a/b",
  "ftp://a",
  "https://u@a",
  "a:b",
  "\\\\a",
])("%j is no rule", (text) => {
  expect(parseOriginRule(text)).toBeNull();
});
