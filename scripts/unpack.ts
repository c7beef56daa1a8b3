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

function next(stream: usize): u32 {
  const from = load<usize>(stream);
  store<usize>(stream, from + 1);
  return load<u8>(from);
}

function put(byte: u32): void {
  store<u8>(to++, byte);
}

function copy(stream: usize, bytes: u32): void {
  while (bytes-- > 0) put(next(stream));
}

/** Copies a number and returns it. */
function copyNumber(stream: usize): u32 {
  let value: u32 = 0,
    shift = 0,
    byte: u32;
  do {
    byte = next(stream);
    put(byte);
    value |= (byte & 127) << shift;
    shift += 7;
  } while (byte > 127);
  return value;
}

function putNumber(value: u32): void {
  for (; value > 127; value >>>= 7) put(value | 128);
  put(value);
}

/** A function: its size comes from what it is. */
function body(): void {
  const start = to,
    code = start + 5;
  to = code;
  for (let kinds = copyNumber(REST); kinds > 0; kinds--) {
    copyNumber(REST);
    copy(REST, 1);
  }
  for (let local: u32 = 0; local < 256; local++) store<u8>(ORDER + local, local);
  let flags: u32;
  do {
    const entry = load<usize>(ENTRIES + (next(WORDS) << 2));
    flags = load<u8>(entry);
    const operands = load<u8>(entry, 1),
      stream = REST + ((operands & 3) << 2);
    for (let i: u32 = 0; i < load<u8>(entry, 2); i++) put(load<u8>(entry + i, 3));
    if (flags & LOCAL) {
      const rank = flags == LOCAL ? next(LOCALS) : flags - LOCAL - 1,
        local = load<u8>(ORDER + rank);
      for (let i = ORDER + rank; i > ORDER; i--) store<u8>(i, load<u8>(i - 1));
      store<u8>(ORDER, local);
      putNumber(local);
    } else {
      for (let numbers = operands >> 2; numbers > 0; numbers--) copyNumber(stream);
      copy(stream, flags & 31);
    }
  } while (flags < LAST);
  const size = <u32>(to - code);
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
  for (let to = ENTRIES; entry < load<usize>(WORDS); to += 4) {
    store<usize>(to, entry);
    entry += 3 + load<u8>(entry, 2);
  }
  const rest = load<usize>(OFFSETS);
  to = end;
  copy(REST, 8);
  while (load<usize>(REST) < rest) {
    const id = load<u8>(load<usize>(REST));
    copy(REST, 1);
    const size = copyNumber(REST);
    if (id != 10) copy(REST, size);
    else for (let functions = copyNumber(REST); functions > 0; functions--) body();
  }
  return to;
}
