/**
 * A process of its own that asks so many questions a second, whether or not they are answered in time, and prints
 * how long each took: `bun question-load.ts URL COOKIE PER_SECOND SECONDS`. It begins when its input ends.
 */
import { madeUpWord } from "./filled-folder.ts";

const [url = "", cookie = "", perSecond = "0", seconds = "0"] = process.argv.slice(2);
const WORDS = 7;

async function ask(): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(`${url}/api/admin/knowledge/search`, {
    method: "POST",
    headers: { origin: url, cookie, "content-type": "application/json" },
    body: JSON.stringify({ query: Array.from({ length: WORDS }, madeUpWord).join(" "), limit: 10 }),
  });
  const { items } = (await answer.json()) as { items?: unknown[] };
  if (!answer.ok || items?.length === 0) throw new Error(`The search answered ${answer.status}.`);
  return performance.now() - startedAt;
}

console.log("ready");
await Bun.stdin.text();
const asked: Promise<number>[] = [];
const startedAt = performance.now();
for (let n = 0; n < Number(perSecond) * Number(seconds); n++) {
  await Bun.sleep(Math.max(0, startedAt + (n * 1000) / Number(perSecond) - performance.now()));
  asked.push(ask());
}
console.log(JSON.stringify(await Promise.all(asked)));
