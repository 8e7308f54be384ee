import { expect, test } from "bun:test";
import { ALLOWED_DOMAIN } from "../../src/protocol/admin-api/widget.ts";
import { domainProblem } from "../../web/pages/widget/domains.ts";

const FINE = [
  "intranet",
  "intranet.acme.example",
  "https://intranet.acme.example",
  "http://intranet:8080",
  "*.acme.example",
  "https://*.acme.example:8443",
  "[::1]:8080",
  "127.0.0.1",
];
const WRONG = [
  "",
  "*",
  "https://acme.example/path",
  "acme example",
  "ftp://acme.example",
  "javascript:alert(1)",
  "-acme",
  "acme..example",
];

test("an allowed page is accepted in the form exactly when the server accepts it", () => {
  for (const entry of FINE)
    expect([entry, domainProblem(entry), ALLOWED_DOMAIN.test(entry)]).toEqual([entry, null, true]);
  for (const entry of WRONG)
    expect([entry, typeof domainProblem(entry), ALLOWED_DOMAIN.test(entry)]).toEqual([
      entry,
      "string",
      false,
    ]);
});

test("a refused page says what to write instead", () => {
  expect(domainProblem("https://acme.example/path?x")).toBe("Leave out the path: acme.example is enough.");
  expect(domainProblem("ftp://acme.example")).toContain("http:// or https://");
});
