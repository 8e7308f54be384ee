import type { Log } from "../deps.ts";

const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ["xdg-open"],
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** Opens the desktop's browser. On a machine without one nothing happens but a line in the log. */
export function openBrowser(address: string, log: Log): void {
  const opener = OPENERS[process.platform];
  if (!opener || !Bun.which(opener[0] ?? "")) {
    log.info("no-browser", { address });
    return;
  }
  Bun.spawn([...opener, address], { stdio: ["ignore", "ignore", "ignore"] }).unref();
}
