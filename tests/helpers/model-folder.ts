/** Folders as `parley model import` takes them, with a tokenizer whose words are a list. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MODEL_MANIFEST_FILE, type ModelManifest } from "../../src/workers/model-manifest.ts";

/** A word of which tiny models make something that is no number, whatever it stands beside. */
export const NOT_A_NUMBER = "nonsense";
/** Stands between the two texts of a pair and at the end, in tokenizers that have it. */
export const SEPARATOR = "[SEP]";

/** `files` with a manifest of them; `change` is what differs from an embedding model of mean vectors. */
export async function writeModelFolder(
  directory: string,
  files: Record<string, Uint8Array>,
  change: Partial<ModelManifest>,
): Promise<void> {
  const manifest: ModelManifest = {
    ...{ name: "tiny", dimension: 1, maxTokens: 64, queryPrefix: "", passagePrefix: "", pooling: "mean" },
    ...{ normalize: true, dtype: "fp32", licence: "Apache-2.0" },
    files: Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, sha256(bytes)])),
    ...change,
  };
  for (const [path, bytes] of Object.entries({ ...files, [MODEL_MANIFEST_FILE]: json(manifest) })) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), bytes);
  }
}

/**
 * Configuration and tokenizer of a small model. A token is a word of the list by its place, or `[UNK]`.
 *
 * @param words those in square brackets are the tokenizer's own and never come from a text
 */
export function wordFiles(words: readonly string[], mostTokens = 64): Record<string, Uint8Array> {
  return {
    "config.json": json({ model_type: "bert" }),
    "tokenizer.json": json(tokenizer(words)),
    "tokenizer_config.json": json({
      tokenizer_class: "PreTrainedTokenizerFast",
      model_max_length: mostTokens,
      ...(words.includes(SEPARATOR) && { sep_token: SEPARATOR }),
    }),
  };
}

function tokenizer(words: readonly string[]): object {
  const addedToken = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: words.flatMap((content, id) =>
      content.startsWith("[") ? [{ id, content, ...addedToken }] : [],
    ),
    normalizer: { type: "Lowercase" },
    pre_tokenizer: { type: "Whitespace" },
    post_processor: words.includes(SEPARATOR) ? separating(words.indexOf(SEPARATOR)) : null,
    decoder: null,
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
  };
}

function separating(id: number): object {
  const text = (name: string, type_id: number) => ({ Sequence: { id: name, type_id } });
  const end = (type_id: number) => ({ SpecialToken: { id: SEPARATOR, type_id } });
  return {
    type: "TemplateProcessing",
    single: [text("A", 0), end(0)],
    pair: [text("A", 0), end(0), text("B", 1), end(1)],
    special_tokens: { [SEPARATOR]: { id: SEPARATOR, ids: [id], tokens: [SEPARATOR] } },
  };
}

function json(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
