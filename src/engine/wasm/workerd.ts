import module from './anymax.wasm';

/** For Cloudflare's workerd, which refuses to compile bytes: an import of a .wasm file is a module there. */
export function wasmModule(): WebAssembly.Module {
  return module;
}
