/** Assembles src/vectors/kernel.wat into src/vectors/kernel-bytes.ts. */
import { join } from "node:path";
import createAssembler from "wabt";

const FOLDER = join(import.meta.dir, "../src/vectors");

/** The WebAssembly module that kernel.wat describes. */
export async function assembleKernel(): Promise<Uint8Array> {
  const assembler = await createAssembler();
  const source = await Bun.file(join(FOLDER, "kernel.wat")).text();
  const module = assembler.parseWat("kernel.wat", source, { simd: true, threads: true, relaxed_simd: true });
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

if (import.meta.main) {
  const bytes = await assembleKernel();
  const text = `/** Made from kernel.wat by \`bun scripts/assemble-kernel.ts\`. ${bytes.length} bytes. */
export const KERNEL_BASE64 =
  "${Buffer.from(bytes).toString("base64")}";
`;
  await Bun.write(join(FOLDER, "kernel-bytes.ts"), text);
  console.log(`${bytes.length} bytes`);
}
