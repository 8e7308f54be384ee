import { type Confirmation, isExpired } from "../domain/confirmation.ts";
import type { ToolArguments } from "../domain/tool.ts";
import type { ConfirmationView } from "../protocol/chat-protocol.ts";

/** What a visitor is asked to confirm, as the wire has it. That time is up is seen when it is looked at. */
export function confirmationView(confirmation: Confirmation, now = Date.now()): ConfirmationView {
  const { id, name, label, arguments: given, words, expiresAt, state } = confirmation;
  return {
    ...{ call: id, tool: name, label, words },
    arguments: toView(given),
    expiresAt: new Date(expiresAt).toISOString(),
    state: isExpired(confirmation, now) ? "expired" : state,
  };
}

function toView(given: ToolArguments): ConfirmationView["arguments"] {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, isList(value) ? [...value] : value]),
  );
}

function isList(value: ToolArguments[string]): value is readonly string[] {
  return Array.isArray(value);
}
