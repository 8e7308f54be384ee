/**
 * What a promise was rejected with: `expect(await rejection(store.tenants.get(id))).toMatchObject({ code })`.
 * For whatever waits for a thread, because `expect().rejects` of bun:test takes no messages from threads while it
 * waits, once one has come in.
 */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (thrown) {
    return thrown;
  }
  throw new Error("The promise was expected to be rejected, but it was fulfilled.");
}
