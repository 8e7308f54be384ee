import { describe, expect, test } from "bun:test";
import { ago, bytes, count, duration, initials, share, shortUrl } from "../../web/format.ts";

const NOON = Date.parse("2026-11-22T12:00:00");
const HOUR = 3_600_000;
const before = (ms: number) => new Date(NOON - ms).toISOString();

describe("what the backoffice prints", () => {
  test("sizes are decimal with at most one digit after the point", () => {
    expect([0, 1, 999, 212_000, 1_840_000, 9_960_000, 999_600, 1_100_000_000].map(bytes)).toEqual([
      "0 bytes",
      "1 byte",
      "999 bytes",
      "212 kB",
      "1.8 MB",
      "10 MB",
      "1.0 MB",
      "1.1 GB",
    ]);
  });

  test("durations keep the digits that matter", () => {
    expect([6.4, 310, 1020, 12_400, 125_000].map(duration)).toEqual([
      "6 ms",
      "310 ms",
      "1.02 s",
      "12.4 s",
      "2 min 5 s",
    ]);
  });

  test("times are relative, and dates once that says more", () => {
    const times = [20_000, 9 * 60_000, 2 * HOUR, 14 * HOUR, 3 * 24 * HOUR, 40 * 24 * HOUR].map(before);
    expect(times.map((time) => ago(time, NOON))).toEqual([
      "now",
      "9 min ago",
      "2 h ago",
      "yesterday",
      "3 days ago",
      "Oct 13",
    ]);
  });

  test("a share of nothing is a dash, not a division by zero", () => {
    expect([share(0, 0), share(1838, 2011), share(5, 5)]).toEqual(["–", "91.4 %", "100 %"]);
  });

  test("counts agree with their noun", () => {
    expect([count(1, "file"), count(12_480, "file")]).toEqual(["1 file", "12,480 files"]);
  });

  test("initials come from the first and last name", () => {
    expect([initials("Fiona Marsh"), initials("Prince"), initials("Ana María de la Cruz")]).toEqual([
      "FM",
      "P",
      "AC",
    ]);
  });

  test("addresses lose what nobody reads", () => {
    expect(shortUrl("https://intranet.acme/travel/?utm=1#top")).toBe("intranet.acme/travel");
  });
});
