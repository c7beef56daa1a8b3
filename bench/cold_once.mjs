/**
 * What a process or page that has just begun measures, once, in milliseconds: "wasm" compiles and instantiates the kernels,
 * another word imports the package and makes the call of that name twice. Runs in Node (bench/cold.mjs starts it) and in pages.
 */

/** First calls. @type {Record<string, (anymax: any) => unknown>} */
export const CALLS = {
  softmax: ({ softmax }) => softmax(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 10),
  gumbelMax: ({ gumbelMax, Rng }) => gumbelMax(new Rng(42), Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 10),
};

/** @param {string} what @param {string} entry of the package @param {() => Promise<BufferSource>} read gives the wasm */
export async function once(what, entry, read) {
  if (what === 'wasm') {
    const bytes = await read();
    const began = performance.now();
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    return { compile: performance.now() - began, kernels: Object.keys(instance.exports).length };
  }
  const call = CALLS[what];
  const began = performance.now();
  const anymax = await import(entry);
  const imported = performance.now();
  call(anymax);
  const first = performance.now();
  call(anymax);
  const second = performance.now();
  return { import: imported - began, first: first - imported, second: second - first, backend: anymax.backend() };
}

if (globalThis.process?.argv[1]?.endsWith('cold_once.mjs')) {
  const { readFile } = await import('node:fs/promises');
  const dist = new URL('../dist/', import.meta.url);
  const read = () => readFile(new URL('anymax.wasm', dist));
  console.log(JSON.stringify(await once(process.argv[2], new URL('index.js', dist).href, read)));
}
