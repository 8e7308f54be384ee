/**
 * The runtime's `fetch` runs 256 requests at once and lets the others wait, so the 257th visitor would see nothing
 * until somebody else's answer has ended. It reads another limit from the environment, once, before any of our code
 * runs; whoever starts Parley cannot be expected to know that. So a server that was started without it becomes the
 * same program again, with it: same process, same arguments, same standard streams.
 */
import { dlopen, ptr } from "bun:ffi";

const VARIABLE = "BUN_CONFIG_MAX_HTTP_REQUESTS";
/** All answers that may run at once, and as much again for embeddings, retries and tests of a model's settings. */
const REQUESTS_AT_ONCE = 4096;

type Environment = Record<string, string | undefined>;

/**
 * Lifts the limit, by not returning: the process begins anew with it. Returns when it is lifted already, where that
 * is not possible (Windows), or when it failed.
 *
 * @returns whether more than 256 requests can run at once
 */
export function liftRequestLimit(environment: Environment): boolean {
  if (environment[VARIABLE] !== undefined) return true;
  const library = { linux: "libc.so.6", darwin: "libSystem.B.dylib" }[process.platform as string];
  if (library === undefined) return false;
  try {
    becomeItself(library, { ...environment, [VARIABLE]: String(REQUESTS_AT_ONCE) });
  } catch {
    // A system whose C library has another name serves fewer answers at once, and serves them.
  }
  return false;
}

/** Comes back only when the system refused. */
function becomeItself(library: string, environment: Environment): void {
  const { symbols } = dlopen(library, { execve: { args: ["ptr", "ptr", "ptr"], returns: "i32" } });
  const program = toCString(process.execPath);
  // A binary's first two arguments are the runtime's: its name, and where it keeps its own code.
  const words = process.argv.slice(Bun.isStandaloneExecutable ? 2 : 1);
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value ?? ""}`);
  const argv = toPointers([process.execPath, ...words]);
  const envp = toPointers(variables);
  symbols.execve(ptr(program), ptr(argv.addresses), ptr(envp.addresses));
}

/** `texts` keeps the memory alive that `addresses` points at; the last address is null. */
function toPointers(list: readonly string[]): { addresses: BigUint64Array; texts: Buffer[] } {
  const texts = list.map(toCString);
  const addresses = new BigUint64Array(texts.length + 1);
  for (const [place, text] of texts.entries()) addresses[place] = BigInt(ptr(text));
  return { addresses, texts };
}

function toCString(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}
