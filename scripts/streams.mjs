// The wasm in another order, in which gzip and brotli find more: the instructions of all functions without their operands,
// then each kind of operand by itself. Code that recurs with other locals or constants is the same text then. scripts/unpack.ts
// is the way back.
//
// A word is an instruction by its number in a table. The table holds its opcode and what nearly all of its uses share: the alignment,
// an offset of 0, the type of a block, a common constant. A local is told by how many others were named since (move to front), so
// that the same code in another function names its locals alike. The first use of a local is a word of its own: from these words the
// way back declares and numbers the locals. An instruction of f32 stands in the table beside the same of f64. A function that has
// more of f64 is written in the words of f32: the two instances of a generic function are nearly one text.
// Measured, for 115 kB of wasm, as text (embed.mjs): 27.2 kB by gzip and 24.7 by brotli; in the order of the wasm 40.6 and 32.5.
//
// The bytes are: how many words are in pairs; the lengths of the streams, three bytes each; the streams. An entry of the table is:
// flags; the operand; the length of the opcode; the opcode.

import {
  ADDRESSES,
  EXPORTS,
  HEADS,
  LOCALS,
  RARE,
  Reader,
  SECTIONS,
  STREAMS,
  TABLE,
  WORDS,
  leb,
  read,
  twinOfType,
  valueOf,
} from './instructions.mjs';

/** An instruction of up to three bytes that is used no more often is the word of its length, and its bytes are in RARE. */
const SELDOM = 3,
  RARES = [1, 2, 3].map((length) => [length, 2 * RARE, 0].join());

/** Flags of an entry: the last instruction of a function; one that names a local; otherwise the plain bytes of the operand. */
const LAST = 0x80,
  LOCAL = 0x40;
/** A local is told by its rank, up to OWN, which is one of LOCALS; a new one by its type. */
const OWN = 4,
  MOST = 444;

/** The streams of a module, each an array of bytes. */
class Streams {
  /** @type {number[][]} */
  streams = Array.from({ length: STREAMS }, () => []);
  /** The instructions of each function as entries of the table. @type {string[][]} */
  functions = [];
  /** Entries of f32, and the same of f64. @type {Map<string, string>} */
  twins = new Map();

  /** @param {Uint8Array} wasm */
  constructor(wasm) {
    const reader = (this.reader = new Reader(wasm));
    this.push(SECTIONS, reader.bytes(8));
    while (reader.at < wasm.length) {
      const id = reader.byte(),
        size = reader.raw(),
        { at } = reader;
      const list = (one) => Array.from({ length: reader.number() }, one);
      this.push(SECTIONS, [id]);
      if (id === 10) {
        list((_, i) => this.body(this.parameters[this.types[i]]));
        continue;
      }
      if (id === 7) {
        this.exports(list);
        continue;
      }
      if (id === 1) this.parameters = list(() => this.type());
      if (id === 3) this.types = list(() => reader.number());
      reader.at = at;
      this.push(SECTIONS, [...size, ...reader.bytes(valueOf(size))]);
    }
    this.count();
  }

  push(stream, bytes) {
    for (const byte of bytes) this.streams[stream].push(byte);
  }

  /** The exports; their names are told beside the text. */
  exports(list) {
    const { reader } = this,
      others = [],
      functions = [];
    const { length } = list(() => {
      const start = reader.at,
        name = String.fromCharCode(...reader.bytes(reader.number())),
        kind = reader.byte(),
        index = reader.number();
      if (kind === 0) functions.push({ name, index });
      else others.push(...reader.wasm.subarray(start, reader.at));
    });
    functions.sort((a, b) => (a.name < b.name ? -1 : 1));
    let next = functions[0]?.index ?? 0;
    this.names = functions.map(({ name }) => name);
    this.push(SECTIONS, [...leb(next), ...leb(length), others.length, ...others]);
    for (const { name, index } of functions) {
      const back = next - index;
      if (back < 0 || back > 255) throw new Error(`${name} is not in the order of the names of exports`);
      this.streams[EXPORTS].push(back);
      if (back === 0) next++;
    }
  }

  /** How many parameters a type of functions has. */
  type() {
    const { reader } = this;
    reader.byte();
    const { length } = reader.bytes(reader.byte());
    reader.bytes(reader.byte());
    return length;
  }

