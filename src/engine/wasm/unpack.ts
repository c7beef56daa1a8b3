/** Where the text lies in the memory of the unpacker, behind its tables. */
const TEXT = 384;

/**
 * The bytes of a text that scripts/embed.mjs made. `unpacker` is the wasm of scripts/unpack.ts. Measured: as JavaScript, which
 * nothing has compiled yet in the first call of a process, it takes two to three times as long.
 */
export function unpack(text: string, unpacker: readonly number[]): Uint8Array<ArrayBuffer> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(unpacker)));
  const bytes = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
  if (globalThis.TextEncoder) new TextEncoder().encodeInto(text, bytes.subarray(TEXT));
  else for (let i = 0; i < text.length; i++) bytes[TEXT + i] = text.charCodeAt(i);
  const end = (exports.unpack as (text: number, end: number) => number)(TEXT, TEXT + text.length);
  return bytes.subarray(TEXT, end);
}
