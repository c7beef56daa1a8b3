/**
 * The table of what is measured: each op by the package and by the loops of `plain.mjs`, on the same arrays. `out` is
 * given to both, so that allocation is not measured.
 */
import * as anymax from 'anymax';
import * as plain from './plain.mjs';

/**
 * What a call works on: logits rows x n, log-samples `logY` of them at T = 1, `out` of the op's shape.
 * @typedef {{ n: number, logits: Float32Array, logY: Float32Array, out: any, source: anymax.Source }} Data
 */

/**
 * @typedef {object} Op
 * @property {string} name as in tables
 * @property {string} of the public function
 * @property {boolean} byRow false where n has no meaning
 * @property {boolean} noisy whether the plain loop gives other values at each call
 * @property {'element' | 'row' | 'index'} gives a float for each element, a float or an index for each row
 * @property {(data: Data) => ArrayLike<number>} package
 * @property {(data: Data) => ArrayLike<number>} plain
 */

const { random } = anymax;
const deterministic = { byRow: true, noisy: false, gives: 'element' };
const sampler = { byRow: true, noisy: true, gives: 'element' };
const noise = { byRow: false, noisy: true, gives: 'element' };

/** @type {Op[]} */
export const ops = [
  {
    name: 'softmax T=1',
    of: 'softmax',
    ...deterministic,
    package: ({ logits, n, out }) => anymax.softmax(logits, n, { out }),
    plain: ({ logits, n, out }) => plain.softmax(logits, n, 1, out),
  },
  {
    name: 'softmax T=0.7',
    of: 'softmax',
    ...deterministic,
    package: ({ logits, n, out }) => anymax.softmax(logits, n, { temperature: 0.7, out }),
    plain: ({ logits, n, out }) => plain.softmax(logits, n, 0.7, out),
  },
  {
    name: 'logSoftmax',
    of: 'logSoftmax',
    ...deterministic,
    package: ({ logits, n, out }) => anymax.logSoftmax(logits, n, { out }),
    plain: ({ logits, n, out }) => plain.logSoftmax(logits, n, 1, out),
  },
  {
    name: 'logSumExp',
    of: 'logSumExp',
    ...deterministic,
    gives: 'row',
    package: ({ logits, n, out }) => anymax.logSumExp(logits, n, { out }),
    plain: ({ logits, n, out }) => plain.logSumExp(logits, n, out),
  },
  {
    name: 'argmax',
    of: 'argmax',
    ...deterministic,
    gives: 'index',
    package: ({ logits, n, out }) => anymax.argmax(logits, n, { out }),
    plain: ({ logits, n, out }) => plain.argmax(logits, n, out),
  },
  {
    name: 'sparsemax',
    of: 'sparsemax',
    ...deterministic,
    package: ({ logits, n, out }) => anymax.sparsemax(logits, n, { out }),
    plain: ({ logits, n, out }) => plain.sparsemax(logits, n, out),
  },
  {
    name: 'uniform',
    of: 'random.uniform',
    ...noise,
    package: ({ source, out }) => random.uniform(source, out),
    plain: ({ out }) => plain.uniform(out),
  },
  {
    name: 'exponential',
    of: 'random.exponential',
    ...noise,
    package: ({ source, out }) => random.exponential(source, out),
    plain: ({ out }) => plain.exponential(out),
  },
  {
    name: 'gumbel',
    of: 'random.gumbel',
    ...noise,
    package: ({ source, out }) => random.gumbel(source, out),
    plain: ({ out }) => plain.gumbel(out),
  },
  {
    name: 'logistic',
    of: 'random.logistic',
    ...noise,
    package: ({ source, out }) => random.logistic(source, out),
    plain: ({ out }) => plain.logistic(out),
  },
  {
    name: 'gumbelMax',
    of: 'gumbelMax',
    ...sampler,
    gives: 'index',
    package: ({ source, logits, n, out }) => anymax.gumbelMax(source, logits, n, { out }),
    plain: ({ logits, n, out }) => plain.gumbelMax(logits, n, out),
  },
  {
    name: 'gumbelSoftmax T=1',
    of: 'gumbelSoftmax',
    ...sampler,
    package: ({ source, logits, n, out }) => anymax.gumbelSoftmax(source, logits, n, { out }),
    plain: ({ logits, n, out }) => plain.gumbelSoftmax(logits, n, 1, out),
  },
  {
    name: 'gumbelSoftmax T=0.5',
    of: 'gumbelSoftmax',
    ...sampler,
    package: ({ source, logits, n, out }) => anymax.gumbelSoftmax(source, logits, n, { temperature: 0.5, out }),
    plain: ({ logits, n, out }) => plain.gumbelSoftmax(logits, n, 0.5, out),
  },
  {
    name: 'expConcrete',
    of: 'expConcrete',
    ...sampler,
    package: ({ source, logits, n, out }) => anymax.expConcrete(source, logits, n, { out }),
    plain: ({ logits, n, out }) => plain.expConcrete(logits, n, 1, out),
  },
  {
    name: 'gumbelSigmoid',
    of: 'gumbelSigmoid',
    ...noise,
    package: ({ source, logits, out }) => anymax.gumbelSigmoid(source, logits, { out }),
    plain: ({ logits, out }) => plain.gumbelSigmoid(logits, 1, out),
  },
  {
    name: 'expConcreteLogProb',
    of: 'expConcreteLogProb',
    ...deterministic,
    gives: 'row',
    package: ({ logY, logits, n, out }) => anymax.expConcreteLogProb(logY, logits, n, { out }),
    plain: ({ logY, logits, n, out }) => plain.expConcreteLogProb(logY, logits, n, 1, out),
  },
];

