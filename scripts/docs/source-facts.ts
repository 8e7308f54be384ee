/** What the documentation has to name, read from the source where it cannot be imported. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { helpText } from "../../src/commands/help.ts";

const REPOSITORY = join(import.meta.dir, "../..");

export function sourceOf(path: string): string {
  return readFileSync(join(REPOSITORY, path), "utf8");
}

/** Error code to exit code of the process, in the order of `src/main.ts`; the rest end in 70. */
export function exitCodes(): [code: string, exitCode: number][] {
  return all(sourceOf("src/main.ts"), /^ {2}([A-Z_]+): (\d+),$/gm).map(([code, exitCode]) => [
    code ?? "",
    Number(exitCode),
  ]);
}

/** Verbs of the command line: `serve`, `config show`. */
export function commands(): string[] {
  return all(helpText(), /^ {2}parley ([a-z]+(?: [a-z-]+)?) {2,}/gm).map(([words]) => words ?? "");
}

/** An exported type of the chat protocol, as it is written there, without `export` and comments. */
export function protocolType(name: string): string {
  const source = sourceOf("src/protocol/chat-protocol.ts");
  const declaration = new RegExp(`^export type ${name} =[\\s\\S]*?;\\n(?=\\n|/\\*\\*|export|$)`, "m").exec(
    source,
  )?.[0];
  if (declaration === undefined) throw new Error(`src/protocol/chat-protocol.ts has no type ${name}.`);
  return declaration.replace(/^export /, "").trimEnd();
}

/** Values of `type` of every frame between widget and server. */
export function frameTypes(): { client: string[]; server: string[] } {
  const types = (names: string[]) => [
    ...new Set(
      names.flatMap((name) => all(protocolType(name), /\btype: "(\w+)"/g).map(([type]) => type ?? "")),
    ),
  ];
  return { client: types(["ClientFrame"]), server: types(["ServerFrame", "ReadyFrame", "DoneFrame"]) };
}

/** Names that `window.parley(name, …)` takes. */
export function widgetCommands(): string[] {
  const source = sourceOf("widget/loader/commands.ts");
  const names = [...all(source, /name === "(\w+)"/g), ...all(source, /case "(\w+)":/g)];
  const ofTheQueue = all(sourceOf("widget/loader/main.ts"), /command === "(\w+)"/g);
  return [...names, ...ofTheQueue].map(([name]) => name ?? "");
}

/** Names that `parley("on", name, …)` knows. */
export function widgetEvents(): string[] {
  const union = /export type WidgetEvent =([^;]+);/.exec(sourceOf("widget/contract.ts"))?.[1] ?? "";
  return all(union, /"([\w:]+)"/g).map(([name]) => name ?? "");
}

/** Attributes of the script tag, as they are written there: `data-api-key`. */
export function widgetAttributes(): string[] {
  const names = all(sourceOf("widget/loader/settings.ts"), /\bdataset\.(\w+)/g).map(([name]) => name ?? "");
  const kebab = names.map((name) => `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  return [...new Set(kebab)];
}

function all(text: string, pattern: RegExp): (string | undefined)[][] {
  return [...text.matchAll(pattern)].map((match) => match.slice(1));
}
