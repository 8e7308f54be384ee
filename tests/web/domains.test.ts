import { expect, test } from "bun:test";
import { updateWidgetConfigSchema } from "../../src/protocol/admin-api/widget.ts";
import { domainProblem } from "../../web/pages/widget/domains.ts";

const TAKEN: [entry: string, page: string][] = [
  ["intranet", "intranet"],
  ["intranet.acme.example", "intranet.acme.example"],
  ["https://intranet.acme.example", "https://intranet.acme.example"],
  ["HTTPS://Intranet.Acme.example/", "https://intranet.acme.example"],
  ["http://intranet:8080", "http://intranet:8080"],
  ["*.acme.example", "*.acme.example"],
  ["https://*.acme.example:8443", "https://*.acme.example:8443"],
  ["[::1]:8080", "[::1]:8080"],
  ["127.0.0.1", "127.0.0.1"],
  ["münchen.example", "xn--mnchen-3ya.example"],
  ["https://acme.example/hr/leave?year=2026#top", "https://acme.example"],
  ["  acme.example/start.aspx  ", "acme.example"],
];
const REFUSED = [
  "",
  "*",
  "acme example",
  "acme\t.example",
  "https://acme.example/a\nhttps://other.example",
  "acme\u0000.example",
  "ftp://acme.example",
  "javascript:alert(1)",
  "https://ada@acme.example",
  "https://acme.example\\@other.example",
  "-acme",
  "acme..example",
  "acme.example:99999",
  "acme.*.example",
  "ac%6de.example",
  "https://",
];

test("an allowed page is accepted in the form exactly when the server accepts it, as its origin", () => {
  for (const [entry, page] of TAKEN) {
    const stored = updateWidgetConfigSchema.parse({ allowedDomains: [entry] }).allowedDomains;
    expect([entry, domainProblem(entry), stored]).toEqual([entry, null, [page]]);
  }
  for (const entry of REFUSED) {
    const { error } = updateWidgetConfigSchema.safeParse({ allowedDomains: [entry] });
    expect([entry, error?.issues[0]?.message]).toEqual([entry, domainProblem(entry) ?? undefined]);
    expect(domainProblem(entry)).toMatch(/^[A-Z].*\.$/);
  }
});

test("a refused page says what to write instead", () => {
  expect(domainProblem("*")).toContain("*.acme.example");
  expect(domainProblem("ftp://acme.example")).toContain("http:// or https://");
});
