// The alphabet, and how many of its characters stand for a byte alone (scripts/embed.mjs, scripts/unpack.ts).
const BASE = 87;
const SINGLE = 85;

// The memory of the unpacker: the digits of the characters at 0, then the bytes by number, then the text.
const BYTES = 128;
const TEXT = 384;
/** Where the wasm begins: behind the alphabet and the kinds of the bytes. */
const BODY = TEXT + BASE + 256;

/**
 * The bytes of a text that scripts/embed.mjs made. `unpacker` is the wasm of scripts/unpack.ts. Measured: as JavaScript, which
 * nothing has compiled yet in the first call of a process, its loop takes two to three times as long.
 */
export function unpack(text: string, unpacker: readonly number[]): Uint8Array<ArrayBuffer> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(unpacker)));
  const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
  if (globalThis.TextEncoder) new TextEncoder().encodeInto(text, memory.subarray(TEXT));
  else for (let i = 0; i < text.length; i++) memory[TEXT + i] = text.charCodeAt(i);
  for (let i = 0; i < BASE; i++) memory[memory[TEXT + i]!] = i;
  let single = BYTES;
  let other = BYTES + SINGLE;
  for (let byte = 0; byte < 256; byte++) {
    const isSingle = memory[memory[TEXT + BASE + byte]!] === 1;
    memory[isSingle ? single++ : other++] = byte;
  }
  const end = (exports.unpack as (text: number, end: number) => number)(BODY, TEXT + text.length);
  return memory.subarray(BODY, end);
}
