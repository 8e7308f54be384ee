/** The compiled libraries that Parley cannot be without, for every platform it is built for. */

export const TARGETS = ["linux-x64", "linux-arm64", "darwin-arm64", "darwin-x64", "windows-x64"] as const;
export type Target = (typeof TARGETS)[number];

export type NativePart = {
  /** The file's name beside the data. SQLite and ONNX Runtime find each other's parts by these names. */
  name: string;
  /** Where the package manager puts it, below node_modules. */
  source: string;
};

export type NativePartsOf = { sqliteBinding: NativePart; vec0: NativePart; onnxRuntime: NativePart[] };

/** What an installed part must be, known since the build. */
export type PackedPart = { name: string; sha256: string };

/** The parts of one platform. `onnxRuntime` is empty where there is no ONNX Runtime: macOS on Intel. */
export function nativePartsOf(target: Target): NativePartsOf {
  const [os, arch] = target.split("-") as ["linux" | "darwin" | "windows", "x64" | "arm64"];
  const platform = os === "windows" ? "win32" : os;
  const vec0 = { linux: "vec0.so", darwin: "vec0.dylib", windows: "vec0.dll" }[os];
  const library = {
    linux: "libonnxruntime.so.1",
    darwin: "libonnxruntime.1.dylib",
    windows: "onnxruntime.dll",
  }[os];
  const onnx = `onnxruntime-node/bin/napi-v6/${platform}/${arch}`;
  const onnxNames = target === "darwin-x64" ? [] : ["onnxruntime_binding.node", library];
  return {
    sqliteBinding: {
      // Bun refuses to load any file called better_sqlite3.node, on account of older versions of it.
      name: "sqlite_binding.node",
      source: `better-sqlite3/prebuilds/${platform}-${arch}.node`,
    },
    vec0: { name: vec0, source: `sqlite-vec-${target}/${vec0}` },
    onnxRuntime: onnxNames.map((name) => ({ name, source: `${onnx}/${name}` })),
  };
}

/** The platform that this process runs on, or null where Parley has no parts for it. */
export function currentTarget(): Target | null {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return TARGETS.find((target) => target === `${os}-${process.arch}`) ?? null;
}
