/** What platform a compiled file is for, read from its first bytes. */
import { open } from "node:fs/promises";
import type { Target } from "../../src/native/parts.ts";

const ELF_MACHINES: Record<number, string> = { 62: "x64", 183: "arm64" };
const MACH_O_MACHINES: Record<number, string> = { 16777223: "x64", 16777228: "arm64" };
const PE_MACHINES: Record<number, string> = { 34404: "x64", 43620: "arm64" };

/** Little-endian "\x7fELF", a 64-bit Mach-O's magic, "MZ" and "PE\0\0". */
const ELF = 0x464c457f;
const MACH_O = 0xfeedfacf;
const MZ = 0x5a4d;
const PE = 0x00004550;

/** `linux-x64` and its like, or a description of what the file is instead. */
export async function platformOfFile(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer: head, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    if (bytesRead < 64) return "no program";
    if (head.readUInt32LE(0) === ELF) return `linux-${ELF_MACHINES[head.readUInt16LE(18)] ?? "unknown"}`;
    if (head.readUInt32LE(0) === MACH_O)
      return `darwin-${MACH_O_MACHINES[head.readUInt32LE(4)] ?? "unknown"}`;
    if (head.readUInt16LE(0) === MZ) return windowsPlatform(head);
    return "no program";
  } finally {
    await file.close();
  }
}

/** @throws when one of the files is for another platform. */
export async function requirePlatform(files: readonly string[], target: Target): Promise<void> {
  for (const file of files) {
    const platform = await platformOfFile(file);
    if (platform !== target) throw new Error(`${file} should be for ${target} but is for ${platform}.`);
  }
}

function windowsPlatform(head: Buffer): string {
  const header = head.readUInt32LE(0x3c);
  if (header + 6 > head.length || head.readUInt32LE(header) !== PE) return "no program";
  return `windows-${PE_MACHINES[head.readUInt16LE(header + 4)] ?? "unknown"}`;
}
