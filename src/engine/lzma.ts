/**
 * The bytes that a .lzma file holds, where lc = 3, lp = 0, pb = 2 (the usual settings), the length is in the header and a
 * mark is at the end. The wasm is embedded so, since gzip finds nothing in base64. Synchronous, unlike DecompressionStream.
 *
 * A range coder reads bits, each with the probability that was learned where it stands. The bits say: a literal byte; or
 * a match, which is a count of bytes and from how far back they come, anew or as one of the last four distances.
 * Source: I. Pavlov, LZMA specification, draft of 2015.
 */
export function decodeLzma(source: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(new DataView(source.buffer, source.byteOffset).getUint32(5, true));
  let length = 0;
  let state = 0; // below 7: after a literal; this and what came before it choose the probabilities
  const distances = [1, 1, 1, 1]; // the latest first

  const literals = model(8 * 768);
  const isMatch = model(48);
  const isRep = model(48);
  const isRep0Long = model(48);
  const matchLengths = model(328);
  const repLengths = model(328);
  const slots = model(256);
  const middleBits = model(128);
  const alignBits = model(16);

  // 32 bits each, without a sign, yet held as int32. Measured: as numbers above 2^31, 10 to 30 % more time at the first call.
  let range = -1;
  let code = new DataView(source.buffer, source.byteOffset).getInt32(14);
  let next = 18;

  function isBelow(bound: number): boolean {
    return (code ^ 0x80000000) < (bound ^ 0x80000000);
  }

  function normalize(): void {
    if (range >>> 24 !== 0) return;
    range <<= 8;
    code = (code << 8) | source[next++]!;
  }

  function bit(probabilities: Model, i: number): number {
    const p = probabilities[i]!;
    const bound = Math.imul(range >>> 11, p);
    const one = isBelow(bound) ? 0 : 1;
    if (one === 0) {
      range = bound;
      probabilities[i] = p + ((2048 - p) >> 5);
    } else {
      range = (range - bound) | 0;
      code = (code - bound) | 0;
      probabilities[i] = p - (p >> 5);
    }
    normalize();
    return one;
  }

  function evenBits(count: number): number {
    let value = 0;
    for (; count > 0; count--) {
      range >>>= 1;
      const one = isBelow(range) ? 0 : 1;
      if (one === 1) code = (code - range) | 0;
      value = 2 * value + one;
      normalize();
    }
    return value;
  }

  /** `count` bits, highest first: those read so far, behind a 1, are the place of the next one's probability. */
  function tree(probabilities: Model, offset: number, count: number): number {
    let node = 1;
    while (node < 1 << count) node = 2 * node + bit(probabilities, offset + node);
    return node - (1 << count);
  }

  /** The same, lowest first. */
  function reverseTree(probabilities: Model, offset: number, count: number): number {
    let node = 1;
    let value = 0;
    for (let i = 0; i < count; i++) {
      const one = bit(probabilities, offset + node);
      node = 2 * node + one;
      value += one << i;
    }
    return value;
  }

  /** After a match, the byte that would have continued it chooses the probabilities, up to where the literal differs. */
  function literal(): number {
    const offset = 768 * ((out[length - 1] ?? 0) >> 5);
    let matched = state < 7 ? 0 : 256;
    let byte = out[length - distances[0]!]!;
    let node = 1;
    while (node < 256) {
      byte <<= 1;
      const expected = byte & matched;
      const one = bit(literals, offset + matched + expected + node);
      if (one !== expected >> 8) matched = 0;
      node = 2 * node + one;
    }
    return node;
  }

  function count(lengths: Model): number {
    const place = 8 * (length & 3);
    if (bit(lengths, 0) === 0) return 2 + tree(lengths, 8 + place, 3);
    if (bit(lengths, 1) === 0) return 10 + tree(lengths, 40 + place, 3);
    return 18 + tree(lengths, 72, 8);
  }

  /** A slot holds the two highest bits of a distance, and how many follow. 2^32, here 0, is the mark behind the last byte. */
  function distance(count: number): number {
    const slot = tree(slots, 64 * Math.min(count - 2, 3), 6);
    if (slot < 4) return 1 + slot;
    const more = (slot >> 1) - 1;
    const from = (2 + (slot & 1)) << more;
    if (slot < 14) return 1 + from + reverseTree(middleBits, from - slot, more);
    return 1 + from + 16 * evenBits(more - 4) + reverseTree(alignBits, 0, 4);
  }

  while (length <= out.length) {
    const context = 4 * state + (length & 3);
    if (bit(isMatch, context) === 0) {
      out[length] = literal();
      length++;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let rep = 0; // 0 for a new distance
    while (rep < 4 && bit(isRep, 12 * rep + state) === 1) rep++;
    const short = rep === 1 && bit(isRep0Long, context) === 0;
    const bytes = short ? 1 : count(rep === 0 ? matchLengths : repLengths);
    const back = rep === 0 ? distance(bytes) : distances[rep - 1]!;
    if (back === 0) break;
    distances.splice(rep === 0 ? 3 : rep - 1, 1);
    distances.unshift(back);
    state = rep === 0 ? (state < 7 ? 7 : 10) : short ? (state < 7 ? 9 : 11) : state < 7 ? 8 : 11;
    for (const end = length + bytes; length < end; length++) out[length] = out[length - back]!;
  }
  if (code !== 0 || next !== source.length || length !== out.length) throw Error('the LZMA data is damaged');
  return out;
}

/** The probabilities that a bit is 0, of 2048. */
type Model = Uint16Array;

function model(size: number): Model {
  return new Uint16Array(size).fill(1024);
}
