/** The build gives a .wasm import as its bytes in base64. */
declare module '*.wasm' {
  const base64: string;
  export default base64;
}
