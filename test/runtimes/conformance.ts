/**
 * The bits of every op, in whichever runtime this is: hashes on both backends, which backend 'auto' took, and why. It
 * needs nothing but the language, so that it runs in Node, Deno, Bun, workerd and browsers, in a page and in a worker.
 */
import { type Case, type Floats, type Library, NOT_OPS, type Output, ops } from './ops.ts';

export type Hashes = Record<string, Record<string, string>>;

export interface Report {
  /** What 'auto' took. */
  readonly backend: 'wasm' | 'js';
  readonly reason: string | null;
  /** The message of init({ backend: 'wasm' }) where it throws. */
  readonly refused: string | null;
  readonly wasm: Hashes | null;
  readonly js: Hashes;
  /** Forms of float16 whose bits are not those of the float32 that they are. */
  readonly halves: readonly string[];
  /** Ops without a line in ops.ts. */
  readonly unknown: readonly string[];
}

const DTYPES = ['float32', 'float64'] as const;

/** Shapes where vectors, blocks and chunks end; temperatures with their limits. */
const SHAPES: readonly [rows: number, n: number, temperature: number][] = [
  [3, 1, 1],
  [5, 3, 0.5],
  [4, 10, 1],
  [3, 37, 2.5],
  [2, 300, 0.1],
  [2, 5, 0],
  [2, 21, Infinity],
  [160, 110, 0.7],
];

export function conformance(library: Library): Report {
  library.init();
  const backend = library.backend();
  const reason = library.fallbackReason();
  let refused: string | null = null;
  let wasm: Hashes | null = null;
  const halves: string[] = [];
  try {
    library.init({ backend: 'wasm' });
    wasm = hashesOf(library);
    halves.push(...wrongHalves(library));
  } catch (error) {
    refused = String(error);
  }
  library.init({ backend: 'js' });
  const js = hashesOf(library);
  halves.push(...wrongHalves(library));
  library.init();
  return { backend, reason: reason ? String(reason) : null, refused, wasm, js, halves, unknown: unknownOps(library) };
}

function hashesOf(library: Library): Hashes {
  const cases = DTYPES.map((dtype) => SHAPES.map((shape, i) => makeCase(library, dtype, shape, i)));
  const hashes: Hashes = {};
  for (const name of opsOf(library)) {
    hashes[name] = Object.fromEntries(
      DTYPES.map((dtype, i) => {
        const hash = new Hash();
        for (const c of cases[i]!) addOutput(hash, outputOf(name, c));
        return [dtype, hash.text()];
      }),
    );
  }
  return hashes;
}

/** What an op returns. Some have no limit at T = 0 or Infinity: that they say so is part of what is compared. */
export function outputOf(name: string, c: Case): Output {
  try {
    return ops[name]!(functionOf(c.a, name), c);
  } catch (error) {
    if (!(error instanceof RangeError && error.message.startsWith('temperature'))) throw error;
    return [-1];
  }
}

