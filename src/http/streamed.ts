/** Texts as the body of an answer, made as fast as they are read. */

/**
 * The first text is waited for, so that what goes wrong before anything is sent is an error like any other. What goes
 * wrong later breaks the answer off: a file that ends early must not look whole.
 */
export async function streamed(texts: AsyncGenerator<string>): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let next: Promise<IteratorResult<string>> | null = Promise.resolve(await texts.next());
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await (next ?? texts.next());
      next = null;
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}
