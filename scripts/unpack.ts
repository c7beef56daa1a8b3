// Decodes the text that scripts/embed.mjs makes, then the streams of scripts/streams.mjs. AssemblyScript: scripts/build.mjs
// compiles it to build/unpack.wasm.

/** The characters of the alphabet. */
const BASE: u32 = 87;
/** Those that stand for a byte alone. The others are the first of two characters. */
const SINGLE: u32 = 85;
/** Where the bytes lie by number: those of one character, then those of two. At address 0 lies the digit of each character. */
const BYTES: usize = 128;

/** Replaces the text at [text, end) by its bytes and returns their end. `text` is at least 2048. */
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

/** Where the locals lie by rank, the addresses of the streams, and those of the entries of the table. */
const ORDER: usize = 0;
const REST: usize = 256;
const OFFSETS: usize = 260;
const TABLE: usize = 268;
const WORDS: usize = 272;
const LOCALS: usize = 276;
const ENTRIES: usize = 512;

/** Flags of an entry. */
const LAST: u32 = 0x80;
const LOCAL: u32 = 0x20;

let to: usize = 0;

/** Copies bytes of REST. */
function copy(bytes: u32): void {
  const from = load<usize>(REST);
  memory.copy(to, from, bytes);
  store<usize>(REST, from + bytes);
  to += bytes;
}

/** Copies a number of REST and returns it. */
function copyNumber(): u32 {
  let value: u32 = 0,
    shift = 0,
    byte: u32;
  do {
    byte = load<u8>(load<usize>(REST));
    copy(1);
    value |= (byte & 127) << shift;
    shift += 7;
  } while (byte > 127);
  return value;
}

function putNumber(value: u32): void {
  for (; value > 127; value >>>= 7) store<u8>(to++, value | 128);
  store<u8>(to++, value);
}

/**
 * The instructions of a function, to `p`; returns their end. Measured: with the steps above, which are calls until V8 has
 * optimised them, the first call of a process takes twice as long.
 */
function instructions(p: usize): usize {
  let words = load<usize>(WORDS),
    locals = load<usize>(LOCALS),
    flags: u32;
  do {
    const entry = load<usize>(ENTRIES + ((<usize>load<u8>(words++)) << 2)),
      length = <usize>load<u8>(entry, 2);
    flags = load<u8>(entry);
    store<u32>(p, load<u32>(entry, 3));
    if (length > 4) memory.copy(p, entry + 3, length);
    p += length;
    if (flags & LOCAL) {
      let i: usize = flags == LOCAL ? load<u8>(locals++) : flags - LOCAL - 1;
      const local: u32 = load<u8>(ORDER + i);
      for (; i > 0; i--) store<u8>(ORDER + i, load<u8>(ORDER + i - 1));
      store<u8>(ORDER, local);
      if (local < 128) {
        store<u8>(p++, local);
      } else {
        store<u16>(p, (local & 127) | 128 | ((local & 128) << 1));
        p += 2;
      }
      continue;
    }
    const operands: u32 = load<u8>(entry, 1),
      bytes = flags & 31;
    if (operands < 4 && bytes == 0) continue;
    const stream = REST + ((<usize>(operands & 3)) << 2);
    let from = load<usize>(stream);
    for (let numbers = operands >> 2; numbers > 0; numbers--) {
      while (load<u8>(from) > 127) store<u8>(p++, load<u8>(from++));
      store<u8>(p++, load<u8>(from++));
    }
    for (let i: u32 = 0; i < bytes; i++) store<u8>(p++, load<u8>(from++));
    store<usize>(stream, from);
  } while (flags < LAST);
  store<usize>(WORDS, words);
  store<usize>(LOCALS, locals);
  return p;
}

/** A function: its size comes from what it is. */
function body(): void {
  const start = to,
    code = start + 5;
  to = code;
  for (let kinds = copyNumber(); kinds > 0; kinds--) {
    copyNumber();
    copy(1);
  }
  for (let local: u32 = 0; local < 256; local++) store<u8>(ORDER + local, local);
  const size = <u32>(instructions(to) - code);
  to = start;
  putNumber(size);
  memory.copy(to, code, size);
  to += size;
}

/** Makes at `end` the wasm of the streams at [from, end), and returns its end. */
export function join(from: usize, end: usize): usize {
  let at = from + 18;
  for (let i: usize = 0; i < 6; i++) {
    store<usize>(REST + (i << 2), at);
    at += load<u32>(from + 3 * i) & 0xffffff;
  }
  let entry = load<usize>(TABLE);
  for (let p = ENTRIES; entry < load<usize>(WORDS); p += 4) {
    store<usize>(p, entry);
    entry += 3 + load<u8>(entry, 2);
  }
  const rest = load<usize>(OFFSETS);
  to = end;
  copy(8);
  while (load<usize>(REST) < rest) {
    const id = load<u8>(load<usize>(REST));
    copy(1);
    const size = copyNumber();
    if (id != 10) copy(size);
    else for (let functions = copyNumber(); functions > 0; functions--) body();
  }
  return to;
}
