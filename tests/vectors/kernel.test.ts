import { describe, expect, test } from "bun:test";
import { assembleKernel } from "../../scripts/assemble-kernel.ts";
import { emptySketch, encode } from "../../src/vectors/encode.ts";
import { instantiateKernel, isKernelSupported } from "../../src/vectors/kernel.ts";
import { KERNEL_BASE64 } from "../../src/vectors/kernel-bytes.ts";
import { geometryOf } from "../../src/vectors/layout.ts";
import { writeCoarseTable, writeFineTable } from "../../src/vectors/query-tables.ts";
import { randomRotation } from "../../src/vectors/rotation.ts";
import { createMemory, sharedMemory } from "../../src/vectors/shared-memory.ts";
import { randomVectors } from "./helpers.ts";

const DIMENSIONS = [1, 3, 15, 16, 17, 48, 100, 128, 130, 384, 768, 1_000, 1_024, 3_072, 4_096];

function workbench(dimension: number) {
  const shared = sharedMemory(createMemory());
  return { shared, kernel: instantiateKernel(shared.memory), geometry: geometryOf(dimension) };
}

describe("the kernel of vector search", () => {
  test("is what its source says", async () => {
    expect(Buffer.from(await assembleKernel()).toString("base64")).toBe(KERNEL_BASE64);
    expect(isKernelSupported()).toBe(true);
  });

  test.each([8, 16, 32, 256, 4_096])("transforms %d numbers as Hadamard's matrix does", (length) => {
    const { shared, kernel } = workbench(16);
    const input = randomVectors(1, length);
    const address = shared.allocate(length * 4);
    shared.views().floats.set(input, address / 4);
    kernel.hadamard(address, length);
    for (const row of [0, 1, 2, 3, 5, length - 1]) {
      const expected = input.reduce((sum, value, column) => sum + value * hadamardSign(row, column), 0);
      expect(shared.views().floats[address / 4 + row]).toBeCloseTo(expected, 3);
    }
  });

  test.each(DIMENSIONS)("multiplies vectors of %d dimensions", (dimension) => {
    const { shared, kernel, geometry } = workbench(dimension);
    const [left, right] = [randomVectors(1, dimension, 1), randomVectors(1, dimension, 2)];
    const [a, b] = [shared.allocate(geometry.padded * 4), shared.allocate(geometry.padded * 4)];
    shared.views().floats.set(left, a / 4);
    shared.views().floats.set(right, b / 4);
    const expected = left.reduce((sum, value, i) => sum + value * (right[i] ?? 0), 0);
    expect(kernel.dot(a, b, geometry.padded)).toBeCloseTo(expected, 3);
  });

  test.each(DIMENSIONS)("a rotation of %d dimensions keeps lengths and angles", (dimension) => {
    const { shared, kernel, geometry } = workbench(dimension);
    const rotation = randomRotation(geometry.padded, kernel);
    const vectors = randomVectors(2, dimension, 3);
    const [a, b] = [shared.allocate(geometry.padded * 4), shared.allocate(geometry.padded * 4)];
    const { floats } = shared.views();
    floats.set(vectors.subarray(0, dimension), a / 4);
    floats.set(vectors.subarray(dimension), b / 4);
    const before = [kernel.dot(a, a, geometry.padded), kernel.dot(a, b, geometry.padded)];
    rotation.apply(floats, a);
    rotation.apply(floats, b);
    expect(kernel.dot(a, a, geometry.padded) / (before[0] ?? 0)).toBeCloseTo(1, 4);
    expect(kernel.dot(a, b, geometry.padded)).toBeCloseTo(before[1] ?? 0, 3);
  });

  test("a rotation spreads a single coordinate over all dimensions", () => {
    const { shared, kernel, geometry } = workbench(384);
    const address = shared.allocate(geometry.padded * 4);
    const { floats } = shared.views();
    floats[address / 4 + 200] = 1;
    randomRotation(geometry.padded, kernel).apply(floats, address);
    const largest = Math.max(...floats.subarray(address / 4, address / 4 + 384).map(Math.abs));
    expect(largest).toBeLessThan(6 / Math.sqrt(384));
  });

  test.each(DIMENSIONS)("estimates 64 rows of %d dimensions as plain arithmetic does", (dimension) => {
    const { shared, kernel, geometry } = workbench(dimension);
    const { padded, blockBytes } = geometry;
    const [query, rest, centroid] = [
      shared.allocate(padded * 4),
      shared.allocate(padded * 4),
      shared.allocate(padded * 4),
    ];
    const table = shared.allocate(padded * 4);
    const fineTable = shared.allocate(padded * 256);
    const blocks = shared.allocate(2 * blockBytes);
    const magnitudes = shared.allocate(geometry.magnitudeBytes);
    const scratch = shared.allocate(192);
    const out = shared.allocate(200 * 8);
    const { floats, bytes, words } = shared.views();
    floats.set(randomVectors(1, padded, 7), query / 4);
    floats.set(
      randomVectors(1, padded, 8).map((value) => value / 4),
      centroid / 4,
    );
    const { step, bias } = writeCoarseTable(floats, query / 4, padded, bytes, table);
    writeFineTable(floats, query / 4, padded, fineTable / 4);

    const expected: number[] = [];
    const sketch = emptySketch(geometry);
    for (let row = 0; row < 64; row++) {
      floats.set(randomVectors(1, padded, 100 + row), rest / 4);
      encode(floats, rest / 4, centroid / 4, padded, sketch);
      const block = blocks + (row >> 5) * blockBytes;
      for (const [i, byte] of sketch.signs.entries()) bytes[block + (row & 31) + 32 * i] = byte;
      bytes.set(sketch.magnitudes, magnitudes);
      floats[(block + geometry.factorOffset) / 4 + (row & 31)] = sketch.factor;
      floats[(block + geometry.baseOffset) / 4 + (row & 31)] = sketch.base;
      const asked = floats.subarray(query / 4, query / 4 + padded);
      const product = step * entriesOf(bytes.subarray(table), sketch.signs) - bias;
      // Each of padded/4 table entries is off by half a step at most, and most errors cancel out.
      const sixDeviations = 6 * step * Math.sqrt(padded / 48);
      expect(Math.abs(product - withSigns(asked, sketch.signs))).toBeLessThan(sixDeviations);
      expected.push(0.5 + sketch.base + sketch.factor * product);
      const fine = kernel.refine(block + (row & 31), magnitudes, geometry.magnitudeBytes, fineTable);
      expect(fine).toBeCloseTo(withSigns(asked, sketch.signs, sketch.magnitudes), 2);
    }

    const end = kernel.scan(
      blocks,
      blocks + 2 * blockBytes,
      padded / 16,
      table,
      step,
      bias,
      0.5,
      -1e9,
      out,
      out + 1_600,
      4_096,
      scratch,
    );
    expect((end - out) / 8).toBe(64);
    expect(words[(scratch + 128) / 4]).toBe(blocks + 2 * blockBytes);
    for (const [row, value] of expected.entries()) {
      expect(words[out / 4 + 2 * row + 1]).toBe(4_096 + row);
      expect(floats[out / 4 + 2 * row]).toBeCloseTo(value, 3);
    }
  });

  test("stops before its list is full, and goes on from there", () => {
    const { shared, kernel, geometry } = workbench(16);
    const blocks = shared.allocate(3 * geometry.blockBytes);
    const table = shared.allocate(64);
    const scratch = shared.allocate(192);
    const out = shared.allocate(1_024);
    const scan = (block: number, base: number) =>
      kernel.scan(
        block,
        blocks + 3 * geometry.blockBytes,
        1,
        table,
        1,
        0,
        base,
        0,
        out,
        out + 64 * 8,
        0,
        scratch,
      );
    expect(scan(blocks, 1) - out).toBe(64 * 8);
    expect(shared.views().words[(scratch + 128) / 4]).toBe(blocks + 2 * geometry.blockBytes);
    expect(scan(blocks + 2 * geometry.blockBytes, 1) - out).toBe(32 * 8);
    expect(scan(blocks, -1)).toBe(out);
  });
});

function hadamardSign(row: number, column: number): number {
  let common = row & column;
  let bits = 0;
  for (; common !== 0; common &= common - 1) bits++;
  return bits % 2 === 0 ? 1 : -1;
}

/** The sum of the table entries that the signs choose, 4 dimensions each. */
function entriesOf(table: Uint8Array, signs: Uint8Array): number {
  return signs.reduce(
    (sum, byte, i) => sum + (table[32 * i + (byte & 15)] ?? 0) + (table[32 * i + 16 + (byte >> 4)] ?? 0),
    0,
  );
}

function withSigns(query: Float32Array, signs: Uint8Array, magnitudes?: Uint8Array): number {
  return query.reduce((sum, value, i) => {
    const bit = (bytes: Uint8Array) => ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1;
    const size = magnitudes !== undefined && bit(magnitudes) ? 3 : 1;
    return sum + (bit(signs) ? value : -value) * size;
  }, 0);
}
