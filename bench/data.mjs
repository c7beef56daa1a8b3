/** The arrays that an op is measured on, and the ways to run it. */
import * as anymax from 'anymax';

/** @typedef {import('./ops.mjs').Op} Op */

const { random } = anymax;

/** N(0, 1). @param {number} length @param {string} seed @param {'float32' | 'float64'} dtype */
export function normalLogits(length, seed, dtype) {
  return random.normal(anymax.key(seed), length, { dtype });
}

/** The array that a call writes to. @param {Op} op @param {any} logits @param {number} n */
function outOf({ shape }, logits, n) {
  if (shape.gives === 'index') return new Int32Array((logits.length / n) * (shape.draws ?? 1));
  if (shape.gives === 'bits') return new Uint32Array(logits.length);
  return new logits.constructor(shape.gives === 'row' ? logits.length / n : logits.length);
}

/**
 * What a call of an op works on: logits x of rows of n and their weights; a max p of them and gradients d; relaxed
 * samples y, bit and their logarithms or log-odds; a value, a target, a label (-1: none) and a ranking of five for each row. `space` is room that a
 * plain loop needs. `key` is what noise is taken from.
 * @param {Op} op @param {Float32Array | Float64Array} logits @param {number} n @param {anymax.Source} key
 */
export function dataOf(op, logits, n, key) {
  const [samples, other, bits] = anymax.split(anymax.key(op.name), 3);
  const bit = anymax.gumbelSigmoid(bits, logits).map((u) => Math.min(u, 1 - 2 ** -20));
  const d = random.normal(other, logits.slice());
  return {
    n,
    x: logits,
    weights: logits.map(Math.exp),
    p: (op.shape.max ?? anymax.softmax)(logits, n),
    d,
    perRow: d.slice(0, logits.length / n),
    target: Int32Array.from({ length: logits.length / n }, (_, row) => (7 * row) % n),
    ranking: Int32Array.from({ length: (5 * logits.length) / n }, (_, i) => (Math.floor(i / 5) + (i % 5)) % n),
    labels: Int32Array.from({ length: logits.length / n }, (_, row) => (row % 2 ? -1 : (7 * row) % n)),
    space: logits.slice(),
    y: anymax.gumbelSoftmax(samples, logits, n),
    logY: anymax.expConcrete(samples, logits, n),
    bit,
    z: bit.map((u) => Math.log(u / (1 - u))),
    out: outOf(op, logits, n),
    key,
  };
}

/** What the time of a call is divided by: elements, or draws where there are several for a row. @param {Op} op @param {number} rows @param {number} n */
export function countOf({ shape: { draws } }, rows, n) {
  return rows * (draws ?? n);
}

/**
 * The same data in the package's own memory (zero copy), and `free`, which gives that memory back.
 * @param {ReturnType<typeof dataOf>} data
 */
export function residentOf(data) {
  anymax.init({ backend: 'wasm' });
  const residents = [];
  const place = (values) => {
    if (!ArrayBuffer.isView(values) || values instanceof Uint32Array) return values;
    const resident = anymax.alloc(values.constructor, values.length);
    resident.view.set(values);
    residents.push(resident);
    return resident;
  };
  const entries = Object.entries(data).map(([name, values]) => [name, place(values)]);
  return { ...Object.fromEntries(entries), free: () => residents.forEach((resident) => resident.free()) };
}

/**
 * The ways to run an op: by wasm with its copies in and out, by wasm on resident arrays, by the JavaScript mirror, by
 * the plain loop.
 * @param {Op} op @param {ReturnType<typeof dataOf>} data @param {ReturnType<typeof residentOf>} resident
 * @returns {import('./harness.mjs').Variant[]}
 */
export function variantsOf(op, data, resident) {
  const wasm = () => anymax.init({ backend: 'wasm' });
  return [
    { name: 'wasm', before: wasm, run: () => op.package(anymax, data) },
    { name: 'resident', before: wasm, run: () => op.package(anymax, resident) },
    { name: 'mirror', before: () => anymax.init({ backend: 'js' }), run: () => op.package(anymax, data) },
    { name: 'plain', run: () => op.plain(data) },
  ];
}