  body(parameters) {
    const { reader } = this,
      end = reader.number() + reader.at,
      order = Array.from({ length: parameters }, (_, local) => parameters - 1 - local),
      types = Array(parameters),
      entries = [];
    for (let kinds = reader.byte(); kinds > 0; kinds--) {
      const count = reader.number();
      types.push(...Array(count).fill(reader.byte()));
    }
    while (reader.at < end) {
      const op = reader.wasm[reader.at];
      entries.push(op >= 0x20 && op <= 0x22 ? this.local(order, types) : this.instruction(reader.at === end - 1));
    }
    this.streams[HEADS].push(parameters);
    this.functions.push(entries);
  }

  local(order, types) {
    const op = this.reader.byte(),
      local = this.reader.number(),
      rank = order.indexOf(local);
    if (rank < 0) {
      order.unshift(local);
      if (order.length > MOST) throw new Error(`the unpacker has room for ${MOST} locals: a function has more`);
      return this.entry([LOCAL, types[local], [op]], [LOCAL, twinOfType(types[local]), [op]]);
    }
    if (rank > 255) throw new Error('a rank is a byte');
    order.unshift(...order.splice(rank, 1));
    if (rank >= OWN) this.streams[LOCALS].push(rank);
    const entry = [LOCAL, Math.min(rank, OWN), [op]];
    return this.entry(entry, entry);
  }

  instruction(last) {
    const { opcode, twin = opcode, stream = 0, operand = [], plain = false } = read(this.reader),
      kind = operand.length > 0 ? 2 * stream + (plain ? 0 : 1) : 0,
      bytes = plain ? operand.length : 0;
    this.push(stream, operand);
    return this.entry([last ? LAST : bytes, kind, opcode], [bytes === 4 ? 8 : bytes, kind, twin]);
  }

  /** An entry of the table: flags, the kind of operand, the opcode. `twin`: that of f64. */
  entry(...of) {
    const [text, twin] = of.map(([flags, kind, opcode]) => [flags, kind, opcode.length, ...opcode].join());
    if (text !== twin) this.twins.set(text, twin);
    return text;
  }

  /** The table, with the pairs first, and the words. */
  count() {
    const counts = new Map();
    for (const entry of this.functions.flat()) counts.set(entry, (counts.get(entry) ?? 0) + 1);
    const frequentFirst = (a, b) => counts.get(b) - counts.get(a),
      pairs = [...this.twins]
        .filter((pair) => pair.every((entry) => counts.has(entry)))
        .sort(([a], [b]) => frequentFirst(a, b)),
      firsts = new Map(pairs),
      seconds = new Map(pairs.map(([first, second]) => [second, first])),
      singles = [...counts.keys()].filter((entry) => !firsts.has(entry) && !seconds.has(entry)),
      isRare = (entry) => counts.get(entry) <= SELDOM && /^0,0,[1-3],/.test(entry),
      rare = new Set(singles.filter(isRare)),
      own = singles.filter((entry) => !rare.has(entry)).sort(frequentFirst),
      table = [...pairs.flat(), ...RARES, ...own];
    if (table.length > 256) throw new Error(`a word is a byte: there are ${table.length}`);
    this.pairs = pairs.length;
    this.streams[TABLE] = table.flatMap((entry) => entry.split(',').map(Number));
    const words = new Map(table.map((entry, word) => [entry, word])),
      opcodeOf = (entry) => entry.split(',').slice(3).map(Number);
    for (const entry of rare) words.set(entry, words.get(RARES[opcodeOf(entry).length - 1]));
    this.functions.forEach((entries, i) => {
      const of = (map) => entries.filter((entry) => map.has(entry)).length,
        double = of(seconds) > of(firsts) ? 1 : 0;
      this.streams[HEADS][i] = 2 * this.streams[HEADS][i] + double;
      this.push(
        WORDS,
        entries.map((entry) => {
          if (rare.has(entry)) this.push(RARE, opcodeOf(entry));
          const word = words.get(entry);
          return word < 2 * pairs.length ? word ^ double : word;
        }),
      );
    });
  }
}

/** Parts of the text end with these streams: each part has bytes of its own that are frequent. */
const ENDS = [ADDRESSES, LOCALS, TABLE, WORDS];

/**
 * The streams of a wasm in parts, and the names of the functions that it exports, in order.
 * @param {Uint8Array} wasm @returns {{ parts: Uint8Array[], names: string[] }}
 */
export function toStreams(wasm) {
  const { streams, pairs, names = [] } = new Streams(wasm),
    lengths = streams.flatMap(({ length }) => [length & 255, (length >> 8) & 255, length >> 16]),
    part = (last, i) => streams.slice(i > 0 ? ENDS[i - 1] + 1 : 0, last + 1).flat(),
    [first, ...others] = ENDS.map(part);
  return { parts: [[2 * pairs, ...lengths, ...first], ...others].map((bytes) => Uint8Array.from(bytes)), names };
}
