/** What the tests run in place of `parley internal parse`. */
import { runParserChild } from "../../src/workers/parser-child.ts";

await runParserChild();
