/** The build gives the kernels as their bytes, deflated, in base64. */
declare module '../../build/*.wasm' {
  const deflated: string;
  export default deflated;
}

/** These two imports stay in the package: there the runtime gives the module. */
declare module './*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
declare module '*.wasm?module' {
  const module: WebAssembly.Module;
  export default module;
}
