/**
 * Since 1.29 ONNX Runtime reports to Microsoft from Linux and macOS, unless ORT_DISABLE_TELEMETRY is in the
 * environment before it is loaded (https://github.com/microsoft/onnxruntime/pull/27379). Parley sends
 * nothing to anyone. Transformers.js sets the variable in `process.env`, but Bun keeps that to itself: the
 * library asks the C library, so that is where it has to be.
 */
import { dlopen } from "bun:ffi";
import { AppError } from "../errors.ts";

const VARIABLE = "ORT_DISABLE_TELEMETRY";

/** On Windows ONNX Runtime has no uploader: it writes trace events that stay with the system. */
const C_LIBRARIES: Partial<Record<NodeJS.Platform, string>> = {
  linux: "libc.so.6",
  darwin: "libSystem.B.dylib",
};

/**
 * Must be called before ONNX Runtime is loaded, which must not be when this throws.
 *
 * @throws MODEL_NOT_AVAILABLE
 */
export function switchOffOnnxTelemetry(): void {
  const library = C_LIBRARIES[process.platform];
  if (library === undefined) return;
  const setting = setInEnvironment(library, VARIABLE, "1");
  if (setting === "1") return;
  throw new AppError(
    "MODEL_NOT_AVAILABLE",
    `ONNX Runtime would report to its maker here, so Parley does not load it. Start Parley with ${VARIABLE}=1 in its environment.`,
  );
}

/** What the C library then says that the variable is. */
function setInEnvironment(library: string, name: string, value: string): string {
  const { symbols, close } = dlopen(library, {
    setenv: { args: ["cstring", "cstring", "int"], returns: "int" },
    getenv: { args: ["cstring"], returns: "cstring" },
  });
  try {
    symbols.setenv(cText(name), cText(value), 1);
    return String(symbols.getenv(cText(name)));
  } finally {
    close();
  }
}

function cText(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}
