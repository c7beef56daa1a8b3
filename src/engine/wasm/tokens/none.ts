/** For anymax/js/tokens, which is JavaScript alone. */
export function tokensModule(): WebAssembly.Module {
  throw new Error('anymax/js/tokens holds no wasm');
}
