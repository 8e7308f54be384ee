/**
 * Search for the nearest vectors in sketches of them, in a thread of its own, so that one question's search by words
 * goes on at the same time. It also makes the sketches, over a connection of its own.
 */
import type { EmbeddingIndexId, TenantId } from "../../../domain/ids.ts";
import type { VectorHit } from "../../../domain/knowledge.ts";
import { AppError } from "../../../errors.ts";
import { IndexSketches, partitionOf } from "../../../vectors/index-sketches.ts";
import { nearest } from "../../../vectors/nearest.ts";
import { answerRequests } from "../../../workers/channel.ts";
import { openForReading, type SqliteClient } from "../connection.ts";
import { indexRows } from "../index-rows.ts";
import { sketchRows } from "../sketch-rows.ts";
import type { VectorRequests } from "./vector-sketches.ts";

type Opened = {
  client: SqliteClient;
  rows: ReturnType<typeof sketchRows>;
  found: ReturnType<typeof indexRows>["found"];
  sketches: IndexSketches;
};

let opened: Opened | undefined;

answerRequests<VectorRequests>({
  open: async ({ memoryBytes, ...connection }) => {
    const client = openForReading(connection);
    const rows = sketchRows(client);
    const sketches = new IndexSketches(rows, memoryBytes, () => Bun.gc(true));
    opened = { client, rows, found: indexRows(client).found, sketches };
  },
  searchByVector: async ({ tenantId, indexId, vector, limit }) => {
    const { rows } = database();
    return rows.inSnapshot(() => search(tenantId, indexId, vector, limit));
  },
  follow: async () => database().sketches.followSoon(),
  settled: async () => await database().sketches.settled(),
  sizes: async () => database().sketches.sizes(),
  close: async () => {
    await opened?.sketches.stop();
    opened?.client.close();
    opened = undefined;
  },
});

/** Null when the index's sketch is not what the database holds. */
function search(
  tenantId: TenantId,
  indexId: EmbeddingIndexId,
  vector: Float32Array,
  limit: number,
): VectorHit[] | null {
  const { rows, found, sketches } = database();
  const index = sketches.current(indexId);
  const tenant = rows.tenantNumber(tenantId);
  // A vector of another dimension is refused by the database, with a sentence.
  if (index === null || tenant === null || vector.length !== index.dimension) return null;
  const shown = {
    visible: (rowIds: readonly number[]) => rows.visible(tenantId, rowIds),
    vectors: (rowIds: readonly number[]) => rows.vectors(index.number, rowIds),
  };
  const hits = nearest(index.reader, shown, partitionOf(tenant), vector, limit);
  if (hits === null) return null;
  const chunks = found(
    tenantId,
    hits.map(({ rowId }) => rowId),
  );
  return hits.flatMap(({ rowId, similarity }) => {
    const chunk = chunks.get(rowId);
    return chunk === undefined ? [] : [{ chunk, similarity }];
  });
}

function database(): Opened {
  if (opened === undefined)
    throw new AppError("INTERNAL", "The search by meaning is not ready yet. Try again in a moment.");
  return opened;
}
