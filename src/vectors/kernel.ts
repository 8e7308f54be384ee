/** The WebAssembly inner loops of vector search. What each does is written in kernel.wat. */
import { KERNEL_BASE64 } from "./kernel-bytes.ts";

/** Addresses and lengths are in bytes of the shared memory unless said otherwise. */
export type Kernel = {
  hadamard(address: number, length: number): void;
  dot(left: number, right: number, length: number): number;
  scan(
    block: number,
    end: number,
    sixteens: number,
    table: number,
    step: number,
    bias: number,
    base: number,
    threshold: number,
    out: number,
    limit: number,
    tag: number,
    scratch: number,
  ): number;
  refine(signs: number, magnitudes: number, eights: number, table: number): number;
};

const bytes = Uint8Array.from(atob(KERNEL_BASE64), (character) => character.charCodeAt(0));
let compiled: WebAssembly.Module | undefined;

/** Whether this machine can run the kernel: WebAssembly SIMD needs AVX on x64, which a VM may hide. */
export function isKernelSupported(): boolean {
  return WebAssembly.validate(bytes);
}

export function instantiateKernel(memory: WebAssembly.Memory): Kernel {
  compiled ??= new WebAssembly.Module(bytes);
  return new WebAssembly.Instance(compiled, { parley: { memory } }).exports as unknown as Kernel;
}
