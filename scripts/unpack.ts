// Decodes the text that scripts/embed.mjs makes. AssemblyScript: scripts/build.mjs compiles it to build/unpack.wasm.

/** The characters of the alphabet. */
const BASE: u32 = 87;
/** Those that stand for a byte alone. The others are the first of two characters. */
const SINGLE: u32 = 85;
/** Where the bytes lie by number: those of one character, then those of two. At address 0 lies the digit of each character. */
const BYTES: usize = 128;

/** Replaces the text at [text, end) by its bytes and returns their end. `text` is at least 384. */
export function unpack(text: usize, end: usize): usize {
  for (let i: u32 = 0; i < BASE; i++) store<u8>(load<u8>(text + i), i);
  let from = text + BASE,
    single = BYTES,
    other = BYTES + SINGLE;
  for (let byte: u32 = 0; byte < 256; byte++) {
    if (load<u8>(load<u8>(from++))) store<u8>(single++, byte);
    else store<u8>(other++, byte);
  }
  let to = text;
  for (; from < end; from++) {
    let i: u32 = load<u8>(load<u8>(from));
    if (i >= SINGLE) i = SINGLE + BASE * (i - SINGLE) + load<u8>(load<u8>(++from));
    store<u8>(to++, load<u8>(BYTES + i));
  }
  return to;
}
