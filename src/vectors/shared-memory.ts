/** The memory that one writer and several readers share: views that follow its growth, and an allocator. */
import { AppError } from "../errors.ts";
import { GRAIN_BYTES, HEADER, HEADER_BYTES, MAX_PAGES, PAGE_BYTES } from "./layout.ts";

export type Views = { bytes: Uint8Array; words: Int32Array; floats: Float32Array; doubles: Float64Array };

export type SharedMemory = {
  memory: WebAssembly.Memory;
  /** Views of all that is allocated now. Ask again after anything may have grown the memory. */
  views(): Views;
  /** Address of `sizeBytes` zeroed bytes that nothing else uses. Any thread may ask at any time. */
  allocate(sizeBytes: number): number;
  usedBytes(): number;
};

/** Grown by this much at a time, which costs no copying: the addresses are reserved from the start. */
const GROWTH_PAGES = 16;

export function createMemory(): WebAssembly.Memory {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
  new Int32Array(memory.buffer)[HEADER.nextFree] = HEADER_BYTES / GRAIN_BYTES;
  return memory;
}

export function sharedMemory(memory: WebAssembly.Memory): SharedMemory {
  let current = viewsOf(memory.buffer);
  const views = () => {
    const { buffer } = memory;
    if (buffer.byteLength !== current.bytes.byteLength) current = viewsOf(buffer);
    return current;
  };
  return {
    memory,
    views,
    allocate(sizeBytes) {
      const grains = Math.ceil(sizeBytes / GRAIN_BYTES);
      const first = Atomics.add(current.words, HEADER.nextFree, grains);
      try {
        growTo(memory, (first + grains) * GRAIN_BYTES);
      } catch (cause) {
        Atomics.sub(current.words, HEADER.nextFree, grains);
        throw new AppError(
          "RESOURCE_LIMIT",
          "There is no memory left for the vector index. Remove knowledge or give Parley more memory.",
          { cause },
        );
      }
      return first * GRAIN_BYTES;
    },
    usedBytes: () => Atomics.load(current.words, HEADER.nextFree) * GRAIN_BYTES,
  };
}

function viewsOf(buffer: ArrayBufferLike): Views {
  return {
    bytes: new Uint8Array(buffer),
    words: new Int32Array(buffer),
    floats: new Float32Array(buffer),
    doubles: new Float64Array(buffer),
  };
}

/** Two threads may both grow it; then it is larger than needed, and the next allocation uses that. */
function growTo(memory: WebAssembly.Memory, sizeBytes: number): void {
  const missing = Math.ceil((sizeBytes - memory.buffer.byteLength) / PAGE_BYTES);
  if (missing <= 0) return;
  const spare = MAX_PAGES - memory.buffer.byteLength / PAGE_BYTES;
  memory.grow(Math.max(missing, Math.min(GROWTH_PAGES, spare)));
}
