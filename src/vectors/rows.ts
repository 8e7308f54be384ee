/** Rows of extents: writing them so that other threads see all or nothing, and taking them away. */
import type { Sketch } from "./encode.ts";
import type { Extent } from "./extents.ts";
import { EXTENT, EXTENT_FLOATS, type Geometry, ID_SPAN } from "./layout.ts";
import type { SharedMemory } from "./shared-memory.ts";

export type Rows = {
  write(extent: Extent, row: number, rowId: number, made: Sketch): void;
  read(extent: Extent, row: number, sketch: Sketch): void;
  wipe(extent: Extent, row: number): void;
};

/** For the writer only. None of these counts rows. */
export function rowAccess(shared: SharedMemory, geometry: Geometry): Rows {
  /** Writes the row so that a reader sees either nothing of it or, once the base is there, all of it. */
  function write(extent: Extent, row: number, rowId: number, made: Sketch): void {
    const { bytes, words, floats, doubles } = shared.views();
    const signs = extent.signsAddress(row);
    for (let byte = 0; byte < geometry.magnitudeBytes; byte++)
      bytes[signs + byte * 32] = made.signs[byte] as number;
    bytes.set(made.magnitudes, extent.magnitudesAddress(row));
    floats[extent.factorIndex(row)] = made.factor;
    floats[extent.parts.fineFactors / 4 + row] = made.fineFactor;
    floats[extent.parts.fineBases / 4 + row] = made.fineBase;
    words[extent.parts.idOffsets / 4 + row] = (rowId - extent.idBase) | 0;
    const at = extent.address / 8;
    doubles[at + EXTENT_FLOATS.smallestId] = Math.min(
      rowId,
      doubles[at + EXTENT_FLOATS.smallestId] as number,
    );
    doubles[at + EXTENT_FLOATS.largestId] = Math.max(rowId, doubles[at + EXTENT_FLOATS.largestId] as number);
    Atomics.store(words, extent.baseIndex(row), bitsOf(made.base));
    if (row >= extent.count) Atomics.store(words, extent.address / 4 + EXTENT.count, row + 1);
  }

  /** First no longer found, then zeroed: what was deleted leaves no trace in memory. */
  function wipe(extent: Extent, row: number): void {
    const { bytes, words, floats } = shared.views();
    Atomics.store(words, extent.baseIndex(row), bitsOf(Number.NaN));
    const signs = extent.signsAddress(row);
    for (let byte = 0; byte < geometry.magnitudeBytes; byte++) bytes[signs + byte * 32] = 0;
    bytes.fill(0, extent.magnitudesAddress(row), extent.magnitudesAddress(row) + geometry.magnitudeBytes);
    floats[extent.factorIndex(row)] = 0;
    floats[extent.parts.fineFactors / 4 + row] = 0;
    floats[extent.parts.fineBases / 4 + row] = 0;
    words[extent.parts.idOffsets / 4 + row] = 0;
  }

  /** Fills `sketch` from what was written of a row. */
  function read(extent: Extent, row: number, sketch: Sketch): void {
    const { bytes, floats } = shared.views();
    const signs = extent.signsAddress(row);
    for (let byte = 0; byte < geometry.magnitudeBytes; byte++)
      sketch.signs[byte] = bytes[signs + byte * 32] as number;
    const magnitudes = extent.magnitudesAddress(row);
    sketch.magnitudes.set(bytes.subarray(magnitudes, magnitudes + geometry.magnitudeBytes));
    sketch.factor = floats[extent.factorIndex(row)] as number;
    sketch.base = floats[extent.baseIndex(row)] as number;
    sketch.fineFactor = floats[extent.parts.fineFactors / 4 + row] as number;
    sketch.fineBase = floats[extent.parts.fineBases / 4 + row] as number;
  }

  return { write, read, wipe };
}

/** The first row from `from` on that can take `rowId`, or -1. */
export function freeRow(extent: Extent, from: number, rowId: number): number {
  const offset = rowId - extent.idBase;
  if (extent.liveRows === extent.capacity || offset < 0 || offset >= ID_SPAN) return -1;
  for (let row = from; row < extent.capacity; row++) if (!extent.isLive(row)) return row;
  return -1;
}

const floatBox = new Float32Array(1);
const wordBox = new Int32Array(floatBox.buffer);

/** A float as the bits that `Atomics` can store. */
function bitsOf(value: number): number {
  floatBox[0] = value;
  return wordBox[0] as number;
}
