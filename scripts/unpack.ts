// Decodes the text that scripts/embed.mjs makes, then the streams of scripts/streams.mjs. AssemblyScript: scripts/build.mjs
// compiles it to build/unpack.wasm.

/** The characters of the alphabet. */
const BASE: u32 = 87;
/** Those that stand for a byte alone. The others are the first of two characters. */
const SINGLE: u32 = 85;
/** Where the bytes lie by number: those of one character, then those of two. At address 0 lies the digit of each character. */
const BYTES: usize = 128;
/** Where the byte of each character that stands for one alone lies. */
const ALONE: usize = 384;
/** The end of a part. */
const SPACE: u32 = 0x20;

/** Replaces the text at [text, end) by its bytes and returns their end. `text` is at least 2304. */
export function unpack(text: usize, end: usize): usize {
  for (let i: u32 = 0; i < BASE; i++) store<u8>(load<u8>(text + i), i);
  const first: u32 = load<u8>(text + SINGLE); // the other first character is the next one
  let from = text + BASE,
    to = text;
  while (from < end) {
    let single = BYTES,
      other = BYTES + SINGLE;
    for (let byte: u32 = 0; byte < 256; byte++) {
      if (load<u8>(load<u8>(from++))) store<u8>(single++, byte);
      else store<u8>(other++, byte);
    }
    for (let character: usize = 0; character < 128; character++) {
      store<u8>(character, load<u8>(load<u8>(character), BYTES), ALONE);
    }
    for (; load<u8>(from) != SPACE; from++) {
      const character: u32 = load<u8>(from),
        pair = character - first;
      if (pair > 1) store<u8>(to++, load<u8>(character, ALONE));
      else store<u8>(to++, load<u8>(SINGLE + BASE * pair + load<u8>(load<u8>(++from)), BYTES));
    }
    from++;
  }
  return to;
}

/**
 * Where the locals lie, the latest last; the addresses of the streams; what is known of types of locals; the addresses of entries;
 * for each word the type of the local that it begins, LAST if it is the last of a function, or 0.
 */
const ORDER: usize = 0;
const STREAM: usize = 896;
const KINDS: usize = 960;
const ENTRIES: usize = 1024;
const BEGINS: usize = 2048;
/** Streams by their address: a wasm without its functions, a byte for each function, and so on. */
const LOCALS: usize = STREAM + 24;
const SECTIONS: usize = STREAM + 28;
const HEADS: usize = STREAM + 32;
const CALLS: usize = STREAM + 36;
const EXPORTS: usize = STREAM + 44;
const TABLE: usize = STREAM + 48;
const WORDS: usize = STREAM + 52;
const STREAMS: usize = 14;

/** Flags of an entry. */
const LAST: u32 = 0x80;
const LOCAL: u32 = 0x40;
/** A local is told by its rank, up to this; a new one by its type, of which this is the least. */
const OWN: u32 = 4;
const TYPE: u32 = 0x7b;

let to: usize = 0;

/** The next byte of SECTIONS, which is not copied. */
function take(): u32 {
  const from = load<usize>(SECTIONS);
  store<usize>(SECTIONS, from + 1);
  return load<u8>(from);
}

/** Copies bytes of SECTIONS. */
function copy(bytes: u32): void {
  const from = load<usize>(SECTIONS);
  memory.copy(to, from, bytes);
  store<usize>(SECTIONS, from + bytes);
  to += bytes;
}

