import { expect, test } from "bun:test";
import { contactProblem } from "../../src/protocol/contact.ts";

test.each([
  ...["", "people@acme.example", "mailto:people@acme.example", "https://intranet.acme.example/help?x=1"],
  ...["tel:+41441234567", "Room 3, next to the lift", "Extension 4711", "Extension:4711"],
])("%j is a contact", (contact) => {
  expect(contactProblem(contact)).toBeNull();
});

test.each([
  ...["people@acme", "a@b@acme.example", "mailto:nobody@", "http://", "https:acme", "ftp://acme.example"],
  ...["javascript:alert(1)", "data:text/html,x", "x".repeat(201)],
])("%j is none, and it is said why", (contact) => {
  expect(contactProblem(contact)).toMatch(/^(Enter|A link)/);
});
