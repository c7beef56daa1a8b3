// The wasm in another order, in which gzip and brotli find more: the instructions of all functions without their operands,
// then each kind of operand by itself. Code that recurs with other locals or constants is the same text then. scripts/unpack.ts
// is the way back.
//
// A word is an instruction by its number in a table. The table holds its opcode and what nearly all of its uses share: the alignment,
// an offset of 0, the type of a block, a common constant. A local is told by how many others were named since (move to front), so
// that the same code in another function names its locals alike. The first use of a local is a word of its own: from these words the
// way back declares and numbers the locals. An instruction of f32 stands in the table beside the same of f64. A function that has
// more of f64 is written in the words of f32: the two instances of a generic function are nearly one text.
// Measured, for 118 kB of wasm, as text (embed.mjs): 27.8 kB by gzip and 24.9 by brotli; in the order of the wasm 40.6 and 32.5.
//
// The bytes are: how many words are in pairs; the lengths of the streams, three bytes each; the streams. An entry of the table is:
// flags; the operand; the length of the opcode; the opcode.

/** The streams. HEADS has a byte for each function: the number of parameters, twice, and whether it has the words of the other dtype. */
const [SECTIONS, HEADS, CALLS, LABELS, VECTORS, FLOATS, LONGS, OFFSETS, CONSTANTS, ADDRESSES, EXPORTS] =
    Array(11).keys(),
  [TABLE, WORDS, LOCALS, STREAMS] = [11, 12, 13, 14];

/** Flags of an entry: the last instruction of a function; one that names a local; otherwise the plain bytes of the operand. */
const LAST = 0x80,
  LOCAL = 0x40;
/** A local is told by its rank, up to OWN, which is one of LOCALS; a new one by its type. */
const OWN = 3,
  MOST = 444;

/** Constants that are words of their own, as bytes of LEB128 (64 is -64), and depths of branches. */
const COMMON = [0, 1, 2, 3, 4, 8, 16, 32, 64],
  DEPTHS = 3;
/** Constants from here on are addresses of other constants (asc's memoryBase), as bytes of LEB128. */
const isAddress = ([, second = 0, third]) => second >= 8 && second < 64 && third === undefined;

/**
 * An opcode of f32, the same of f64, and of how many pairs these are the first; in VECTORS_OF the opcodes are those behind 0xfd. In
 * addresses and shifts f64 has other constants.
 */
const pairsOf = (text) => text.split(', ').map((pair) => pair.split(' ').map(Number)),
  SCALARS_OF = pairsOf('42 43 1, 56 57 1, 67 68 1, 91 97 6, 139 153 14, 178 183 4'),
  VECTORS_OF = pairsOf(
    '9 10 1, 17 18 1, 19 20 1, 27 29 2, 31 33 2, 65 71 6, 86 87 1, 90 91 1, 92 93 1, 160 192 2, 163 195 2, 171 203 4, 177 209 1, 181 213 1, 224 236 12',
  ),
  CONSTANTS_OF = pairsOf('2 3 1, 4 8 1'),
  TYPES_OF = pairsOf('125 124 1');

/** What f64 has in the place of a value of f32. */
function twinOf(pairs, value) {
  const pair = pairs.find(([first, , count]) => value >= first && value < first + count);
  return pair ? value - pair[0] + pair[1] : value;
}

/** A number without a sign of its bytes, and back. */
const valueOf = (bytes) => bytes.reduceRight((value, byte) => value * 128 + (byte & 127), 0);
const leb = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);

class Reader {
  at = 0;

  /** @param {Uint8Array} wasm */
  constructor(wasm) {
    this.wasm = wasm;
  }

  byte() {
    return this.wasm[this.at++];
  }

  bytes(count) {
    return [...this.wasm.subarray(this.at, (this.at += count))];
  }

  /** The bytes of a number. */
  raw() {
    const start = this.at;
    while (this.byte() > 127);
    return [...this.wasm.subarray(start, this.at)];
  }

  number() {
    return valueOf(this.raw());
  }
}

/**
 * An instruction that names no local: its opcode, with what belongs to the word; that of f64 in the place of f32; the stream of its
 * operand and the operand's bytes. `plain`: they are no number.
 * @param {Reader} reader
 */
