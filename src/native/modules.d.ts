/** pdf.js ships no types for its worker; all we do with it is hand it to pdf.js. */
declare module "pdfjs-dist/legacy/build/pdf.worker.mjs" {
  export const WorkerMessageHandler: object;
}

/** The module that emscripten made of libpg_query; what is used of it stands in connectors/postgres/parse.ts. */
declare module "libpg-query/wasm/libpg-query.js" {
  const start: (options: { wasmBinary: Uint8Array }) => Promise<unknown>;
  export default start;
}

/** Its WebAssembly, as a file that the bundler packs. */
declare module "libpg-query/wasm/libpg-query.wasm" {
  const path: string;
  export default path;
}
