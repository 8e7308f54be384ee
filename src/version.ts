/** Which Parley this is. */
import { version } from "../package.json";

/** Baked in by build.ts. */
declare const PARLEY_COMMIT: string | undefined;

export const VERSION = version;

/** The short git commit that the binary was built from, with a `+` when files were changed. */
export const COMMIT = typeof PARLEY_COMMIT === "string" ? PARLEY_COMMIT : "development";
