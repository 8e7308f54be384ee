import { expect, test } from "bun:test";
import { parseHex } from "../../widget/palette.ts";
import { directionOf } from "../../widget/panel/answer/direction.ts";
import { spokenText } from "../../widget/panel/answer/spoken.ts";
import { cardWords } from "../../widget/panel/cards/words.ts";
import { newClientId } from "../../widget/panel/client-id.ts";
import { retryDelayMs } from "../../widget/panel/connection/backoff.ts";
import { createEventParser } from "../../widget/panel/connection/event-stream.ts";
import { loadLanguage } from "../../widget/panel/i18n/texts.ts";
import { createStorage } from "../../widget/panel/storage.ts";

test("the wait before a reconnect doubles, is at least half by rule, and ends at 30 seconds", () => {
  expect([0, 1, 2, 3].map((attempt) => retryDelayMs(attempt, 1))).toEqual([500, 1000, 2000, 4000]);
  expect(retryDelayMs(2, 0)).toBe(1000);
  expect(retryDelayMs(50, 1)).toBe(30_000);
});

test("events are put together from pieces cut anywhere", () => {
  const stream =
    'event: ready\ndata: {"type":"ready"}\n\n: heartbeat\n\ndata: {"a":1}\r\n\r\ndata:x\ndata: y\n\n';
  for (const size of [1, 2, 3, 7, stream.length]) {
    const events: string[] = [];
    const parse = createEventParser((text) => events.push(text));
    for (let start = 0; start < stream.length; start += size) parse(stream.slice(start, start + size));
    expect(events).toEqual(['{"type":"ready"}', '{"a":1}', "x\ny"]);
  }
});

test("only finished sentences are read out, each once, without the marks", () => {
  const answer = "The limit is **190 euros** [1]. Anything abo";
  const first = spokenText(answer, 0, false);
  expect(first.text).toBe("The limit is 190 euros.");

  const whole = `${answer}ve needs approval [2].`;
  expect(spokenText(whole, first.end, true).text).toBe("Anything above needs approval.");
});

test("a passage runs as most of its letters do", () => {
  expect(directionOf("الحد الأقصى لليلة")).toBe("rtl");
  expect(directionOf("ERP: الحد الأقصى لليلة الواحدة")).toBe("rtl");
  expect(directionOf("The form is called نموذج.")).toBe("ltr");
  expect(directionOf("190 € · 25 %")).toBeNull();
});

test("a message's id fits the protocol", () => {
  expect(newClientId()).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
});

test("a colour is read in both hexadecimal forms and nothing else", () => {
  expect(parseHex("#0f0")).toEqual([0, 1, 0]);
  expect(parseHex("#00ff00")).toEqual([0, 1, 0]);
  expect(parseHex("red;}")).toBeNull();
});

test("where storage is blocked, memory takes its place", () => {
  const blocked = {
    getItem: () => {
      throw new Error("blocked");
    },
    setItem: () => {
      throw new Error("blocked");
    },
  } as unknown as Storage;
  for (const area of [null, blocked]) {
    const { session } = createStorage("pk_1", area);
    session.write({ session: "ses_1", token: "t", subject: null });
    expect(session.read()?.session).toBe("ses_1");
  }
});

test("what somebody else left under our name is not taken for a session", () => {
  const area = {
    getItem: () => '{"session":{"type":"img"},"token":[]}',
    setItem: () => {},
  } as unknown as Storage;
  expect(createStorage("pk_1", area).session.read()).toBeNull();
});

test("the language is the first one wanted that Parley speaks, and Arabic runs from the right", async () => {
  expect((await loadLanguage(["nl-NL", "de-CH"])).code).toBe("de");
  expect((await loadLanguage(["ar-EG"])).direction).toBe("rtl");
  expect((await loadLanguage(["constructor"])).code).toBe("en");
});

test("cards and tables speak every language of the panel, and fill the same holes", () => {
  const holes = (value: unknown) => [...JSON.stringify(value).matchAll(/\{\w+\}/g)].map(String).sort();
  const english = cardWords("en");
  for (const code of ["de", "fr", "es", "ar"]) {
    const words = cardWords(code);
    expect(words).not.toBe(english);
    for (const [name, told] of Object.entries(english))
      expect([code, name, holes(words[name as keyof typeof words])]).toEqual([code, name, holes(told)]);
  }
});

test("every language fills the same holes", async () => {
  const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  const { texts: english } = await loadLanguage(["en"]);
  for (const code of ["de", "fr", "es", "ar"]) {
    const { texts } = await loadLanguage([code]);
    for (const [name, text] of Object.entries(english)) {
      expect([code, name, holes(texts[name as keyof typeof texts])]).toEqual([code, name, holes(text)]);
    }
  }
});