/** Copies a number of SECTIONS and returns it. */
function copyNumber(): u32 {
  let value: u32 = 0,
    shift = 0,
    byte: u32;
  do {
    byte = take();
    store<u8>(to++, byte);
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
 * The locals that are new in the function whose words begin at `words`, by their types: declares them, and leaves at KINDS the
 * number of the first of each type. Words below `pairs` stand for their neighbours.
 */
function declare(words: usize, pairs: u32, first: u32): void {
  let kinds: usize = 0,
    type: u32;
  memory.fill(KINDS, 0, 32);
  for (;;) {
    let word: u32 = load<u8>(words++);
    word ^= u32(word < pairs);
    type = load<u8>(word, BEGINS);
    if (type != 0) {
      if (type == LAST) break;
      const kind = KINDS + ((<usize>(type - TYPE)) << 2),
        count = load<u32>(kind);
      if (count == 0) store<u8>(KINDS + 32 + kinds++, type);
      store<u32>(kind, count + 1);
    }
  }
  putNumber(<u32>kinds);
  for (let i: usize = 0; i < kinds; i++) {
    const type: u32 = load<u8>(KINDS + 32 + i),
      kind = KINDS + ((<usize>(type - TYPE)) << 2),
      count = load<u32>(kind);
    putNumber(count);
    putNumber(type);
    store<u32>(kind, first);
    first += count;
  }
}

/**
 * The instructions of a function, to `p`; returns their end. Measured: with the steps above, which are calls until V8 has
 * optimised them, the first call of a process takes twice as long.
 */
function instructions(p: usize, pairs: u32, named: usize): usize {
  let words = load<usize>(WORDS),
    locals = load<usize>(LOCALS),
    flags: u32;
  do {
    let word: u32 = load<u8>(words++);
    word ^= u32(word < pairs);
    const entry = load<usize>(ENTRIES + ((<usize>word) << 2)),
      length = <usize>load<u8>(entry, 2),
      operand: u32 = load<u8>(entry, 1);
    flags = load<u8>(entry);
    store<u64>(p, load<u64>(entry, 3));
    if (length > 8) memory.copy(p, entry + 3, length);
    p += length;
    if (flags == LOCAL) {
      let local: u32;
      if (operand > OWN) {
        const kind = KINDS + ((<usize>(operand - TYPE)) << 2);
        local = load<u32>(kind);
        store<u32>(kind, local + 1);
      } else {
        named -= 2;
        let i = named - ((operand == OWN ? <usize>load<u8>(locals++) : <usize>operand) << 1);
        local = load<u16>(i);
        // four at a time; what lies behind the last one is free
        do {
          store<u64>(i, load<u64>(i, 2));
          i += 8;
        } while (i < named);
      }
      store<u16>(named, local);
      named += 2;
      if (local < 128) {
        store<u8>(p++, local);
      } else {
        store<u16>(p, (local & 127) | 128 | ((local >> 7) << 8));
        p += 2;
      }
      continue;
    }
    if (operand == 0) continue;
    const stream = STREAM + (((<usize>operand) >> 1) << 2);
    let from = load<usize>(stream);
    if (operand & 1) {
      while (load<u8>(from) > 127) store<u8>(p++, load<u8>(from++));
      store<u8>(p++, load<u8>(from++));
    } else {
      for (; flags > 0; flags--) store<u8>(p++, load<u8>(from++));
    }
    store<usize>(stream, from);
  } while (flags < LAST);
  store<usize>(WORDS, words);
  store<usize>(LOCALS, locals);
  return p;
}

/** Puts the number of bytes that lie behind the five at `start` before them. */
function putSize(start: usize): void {
  const size = <u32>(to - start) - 5;
  to = start;
  putNumber(size);
  memory.copy(to, start + 5, size);
  to += size;
}

/** A function. `pairs`: how many words are in pairs. */
function body(pairs: u32): void {
  const start = to,
    heads = load<usize>(HEADS),
    head: u32 = load<u8>(heads),
    parameters = head >> 1;
  store<usize>(HEADS, heads + 1);
  if (!(head & 1)) pairs = 0;
  to += 5;
  declare(load<usize>(WORDS), pairs, parameters);
  for (let local: u32 = 0; local < parameters; local++) store<u16>(ORDER + (local << 1), local);
  to = instructions(to, pairs, ORDER + (parameters << 1));
  putSize(start);
}

/**
 * The exports. SECTIONS has the first function that is exported, how many exports there are, and those that are no functions, behind
 * the number of their bytes. The functions have the names at [names, end), with a space behind each. For each there is a byte in
 * EXPORTS: 0 for the next function, or how many before that it is.
 */
function exported(names: usize, end: usize): void {
  const start = to;
  let next = copyNumber();
  to = start + 5;
  copyNumber();
  copy(take());
  let exports = load<usize>(EXPORTS);
  for (; names < end; names++) {
    const name = names;
    while (load<u8>(names) != 0x20) names++;
    const length = names - name,
      back: u32 = load<u8>(exports++);
    putNumber(<u32>length);
    memory.copy(to, name, length);
    to += length;
    store<u8>(to++, 0);
    putNumber(back ? next - back : next++);
  }
  putSize(start);
}

/** Makes at `end` the wasm of the streams at [from, end), whose functions have the names at [names, from), and returns its end. */
export function join(names: usize, from: usize, end: usize): usize {
  const namesEnd = from;
  const pairs: u32 = load<u8>(from++);
  let at = from + 3 * STREAMS;
  for (let i: usize = 0; i < STREAMS; i++) {
    store<usize>(STREAM + (i << 2), at);
    at += load<u32>(from + 3 * i) & 0xffffff;
  }
  let entry = load<usize>(TABLE);
  for (let word: usize = 0; entry < load<usize>(WORDS); word++) {
    store<usize>(word << 2, entry, ENTRIES);
    const flags: u32 = load<u8>(entry),
      operand: u32 = load<u8>(entry, 1);
    store<u8>(word, flags == LOCAL ? (operand > OWN ? operand : 0) : flags & LAST, BEGINS);
    entry += 3 + load<u8>(entry, 2);
  }
  const heads = load<usize>(HEADS),
    calls = load<usize>(CALLS);
  to = end;
  copy(8);
  while (load<usize>(SECTIONS) < heads) {
    const id = take();
    store<u8>(to++, id);
    if (id == 7) {
      exported(names, namesEnd);
    } else if (id != 10) {
      copy(copyNumber());
    } else {
      const start = to;
      to += 5;
      putNumber(<u32>(calls - heads));
      while (load<usize>(HEADS) < calls) body(pairs);
      putSize(start);
    }
  }
  return to;
}