/** Every float16 as a Float16Array, where the engine has it, and as a Uint16Array, through an op that keeps bits and one that draws. */
function wrongHalves(a: Library): string[] {
  const bits = Uint16Array.from({ length: 1 << 16 }, (_, i) => i);
  const wide = Float32Array.from(bits, (half) => {
    const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023];
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  const hash = (x: unknown, options: object): string => {
    const sum = new Hash();
    // at T = 1 the elements of rows of one are their own log-sum-exp
    sum.add(a.logSumExp(x, 1, options));
    sum.add(a.gumbelSoftmax(a.key(1), x, 16, options));
    return sum.text();
  };
  const expected = hash(wide, {}),
    { Float16Array: Native } = globalThis as { Float16Array?: new (buffer: ArrayBuffer) => unknown };
  const wrong = hash(bits, { dtype: 'float16' }) === expected ? [] : ['Uint16Array'];
  return Native === undefined || hash(new Native(bits.buffer), {}) === expected ? wrong : [...wrong, 'Float16Array'];
}

function functionOf(library: Library, name: string): Library {
  return name.split('.').reduce((at, part) => at?.[part], library);
}

/** The names of the ops that the package has. */
export function opsOf(library: Library): string[] {
  return Object.keys(ops).filter((name) => functionOf(library, name) !== undefined);
}

export function addOutput(hash: Hash, output: Output): void {
  if (ArrayBuffer.isView(output)) hash.add(output as unknown as Floats | Int32Array | Uint32Array);
  else if (Array.isArray(output)) for (const part of output) addOutput(hash, part);
  else if (typeof output === 'object') for (const part of Object.values(output)) addOutput(hash, part);
  else hash.add(Float64Array.of(output as number));
}

/** 64 bits: FNV-1a over 32-bit words, twice with different factors, and the high half of each word mixed in. */
export class Hash {
  private a = 0x811c9dc5;
  private b = 0x9747b28c;

  /** The bits, every NaN as the same one: which of its bits an engine sets is not part of the language. */
  add(values: Floats | Int32Array | Uint32Array): void {
    const words = new Uint32Array(values.slice().buffer);
    const perValue = values.BYTES_PER_ELEMENT / 4;
    this.word(values.length);
    for (let i = 0; i < values.length; i++) {
      const isNaN = values[i] !== values[i];
      if (perValue === 2) this.word(isNaN ? 0 : words[2 * i]!);
      this.word(isNaN ? 0x7ff80000 : words[perValue * (i + 1) - 1]!);
    }
  }

  private word(word: number): void {
    this.a = Math.imul(this.a ^ word, 0x01000193);
    this.a ^= this.a >>> 15;
    this.b = Math.imul(this.b ^ word, 0x85ebca6b);
    this.b ^= this.b >>> 13;
  }

  text(): string {
    return [this.a, this.b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** Inputs of +, -, x, / and integers alone, or of the package itself: Math.log and its like differ between engines. */
export function makeCase(
  a: Library,
  dtype: Case['dtype'],
  [rows, n, temperature]: readonly [number, number, number],
  index: number,
): Case {
  const random = generator(index + 1);
  const make = (length: number, at: (i: number) => number): Floats =>
    (dtype === 'float32' ? new Float32Array(length) : new Float64Array(length)).map((_, i) => at(i));
  const scores = (): Floats => make(rows * n, () => 8 * (random() + random() + random() - 1.5));
  const x = scores();
  for (let i = 5; i < x.length; i += 13) x[i] = i % 2 === 0 ? -Infinity : x[i - 1]!;
  const w = make(rows * n, () => random());
  const sums = Array.from({ length: rows }, (_, r) =>
    Array.from(w.subarray(r * n, (r + 1) * n)).reduce((s, v) => s + v),
  );
  const key = a.key(index);
  const logits = scores();
  const o = { temperature };
  const logY = a.expConcrete(key, logits, n, { temperature: 1 });
  return {
    dtype,
    rows,
    n,
    temperature,
    o,
    key,
    x,
    d: scores(),
    w,
    p: make(rows * n, (i) => w[i]! / sums[Math.floor(i / n)]!),
    logP: a.logSoftmax(logits, n),
    logits,
    y: a.gumbelSoftmax(key, logits, n),
    logY,
    perRow: make(rows, () => random() - 0.5),
    target: Int32Array.from({ length: rows }, () => Math.floor(random() * n)),
    a,
  };
}

/** Uniform numbers in [0, 1): mulberry32. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The names of all functions of the package, those that hang on others included, which ops.ts does not have. */
function unknownOps(library: Library): string[] {
  return functionsOf(library, '').filter((name) => !(name in ops) && !NOT_OPS.includes(name));
}

function functionsOf(parent: object, prefix: string): string[] {
  return Object.entries(parent).flatMap(([name, value]) => {
    const path = prefix + name;
    if (typeof value === 'function') return [path, ...functionsOf(value, `${path}.`)];
    return typeof value === 'object' && value !== null ? functionsOf(value, `${path}.`) : [];
  });
}

/** What differs between the hashes of a backend and the golden ones. */
export function differences(hashes: Hashes, golden: Hashes): string[] {
  const names = [...new Set([...Object.keys(hashes), ...Object.keys(golden)])];
  return names.flatMap((name) => {
    if (hashes[name] === undefined) return [`${name} is gone`];
    if (golden[name] === undefined) return [`${name} has no golden hash`];
    return DTYPES.filter((dtype) => hashes[name]![dtype] !== golden[name]![dtype]).map((dtype) => `${name} ${dtype}`);
  });
}