/**
 * Arrays for calls of an op on `logits`.
 * @param {Op} op @param {Float32Array} logits @param {number} n @param {anymax.Source} source
 * @returns {Data}
 */
export function dataOf(op, logits, n, source) {
  const rows = logits.length / n;
  const out = op.gives === 'index' ? new Int32Array(rows) : new Float32Array(op.gives === 'row' ? rows : logits.length);
  return { n, logits, logY: anymax.expConcrete(anymax.key('logY'), logits, n), out, source };
}

/**
 * The three ways to run an op: by wasm, by its JavaScript mirror, by the plain loop.
 * @param {Op} op @param {Data} data
 * @returns {import('./harness.mjs').Variant[]}
 */
export function variantsOf(op, data) {
  return [
    { name: 'wasm', before: () => anymax.init({ backend: 'wasm' }), run: () => op.package(data) },
    { name: 'mirror', before: () => anymax.init({ backend: 'js' }), run: () => op.package(data) },
    { name: 'plain', run: () => op.plain(data) },
  ];
}

/** N(0, 1), by Box and Muller. @param {number} length @param {string} seed */
export function normalLogits(length, seed) {
  const [a, b] = anymax.split(anymax.key(seed)).map((key) => random.uniform(key, length, { dtype: 'float64' }));
  return Float32Array.from(a, (u, i) => Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * b[i]));
}

/**
 * Throws unless the mirror gives the bits of wasm and the plain loop computes the same thing: the same values within
 * 1e-5, or where it is noisy the same distribution, by means over 20,000 rows within 6 standard errors. That is a false
 * alarm in 1e6 runs, and it sees noise that is 10 % too wide.
 * @param {Op} op
 */
export function check(op) {
  for (const n of op.noisy || !op.byRow ? [10] : [10, 1000]) {
    const rows = op.noisy ? 20_000 : 64;
    const logits = normalLogits(op.noisy ? n : rows * n, op.name);
    const data = dataOf(
      op,
      Float32Array.from({ length: rows * n }, (_, i) => logits[i % logits.length]),
      n,
      anymax.key(n),
    );
    const [wasm, mirror, loop] = variantsOf(op, data).map(({ before, run }) => {
      before?.();
      return Array.from(run());
    });
    if (!wasm.every((value, i) => Object.is(value, mirror[i])))
      throw new Error(`${op.name}: the mirror gives other bits`);
    const same = op.noisy ? sameMeans(op, wasm, loop, n) : wasm.every((value, i) => near(value, loop[i]));
    if (!same) throw new Error(`${op.name}, n = ${n}: the plain loop computes something else`);
  }
}

/** @param {number} a @param {number} b */
function near(a, b) {
  return Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b));
}

/** Whether two noisy results have the same means. @param {Op} op @param {number[]} a @param {number[]} b @param {number} n */
function sameMeans(op, a, b, n) {
  const others = meansOf(op, b, n);
  return meansOf(op, a, n).every(({ mean, variance }, i) => {
    const other = others[i];
    return Math.abs(mean - other.mean) <= 6 * Math.sqrt(variance + other.variance);
  });
}

/**
 * Means over the rows of a result, with their variances: of each class's element and its square, or of how often the
 * class is drawn.
 * @param {Op} op @param {number[]} result @param {number} n
 */
function meansOf(op, result, n) {
  const byIndex = op.gives === 'index';
  const rows = byIndex ? result.length : result.length / n;
  const value = byIndex
    ? (row, c) => (result[row] === c ? 1 : 0)
    : (row, c) => (c < n ? result[row * n + c] : result[row * n + c - n] ** 2);
  return Array.from({ length: byIndex ? n : 2 * n }, (_, c) => {
    let sum = 0;
    let squares = 0;
    for (let row = 0; row < rows; row++) {
      sum += value(row, c);
      squares += value(row, c) ** 2;
    }
    const mean = sum / rows;
    return { mean, variance: (squares / rows - mean * mean) / rows };
  });
}
