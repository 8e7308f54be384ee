import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { takeFiles } from "../components/pick-files.ts";
import { takeModel } from "../pages/models/model-import.ts";
import { route } from "../state/router.ts";
import { isOperator } from "../state/session.ts";

/** Files may be dropped anywhere in the backoffice. */
export function DropFiles() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth++;
      setOver(true);
    };
    const move = (event: DragEvent) => carriesFiles(event) && event.preventDefault();
    const exit = (event: DragEvent) => {
      if (carriesFiles(event) && --depth <= 0) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      if (takesModels()) takeModel(event.dataTransfer?.files);
      else takeFiles(event.dataTransfer?.files);
    };
    const controller = new AbortController();
    const { signal } = controller;
    addEventListener("dragenter", enter, { signal });
    addEventListener("dragover", move, { signal });
    addEventListener("dragleave", exit, { signal });
    addEventListener("drop", drop, { signal });
    return () => controller.abort();
  }, []);
  const words = takesModels()
    ? "Drop the ZIP of a model to import it"
    : "Drop files to add them to Knowledge";
  return over && html`<div class="dropzone">${words}</div>`;
}

/** On their page, what is dropped is a model; everywhere else it is a document. */
function takesModels(): boolean {
  return isOperator.peek() && route.peek().path.join("/") === "models";
}
