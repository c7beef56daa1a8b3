import module from './tokens.wasm';

/** As ../workerd.ts. */
export function tokensModule(): WebAssembly.Module {
  return module;
}
