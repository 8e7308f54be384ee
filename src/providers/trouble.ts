import { AppError } from "../errors.ts";
import type { ChatProvider, ProviderTrouble } from "./provider.ts";

/** Of all models that did not answer when they were last asked. */
export type Troubles = Map<string, ProviderTrouble>;

/**
 * Remembers under `key` whether the model answered. Its refusals count as much as outages: a visitor gets quotes then,
 * and whoever can mend it would hear of nothing.
 */
export function withTrouble(
  provider: ChatProvider,
  { troubles, key, host, now }: { troubles: Troubles; key: string; host: string; now: () => number },
): ChatProvider {
  const heard = () => troubles.delete(key);
  const failed = (thrown: unknown, signal: AbortSignal) => {
    if (signal.aborted || !(thrown instanceof AppError)) return;
    const { code, message } = thrown;
    // The first reason says more than that the server is left alone since.
    if (!troubles.has(key)) troubles.set(key, { code, message, since: now() });
  };
  return {
    name: provider.name,
    host,
    trouble: () => troubles.get(key) ?? null,
    async *streamChat(request, signal) {
      try {
        yield* provider.streamChat(request, signal);
        heard();
      } catch (thrown) {
        failed(thrown, signal);
        throw thrown;
      }
    },
    async listModels(signal) {
      try {
        const models = await provider.listModels(signal);
        heard();
        return models;
      } catch (thrown) {
        failed(thrown, signal);
        throw thrown;
      }
    },
  };
}
