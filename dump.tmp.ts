import { parseDocument } from "./src/rag/formats/parse.ts";
import { detectFormat } from "./src/rag/formats/detect.ts";
for (const f of process.argv.slice(2)) { const b = await Bun.file(f).bytes(); const t0 = performance.now();
 try { const d = await parseDocument(b, f, detectFormat(b.subarray(0,4096), f), () => {}); console.log("==", f, Math.round(performance.now()-t0), "ms", process.memoryUsage.rss()>>20, "MB", d.blocks.length); for (const x of d.blocks.slice(0, Number(process.env.N ?? 40))) console.log(`[${x.kind}] ${x.headingPath.join(" › ")} | ${x.text.slice(0,300)}`); if (d.warnings.length) console.log("WARN", d.warnings); } catch (e: any) { console.log("==", f, e.code, e.message, e.code === "MALFORMED_DOCUMENT" ? e.cause?.stack : ""); } }
