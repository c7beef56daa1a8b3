import base64 from '../../build/anymax.wasm';

/** What the wasm backend is made of: here the bytes that come with the code. Other entries put another file in its place. */
export function wasmModule(): WebAssembly.Module {
  return new WebAssembly.Module(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}
