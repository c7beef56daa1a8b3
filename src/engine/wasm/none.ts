/** For anymax/js, which is JavaScript alone. */
export function wasmModule(): WebAssembly.Module {
  throw new Error('anymax/js holds no wasm; pass some with init({ wasm }), or import anymax');
}
