import { AppError } from "../../errors.ts";
import type { ChatProvider, FinishReason } from "../../providers/provider.ts";

/** What it means that a model's last reply had no text, by why it ended. Whoever set the model up reads it. */
export function noAnswer({ host }: Pick<ChatProvider, "host">, reason: FinishReason): AppError {
  return new AppError("PROVIDER_NO_ANSWER", sentence(host ?? "The model", reason));
}

function sentence(who: string, reason: FinishReason): string {
  switch (reason) {
    case "length":
      return `${who} used up its tokens before it wrote a word of the answer. Allow longer answers under Model, or choose a model that thinks less.`;
    case "content-filter":
      return `The content filter of ${who} left nothing of the answer. Ask in other words, or change the filter there.`;
    case "tool-calls":
      return `${who} kept calling tools and wrote no answer. Choose another model under Model.`;
    default:
      return `${who} ended its reply without a word. Try again; if it goes on, choose another model under Model.`;
  }
}
