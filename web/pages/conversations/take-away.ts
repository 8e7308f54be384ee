/** What leaves the page: a link to a conversation, and the file of what the list shows. */
import { exportConversations } from "../../api/conversations.ts";
import { copyText } from "../../components/copy.ts";
import { conversations } from "../../state/conversations.ts";
import { href } from "../../state/router.ts";
import { toast, toastError } from "../../state/toasts.ts";

export async function copyLink(id: string): Promise<void> {
  const link = new URL(href("conversations", id), location.href).href;
  toast(
    (await copyText(link)) ? "Copied the link" : `The browser does not let pages copy. The link is ${link}`,
  );
}

/** Saves what the filter of the list finds. By a link of its own, because a plain one would not say for which tenant. */
export async function saveExport(format: "csv" | "jsonl"): Promise<void> {
  try {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await exportConversations(conversations.filter.peek(), format));
    link.download = `conversations-${new Date().toISOString().slice(0, 10)}.${format}`;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (thrown) {
    toastError(thrown);
  }
}
