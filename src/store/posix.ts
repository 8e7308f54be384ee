/** What the operating system can do and Bun's own modules cannot. There is none of it on Windows. */
import { dlopen, read } from "bun:ffi";

const LOCK_EXCLUSIVE = 2;
const DO_NOT_WAIT = 4;

const DARWIN = process.platform === "darwin";
/** By number, as the system's headers have them. */
const EBADF = 9;
const EINVAL = 22;
const [ENOLCK, ENOSYS, EOPNOTSUPP] = DARWIN ? [77, 78, 102] : [37, 38, 95];
const NO_LOCKS_HERE: readonly (number | undefined)[] = [EBADF, EINVAL, ENOLCK, ENOSYS, EOPNOTSUPP];

type Library = ReturnType<typeof openLibrary>;

let found: Library | null | undefined;

/** Null where the C library has another name. */
function theLibrary(): Library | null {
  if (found === undefined) found = findLibrary();
  return found;
}

function findLibrary(): Library | null {
  if (process.platform === "win32") return null;
  try {
    return openLibrary();
  } catch {
    return null;
  }
}

function openLibrary() {
  const flock = { args: ["i32", "i32"], returns: "i32" } as const;
  const errno = { args: [], returns: "ptr" } as const;
  if (DARWIN) {
    const { symbols } = dlopen("libSystem.B.dylib", { flock, __error: errno });
    return { flock: symbols.flock, errno: symbols.__error, allocate: null };
  }
  const posix_fallocate = { args: ["i32", "i64", "i64"], returns: "i32" } as const;
  const { symbols } = dlopen("libc.so.6", { flock, posix_fallocate, __errno_location: errno });
  return { flock: symbols.flock, errno: symbols.__errno_location, allocate: symbols.posix_fallocate };
}

/**
 * Locks what is open under this number for this process alone, until it closes it or ends.
 *
 * @returns "unsupported" where the system or the file system knows no such locks
 */
export function lockForMyself(descriptor: number): "locked" | "held-by-another" | "unsupported" {
  const library = theLibrary();
  if (library === null) return "unsupported";
  if (library.flock(descriptor, LOCK_EXCLUSIVE | DO_NOT_WAIT) === 0) return "locked";
  const place = library.errno();
  const reason = place === null ? 0 : read.i32(place);
  return NO_LOCKS_HERE.includes(reason) ? "unsupported" : "held-by-another";
}

/**
 * Takes the room of a file of so many bytes, without writing them. Whether that was done; without room it is not.
 * macOS has a call of its own for it, with arguments that cannot be passed from here.
 */
export function allocate(descriptor: number, bytes: number): boolean {
  return theLibrary()?.allocate?.(descriptor, 0, bytes) === 0;
}
