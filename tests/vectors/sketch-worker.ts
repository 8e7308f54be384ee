/** A worker that searches a sketch which the test's thread writes. */
import { openVectorSketch, type VectorSketchReader } from "../../src/vectors/reader.ts";
import type { VectorSketchHandle } from "../../src/vectors/sketch.ts";

export type SketchQuestion =
  | { kind: "open"; handle: VectorSketchHandle }
  | { kind: "scan"; query: Float32Array; tenant: string; k: number }
  /** Scans over and over until the flag is 1; answers with every id that was ever found. */
  | { kind: "keep-scanning"; query: Float32Array; tenant: string; k: number; stop: Int32Array };

let reader: VectorSketchReader | undefined;

self.onmessage = ({ data: question }: MessageEvent<SketchQuestion>) => {
  if (question.kind === "open") {
    reader = openVectorSketch(question.handle);
    self.postMessage([]);
    return;
  }
  const found = new Set<number>();
  const scan = () => {
    for (const rowId of reader?.scan(question.query, question.tenant, question.k).rowIds ?? [])
      found.add(rowId);
  };
  scan();
  while (question.kind === "keep-scanning" && Atomics.load(question.stop, 0) === 0) {
    scan();
    Atomics.add(question.stop, 1, 1);
  }
  self.postMessage([...found]);
};
