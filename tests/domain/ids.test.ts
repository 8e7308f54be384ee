import { expect, test } from "bun:test";
import { CLIENT_MESSAGE_ID, idPattern, isId, newId } from "../../src/domain/ids.ts";
import { hasRole, type Role } from "../../src/domain/user.ts";

test("ids of one process ascend and say what they name", () => {
  const ids = Array.from({ length: 1000 }, () => newId("message"));

  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^msg_[0-9A-HJKMNP-TV-Z]{26}$/);
});

test("an id of one kind is none of another, and nothing but the whole text is one", () => {
  const id = newId("source");

  expect(isId("source", id)).toBe(true);
  expect(idPattern("source").test(id)).toBe(true);
  for (const text of [
    id.toLowerCase(),
    `${id}\n`,
    ` ${id}`,
    `${id}0`,
    id.slice(0, -1),
    id.replace("src", "cnv"),
    "../x",
  ])
    expect([text, isId("source", text)]).toEqual([text, false]);
  expect(isId("conversation", id)).toBe(false);
});

test("a client's message id is short and plain", () => {
  for (const good of ["12345678", "a-b_C-d4", "x".repeat(64)])
    expect(CLIENT_MESSAGE_ID.test(good)).toBe(true);
  for (const bad of ["1234567", "x".repeat(65), "a b c d e", "../../../x", "12345678\n", ""])
    expect([bad, CLIENT_MESSAGE_ID.test(bad)]).toEqual([bad, false]);
});

test("each role includes what the lower ones may do", () => {
  const ascending: Role[] = ["viewer", "agent", "admin", "owner"];
  for (const [index, role] of ascending.entries())
    for (const [needed, lower] of ascending.entries()) expect(hasRole(role, lower)).toBe(index >= needed);
});
