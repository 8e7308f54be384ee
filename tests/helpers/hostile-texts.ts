/** Texts that break what is careless with texts. As JSON, so that half characters and duplicate keys get through. */

const plain = [
  "",
  " ",
  "a",
  "a".repeat(300),
  "a".repeat(70_000),
  "犬".repeat(5_000),
  "\0",
  "\0leading",
  "in the\0middle",
  "\u0001\u0007\u001b[31m\u007f\u0085",
  "tab\there",
  "line\r\nbreak",
  "\u2028\u2029",
  "\u202eevael\u2066x\u2069",
  "\u200b\u2060\ufeff",
  `e${"\u0301".repeat(500)}`,
  "👩‍👩‍👧‍👦🏳️‍🌈",
  "\u{10ffff}\u{e0001}\ufffe\uffff",
  "%00%0a%2e%2e%2f%ff%zz",
  "__proto__",
  "constructor",
  "toString",
  "' OR 1=1; drop table tenants; --",
  "%_\\%",
  '"NEAR(a b)* title:x',
  "../../etc/passwd",
  "..\\..\\secret.key",
  "C:\\CON",
  "0",
  "-1",
  "1e999",
  "9007199254740993",
  "NaN",
  "null",
  "[]",
  "{{7*7}}<script>alert(1)</script>",
  "a@b.example",
  "http://\t127.0.0.1\n/",
  "https://user:pass@host.example\\@other.example/",
  "http://[::1%25eth0]/",
  "ftp://host.example/x",
  "2026-02-30T25:61:61Z",
];

/** Values of every kind in place of a text. */
export const HOSTILE_JSON: readonly string[] = [
  ...plain.map((text) => JSON.stringify(text)),
  '"\\ud800"',
  '"\\udc00\\ud800 and more"',
  '"cut in the middle of an emoji \\ud83d"',
  ...["null", "true", "0", "-1", "1.5", "1e999", "-0", "123456789012345678901234567890"],
  ...["[]", "{}", '["a"]', '{"a":1}', '{"__proto__":{"a":1}}', '{"$ne":null}', '[[[[[["a"]]]]]]'],
  "[".repeat(500) + "]".repeat(500),
];

/** As part of an address, percent-encoded or not, as it goes over the wire. */
export const HOSTILE_IN_ADDRESS: readonly string[] = [
  ...plain.filter((text) => text.length < 2_000).map((text) => encodeURIComponent(text)),
  ...["%", "%zz", "%ff", "%c0%af", "%ed%a0%80", "%u0041", "+", "a%", ";", "a;b", "=", "%26", "é", "\u007f"],
];

/** As the value of a header, in bytes of Latin 1. */
export const HOSTILE_IN_HEADER: readonly string[] = [
  ...[
    "",
    " ",
    "a",
    "a".repeat(5_000),
    "\tx\t",
    "\xff\xfe",
    "\x7f",
    "\x01",
    "%00",
    "null",
    "../..",
    "{}",
    '"',
    "a,b",
    "a;b=c",
  ],
  ...[
    "http://",
    "https://a\tb.example",
    "https://\xe4.example",
    "file://",
    "Bearer ",
    "bytes=0-",
    "*/*;q=x",
    "-1",
  ],
];

/** The same every time for one seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
