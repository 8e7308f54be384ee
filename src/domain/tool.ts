/** What a model may use: its description, and its request to use it. */
export type ToolDefinition = {
  name: string;
  description: string;
  /** JSON Schema of an object. */
  parameters: Record<string, unknown>;
};

export type ToolCall = {
  id: string;
  name: string;
  /** JSON text as the model wrote it. */
  arguments: string;
};