function read(reader) {
  const op = reader.byte(),
    other = twinOf(SCALARS_OF, op);
  if (op === 0xfd) return readVector(reader, reader.number());
  if (op === 0xfc) {
    const memory = reader.byte();
    return { opcode: [op, memory, ...reader.bytes(memory < 8 ? 0 : memory === 11 ? 1 : 2)] };
  }
  if (op >= 0x28 && op <= 0x3e) return readAddress(reader, [op], [other]);
  if (op >= 0x02 && op <= 0x04) {
    const type = reader.byte();
    return { opcode: [op, type], twin: [op, twinOf(TYPES_OF, type)] };
  }
  if (op === 0x0e) {
    const labels = reader.byte();
    return { opcode: [op, labels, ...reader.bytes(labels + 1)] };
  }
  if (op === 0x43 || op === 0x44) {
    return { opcode: [op], twin: [other], stream: FLOATS, operand: reader.bytes(op === 0x43 ? 4 : 8), plain: true };
  }
  const stream = { 0x0c: LABELS, 0x0d: LABELS, 0x10: CALLS, 0x41: CONSTANTS, 0x42: LONGS }[op],
    operand = stream || [0x23, 0x24, 0x3f, 0x40].includes(op) ? reader.raw() : [],
    [value, more] = operand;
  const own = stream === LABELS ? value < DEPTHS : stream === CONSTANTS && more === undefined && COMMON.includes(value);
  if (own) return { opcode: [op, value], twin: [op, op === 0x41 ? twinOf(CONSTANTS_OF, value) : value] };
  if (stream) return { opcode: [op], stream: op === 0x41 && isAddress(operand) ? ADDRESSES : stream, operand };
  return { opcode: [op, ...operand], twin: [other, ...operand] };
}

/** An instruction of vectors. */
function readVector(reader, op) {
  const other = twinOf(VECTORS_OF, op),
    opcode = [0xfd, ...leb(op)],
    twin = [0xfd, ...leb(other)];
  if (op <= 11 || (op >= 84 && op <= 93)) return readAddress(reader, opcode, twin, op >= 84 && op <= 91 ? 1 : 0);
  if (op <= 13) return { opcode, stream: VECTORS, operand: reader.bytes(16), plain: true };
  const lane = op >= 21 && op <= 34 ? reader.bytes(1) : [];
  return { opcode: [...opcode, ...lane], twin: [...twin, ...lane] };
}

/** A load or store: its alignment, and an offset of 0, belong to the word. */
function readAddress(reader, opcode, twin, lanes = 0) {
  const [align] = reader.bytes(1),
    other = align + (String(opcode) === String(twin) ? 0 : 1),
    operand = reader.raw();
  if (lanes > 0 || operand[0] === 0) {
    const rest = [...operand, ...reader.bytes(lanes)];
    return { opcode: [...opcode, align, ...rest], twin: [...twin, other, ...rest] };
  }
  return { opcode: [...opcode, align], twin: [...twin, other], stream: OFFSETS, operand };
}

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
      return this.entry([LOCAL, types[local], [op]], [LOCAL, twinOf(TYPES_OF, types[local]), [op]]);
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
    const pairs = [...this.twins].filter((pair) => pair.every((entry) => counts.has(entry))),
      firsts = new Map(pairs),
      seconds = new Map(pairs.map(([first, second]) => [second, first])),
      single = [...counts.keys()].filter((entry) => !firsts.has(entry) && !seconds.has(entry)),
      table = [...pairs.flat(), ...single.sort((a, b) => counts.get(b) - counts.get(a))];
    if (table.length > 256) throw new Error(`a word is a byte: there are ${table.length}`);
    this.pairs = pairs.length;
    this.streams[TABLE] = table.flatMap((entry) => entry.split(',').map(Number));
    const words = new Map(table.map((entry, word) => [entry, word]));
    this.functions.forEach((entries, i) => {
      const of = (map) => entries.filter((entry) => map.has(entry)).length,
        double = of(seconds) > of(firsts) ? 1 : 0;
      this.streams[HEADS][i] = 2 * this.streams[HEADS][i] + double;
      this.push(
        WORDS,
        entries.map((entry) => {
          const word = words.get(entry);
          return word < 2 * pairs.length ? word ^ double : word;
        }),
      );
    });
  }
}

/** The streams of a wasm, and the names of the functions that it exports, in order. @param {Uint8Array} wasm */
export function toStreams(wasm) {
  const { streams, pairs, names = [] } = new Streams(wasm),
    lengths = streams.flatMap(({ length }) => [length & 255, (length >> 8) & 255, length >> 16]);
  return { streams: Uint8Array.from([2 * pairs, ...lengths, ...streams.flat()]), names };
}
