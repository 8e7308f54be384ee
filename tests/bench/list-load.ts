/**
 * A process of its own that asks for lists of conversations that hold a word which none of them holds, so many a second,
 * and prints how long each took: `bun list-load.ts URL COOKIE PER_SECOND SECONDS`. It begins when its input ends.
 */
const [url = "", cookie = "", perSecond = "0", seconds = "0"] = process.argv.slice(2);

async function list(n: number): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(`${url}/api/admin/conversations?q=nowhere${n}`, { headers: { cookie } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The list answered ${answer.status} ${text}`);
  return performance.now() - startedAt;
}

console.log("ready");
await Bun.stdin.text();
const asked: Promise<number>[] = [];
const startedAt = performance.now();
for (let n = 0; n < Number(perSecond) * Number(seconds); n++) {
  await Bun.sleep(Math.max(0, startedAt + (n * 1000) / Number(perSecond) - performance.now()));
  asked.push(list(n));
}
console.log(JSON.stringify(await Promise.all(asked)));
