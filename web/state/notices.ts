import { onFrame } from "./live.ts";
import { navigate } from "./router.ts";
import { isOperator } from "./session.ts";
import { toastNotice } from "./toasts.ts";

/** What the server says of its own accord, once: so far that a search model does not answer. */
export function startNotices(): void {
  onFrame((frame) => {
    if (frame.type !== "notice") return;
    // Only an operator can see and change what it is about.
    const action = isOperator.peek() ? { label: "Show why", run: () => navigate("models") } : null;
    toastNotice(frame.text, action);
  });
}
