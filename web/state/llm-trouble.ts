import { signal } from "@preact/signals";
import type { LlmTrouble } from "../../src/protocol/admin-api/llm.ts";
import { getLlmTrouble } from "../api/llm.ts";
import { liveEpoch, onFrame } from "./live.ts";
import { tenantId } from "./session.ts";

/** Why the tenant's model does not answer; null while it does. */
export const llmTrouble = signal<LlmTrouble>(null);

/** Answers come in bursts; what they say of the model is read at this pace. */
const PACE_MS = 1000;
let isDue = false;

/** Follows what happens to answers, which is how a model that is down shows. */
export function startLlmTrouble(): void {
  tenantId.subscribe(() => {
    llmTrouble.value = null;
    void readLlmTrouble();
  });
  liveEpoch.subscribe((epoch) => {
    if (epoch > 0) void readLlmTrouble();
  });
  onFrame((frame) => {
    if (frame.type !== "conversation" || frame.removed) return;
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      void readLlmTrouble();
    }, PACE_MS);
  });
}

/** Never throws: whether Parley itself can be reached is said by the page. */
export async function readLlmTrouble(): Promise<void> {
  const tenant = tenantId.peek();
  if (!tenant) return;
  const { trouble } = await getLlmTrouble().catch(() => ({ trouble: llmTrouble.peek() }));
  if (tenant === tenantId.peek()) llmTrouble.value = trouble;
}
