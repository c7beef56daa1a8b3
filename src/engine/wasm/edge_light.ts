import module from './anymax.wasm?module';

/** For Vercel's edge functions, which refuse to compile bytes: an import with `?module` is a module there. */
export function wasmModule(): WebAssembly.Module {
  return module;
}
