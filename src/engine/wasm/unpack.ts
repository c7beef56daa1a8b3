/** Where the text lies in the memory of the unpacker, behind its tables. */
const TEXT = 2048;

/**
 * The wasm of a text that scripts/embed.mjs made. `unpacker` is the wasm of scripts/unpack.ts. Measured: as JavaScript, which
 * nothing has compiled yet in the first call of a process, it takes two to three times as long.
 */
export function unpack(text: string, unpacker: readonly number[]): Uint8Array<ArrayBuffer> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(unpacker)));
  const bytes = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
  if (globalThis.TextEncoder) new TextEncoder().encodeInto(text, bytes.subarray(TEXT));
  else for (let i = 0; i < text.length; i++) bytes[TEXT + i] = text.charCodeAt(i);
  type Step = (from: number, end: number) => number;
  const streams = (exports.unpack as Step)(TEXT, TEXT + text.length);
  return bytes.subarray(streams, (exports.join as Step)(TEXT, streams));
}
