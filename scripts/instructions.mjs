// The instructions of a wasm: of each its opcode, with what belongs to its word (streams.mjs), the same of f64 in the place of f32, and
// its operand, for one of the streams.

/** The streams. HEADS has a byte for each function: the number of parameters, twice, and whether it has the words of the other dtype. */
export const [OFFSETS, FLOATS, LONGS, VECTORS, CONSTANTS, ADDRESSES, LOCALS, SECTIONS] = Array(8).keys(),
  [HEADS, CALLS, RARE, EXPORTS, TABLE, WORDS, STREAMS] = [8, 9, 10, 11, 12, 13, 14];

/** Constants that are words of their own: integers, as bytes of LEB128 (64 is -64), and floats. */
const COMMON = [0, 1, 2, 3, 4, 8, 16, 32, 64],
  COMMON_FLOATS = [0, 0.5, 1, Infinity, -Infinity];
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

/** The type of f64 in the place of that of f32. */
export const twinOfType = (type) => twinOf(TYPES_OF, type);

/** What f64 has in the place of a value of f32. */
function twinOf(pairs, value) {
  const pair = pairs.find(([first, , count]) => value >= first && value < first + count);
  return pair ? value - pair[0] + pair[1] : value;
}

/** A number without a sign of its bytes, and back. */
export const valueOf = (bytes) => bytes.reduceRight((value, byte) => value * 128 + (byte & 127), 0);
export const leb = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);

export class Reader {
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
export function read(reader) {
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
  if (op === 0x43 || op === 0x44) return readFloat(reader, op);
  const stream = { 0x10: CALLS, 0x41: CONSTANTS, 0x42: LONGS }[op],
    operand = stream || [0x0c, 0x0d, 0x23, 0x24, 0x3f, 0x40].includes(op) ? reader.raw() : [],
    [value, more] = operand;
  if (stream === CONSTANTS && more === undefined && COMMON.includes(value)) {
    return { opcode: [op, value], twin: [op, twinOf(CONSTANTS_OF, value)] };
  }
  if (stream) return { opcode: [op], stream: op === 0x41 && isAddress(operand) ? ADDRESSES : stream, operand };
  return { opcode: [op, ...operand], twin: [other, ...operand] };
}

/** A constant of f32 or f64. */
function readFloat(reader, op) {
  const bytesOf = (Type, value) => [...new Uint8Array(Type.of(value).buffer)],
    Type = op === 0x43 ? Float32Array : Float64Array,
    operand = reader.bytes(Type.BYTES_PER_ELEMENT),
    common = COMMON_FLOATS.find((value) => String(bytesOf(Type, value)) === String(operand));
  if (common === undefined) return { opcode: [op], twin: [0x44], stream: FLOATS, operand, plain: true };
  return { opcode: [op, ...operand], twin: [0x44, ...bytesOf(Float64Array, common)] };
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
