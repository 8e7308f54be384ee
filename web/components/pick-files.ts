import { formats } from "../state/formats.ts";
import { addFiles } from "../state/knowledge.ts";
import { navigate, route } from "../state/router.ts";

/** Opens the browser's file dialog and uploads what was chosen, with the list in view. */
export function pickFiles(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  // The server decides by content; this only narrows the file dialog.
  input.accept = formats
    .peek()
    .flatMap(({ extensions }) => extensions)
    .map((extension) => `.${extension}`)
    .join(",");
  input.onchange = () => takeFiles(input.files);
  input.click();
}

export function takeFiles(files: FileList | null | undefined): void {
  if (!files || files.length === 0) return;
  if (route.peek().path[0] !== "knowledge" || route.peek().path.length > 1) navigate("knowledge");
  addFiles(files);
}
