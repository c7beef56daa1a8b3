import module from './tokens.wasm?module';

/** As ../edge_light.ts. */
export function tokensModule(): WebAssembly.Module {
  return module;
}
