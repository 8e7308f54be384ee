import { onFrame } from "./live.ts";
import { navigate } from "./router.ts";
import { isOperator } from "./session.ts";
import { type Toast, toastNotice } from "./toasts.ts";

/** What the server says of its own accord, once: that a search model does not answer, that a tool was changed. */
export function startNotices(): void {
  onFrame((frame) => {
    if (frame.type !== "notice") return;
    toastNotice(frame.text, actionFor(frame.code));
  });
}

function actionFor(code: string): Toast["action"] {
  if (code === "TOOL_CHANGED") return { label: "Show tools", run: () => navigate("tools") };
  // Only an operator can see and change what it is about.
  return isOperator.peek() ? { label: "Show why", run: () => navigate("models") } : null;
}
