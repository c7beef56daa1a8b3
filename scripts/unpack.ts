// Decodes the text that scripts/embed.mjs makes. AssemblyScript: scripts/build.mjs compiles it to build/unpack.wasm, and
// src/engine/wasm/unpack.ts fills its tables.

/** The characters of the alphabet. */
const BASE: u32 = 87;
/** Those that stand for a byte alone. The others are the first of two characters. */
const SINGLE: u32 = 85;
/** At address 0 lies the digit of each character, here the bytes: those of one character, then those of two. */
const BYTES: usize = 128;

/** Replaces the text at [text, end) by its bytes and returns their end. */
export function unpack(text: usize, end: usize): usize {
  let to = text;
  for (let from = text; from < end; from++) {
    let index: u32 = load<u8>(load<u8>(from));
    if (index >= SINGLE) index = SINGLE + BASE * (index - SINGLE) + load<u8>(load<u8>(++from));
    store<u8>(to++, load<u8>(BYTES + index));
  }
  return to;
}
