/** The build gives the kernels as text, and what decodes it (scripts/embed.mjs). */
declare module '../../../build/*.wasm' {
  export const text: string;
  export const unpacker: readonly number[];
}
declare module '../../../../build/*.wasm' {
  export const text: string;
  export const unpacker: readonly number[];
}

/** These imports stay in the package: there the runtime gives the module. */
declare module './*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
declare module '*.wasm?module' {
  const module: WebAssembly.Module;
  export default module;
}
