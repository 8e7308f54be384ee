/** A model's settings as they are typed. */
import type { LlmProviderConfigView, UpdateLlmProvider } from "../../../src/protocol/admin-api/llm.ts";

export type ModelDraft = {
  name: string;
  provider: string;
  baseUrl: string;
  /** Only what was newly typed. */
  apiKey: string | null;
  model: string;
  temperature: string;
  maxTokens: string;
  contextTokens: string;
  inputPrice: string;
  outputPrice: string;
  proxy: string;
  ca: string;
  /** `name: value`, one a line. */
  headers: string;
};

/** Stands for a stored value. */
const STORED = "••••";

export const NEW_MODEL: ModelDraft = {
  ...{ name: "", provider: "", baseUrl: "", apiKey: null, model: "", temperature: "0.2" },
  ...{
    maxTokens: "1024",
    contextTokens: "",
    inputPrice: "",
    outputPrice: "",
    proxy: "",
    ca: "",
    headers: "",
  },
};

const shown = (value: number | null) => (value === null ? "" : String(value));

export function fromModel(saved: LlmProviderConfigView): ModelDraft {
  const { name, provider, model, temperature, maxTokens } = saved;
  return {
    ...{ name, provider, baseUrl: saved.baseUrl ?? "", apiKey: null, model },
    ...{ temperature: String(temperature), maxTokens: String(maxTokens) },
    ...{ contextTokens: shown(saved.contextTokens), inputPrice: shown(saved.inputPrice) },
    ...{ outputPrice: shown(saved.outputPrice), proxy: saved.proxy ?? "", ca: saved.tls?.ca ?? "" },
    headers: Object.entries(saved.headers)
      .map(([header, { last4 }]) => `${header}: ${STORED}${last4 ?? ""}`)
      .join("\n"),
  };
}

/** What is given, as the API takes it. */
export function toBody(draft: Partial<ModelDraft>): UpdateLlmProvider {
  const figure = (text: string) => (text.trim() === "" ? null : Number(text));
  const { name, provider, baseUrl, apiKey, model, temperature, maxTokens } = draft;
  const { contextTokens, inputPrice, outputPrice, proxy, ca, headers } = draft;
  return {
    ...(name !== undefined && { name }),
    ...(provider !== undefined && { provider }),
    ...(baseUrl !== undefined && { baseUrl: baseUrl || null }),
    ...(apiKey !== undefined && apiKey !== null && { apiKey: apiKey || null }),
    ...(model !== undefined && { model }),
    ...(temperature !== undefined && { temperature: Number(temperature) }),
    ...(maxTokens !== undefined && { maxTokens: Number(maxTokens) }),
    ...(contextTokens !== undefined && { contextTokens: figure(contextTokens) }),
    ...(inputPrice !== undefined && { inputPrice: figure(inputPrice) }),
    ...(outputPrice !== undefined && { outputPrice: figure(outputPrice) }),
    ...(proxy !== undefined && { proxy: proxy || null }),
    ...(ca !== undefined && { tls: ca.trim() ? { ca } : null }),
    ...(headers !== undefined && { headers: headersIn(headers) }),
  };
}

function headersIn(text: string): Record<string, string | null> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(":");
      const [name, value] = at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1).trim()];
      return [name.trim(), value.startsWith(STORED) ? null : value];
    }),
  );
}

/** What is to be entered before it can be saved. */
export function problemOf({ name, model, maxTokens, headers }: ModelDraft): string | undefined {
  if (!name.trim()) return "Give it a name.";
  if (!model.trim()) return "Name the model to use.";
  if (!/^\d+$/.test(maxTokens)) return "Enter how long an answer may get.";
  const isHalf = headers.split("\n").some((line) => line.trim() !== "" && !/^[^:\s]+:\s*\S/.test(line));
  return isHalf ? "Write each header as name: value." : undefined;
}
