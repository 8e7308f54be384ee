import type { TalkLanguage } from "./language.ts";
import { arb } from "./languages/arb.ts";
import { cmn } from "./languages/cmn.ts";
import { deu } from "./languages/deu.ts";
import { eng } from "./languages/eng.ts";
import { fra } from "./languages/fra.ts";
import { ita } from "./languages/ita.ts";
import { jpn } from "./languages/jpn.ts";
import { nld } from "./languages/nld.ts";
import { por } from "./languages/por.ts";
import { rus } from "./languages/rus.ts";
import { spa } from "./languages/spa.ts";

/** Where a turn is small talk in several and nothing else tells which, the first is taken. */
export const TALK_LANGUAGES: readonly TalkLanguage[] = [
  ...[eng, deu, fra, spa, ita, por, nld, rus, arb, cmn, jpn],
];
