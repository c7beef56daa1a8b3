/**
 * npm run bench -- --small: single calls on one short row, beside the loop that a careful user writes for it. A program
 * that calls one op on one kind of array is the exception, so all ops have run on every kind of array, `out` and source
 * before and between the rounds: the code that they share sees many types, as in a real program. Each dtype has a thread, and so
 * compiled code, of its own: the plain loops see one dtype only.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import * as anymax from 'anymax';
import { dataOf, residentOf } from './data.mjs';
import { measure } from './harness.mjs';
import { ops } from './ops.mjs';
import * as plain from './plain/index.mjs';

/** @typedef {'float32' | 'float64'} Dtype */
/** @typedef {{ op: string, n: number, how: string, ours: () => any, loop: () => any }} Line */

const { key, Rng } = anymax;
/** What is measured, among the ops of ./ops.mjs. */
export const SMALL = ['softmax', 'logSoftmax', 'sparsemax', 'argmax', 'gumbelMax', 'gumbelSoftmax', 'categorical'];
/** Calls that are timed together: one alone is shorter than the clock's resolution. */
const CALLS = 500;
const TYPES = { float32: Float32Array, float64: Float64Array };

/** @param {string} op @param {number} n @param {string} how @param {() => any} ours @param {() => any} loop @returns {Line} */
const line = (op, n, how, ours, loop) => ({ op, n, how, ours, loop });

/**
 * The measured calls. With `out` both sides write to the caller's array, with `new` both make one; `resident` is on arrays
 * in the package's memory (the loop then has `out`).
 * @param {Dtype} dtype @returns {Line[]}
 */
function linesOf(dtype) {
  const Type = TYPES[dtype];
  const root = key('small');
  const rng = new Rng('small');
  const indices = () => new Int32Array(1);
  const index = indices();
  /** @param {number} n */
  const row = (n) => Type.from({ length: n }, (_, i) => 2 * Math.sin(7.3 * i + n));

  /** @param {string} op @param {number} n @param {any} out @param {() => any} make @param {(x: any, out: any) => any} loop */
  const mapped = (op, n, out, make, loop) => {
    const x = row(n);
    const ours = anymax[op];
    return [
      line(
        op,
        n,
        'out',
        () => ours(x, n, { out }),
        () => loop(x, out),
      ),
      line(
        op,
        n,
        'new',
        () => ours(x, n),
        () => loop(x, make()),
      ),
    ];
  };
  /** @param {number} n */
  const softmaxes = (n) => {
    const [x, out] = [row(n), new Type(n)];
    const [inside, to] = [x, out].map((values) => {
      const resident = anymax.alloc(/** @type {any} */ (Type), n);
      resident.view.set(values);
      return resident;
    });
    const loop = (from, to) => plain.softmax(from, n, 1, to);
    return [
      ...mapped('softmax', n, out, () => new Type(n), loop),
      line(
        'softmax',
        n,
        'resident',
        () => anymax.softmax(inside, n, { out: to }),
        () => loop(x, out),
      ),
    ];
  };
  /** @param {string} op @param {any} out @param {() => any} make @param {(x: any, out: any) => any} loop */
  const sampled = (op, out, make, loop) => {
    const x = row(10);
    const ours = anymax[op];
    return [
      ['key', root],
      ['Rng', rng],
    ].flatMap(([name, source]) => [
      line(
        op,
        10,
        `${name}, out`,
        () => ours(source, x, 10, { out }),
        () => loop(x, out),
      ),
      line(
        op,
        10,
        `${name}, new`,
        () => ours(source, x, 10),
        () => loop(x, make()),
      ),
    ]);
  };
  const out = new Type(10);
  const make = () => new Type(10);
  const words = { ours: new Uint32Array(2), loop: new Uint32Array(2) };
  const randomKey = () => keep(words.loop, { high: randomWord(), low: randomWord() });
  let step = 0;
  return [
    ...[4, 10, 32].flatMap(softmaxes),
    ...mapped('logSoftmax', 10, out, make, (x, to) => plain.logSoftmax(x, 10, 1, to)),
    ...mapped('sparsemax', 10, out, make, (x, to) => plain.sparsemax(x, 10, to)),
    ...mapped('argmax', 10, index, indices, (x, to) => plain.argmax(x, 10, to)),
    ...sampled('gumbelMax', index, indices, (x, to) => plain.gumbelMax(x, 10, to)),
    ...sampled('gumbelSoftmax', out, make, (x, to) => plain.gumbelSoftmax(x, 10, 1, to)),
    ...sampled('categorical', index, indices, (x, to) => plain.categorical(x, 10, 1, to)),
    line('Rng.next', 1, 'Key', () => keep(words.ours, rng.next()), randomKey),
    line('foldIn', 1, 'Key', () => keep(words.ours, anymax.foldIn(root, step++)), randomKey),
  ];
}

const randomWord = () => (Math.random() * 2 ** 32) >>> 0;

/** A result that the harness can read. @param {Uint32Array} to @param {anymax.Key} from */
function keep(to, from) {
  to[0] = from.high;
  to[1] = from.low;
  return to;
}

/** Calls every op: on both dtypes, on plain arrays and resident ones, with an `out` and without, with a key and with an Rng. */
function mixer() {
  const rng = new Rng('mix');
  /** @type {(() => any)[]} */
  const calls = [];
  for (const op of ops) {
    for (const Type of Object.values(TYPES)) {
      const x = Type.from({ length: 20 }, (_, i) => Math.cos(3.1 * i));
      const data = dataOf(op, x, 5, key('mix'));
      const resident = residentOf(data);
      const withRng = { ...data, key: rng };
      calls.push(
        () => op.package(anymax, data),
        () => op.package(anymax, resident),
        () => op.package(anymax, withRng),
      );
      if (op.of.startsWith('random.')) calls.push(() => op.package(anymax, { ...withRng, out: 7 }));
      else calls.push(() => op.package(anymax, { ...withRng, out: undefined }));
    }
  }
  return () => calls.forEach((call) => call());
}

/** One dtype's lines with their times, in nanoseconds per call. @param {{ dtype: Dtype, rounds: number, milliseconds: number }} effort */
function measured({ dtype, ...effort }) {
  anymax.init({ backend: 'wasm' });
  const mix = mixer();
  for (let i = 0; i < 200; i++) mix();
  return linesOf(dtype).map(({ op, n, how, ours, loop }) => {
    const variants = [
      { name: 'ours', before: mix, run: many(ours) },
      { name: 'plain', before: mix, run: many(loop) },
    ];
    const times = measure(variants, effort);
    const each = (name) => (times.time(name) * 1e6) / CALLS;
    return { op, n, how, dtype, ours: each('ours'), plain: each('plain'), ratio: times.ratio('plain', 'ours') };
  });
}

/** `CALLS` calls, and the last result. @param {() => any} run */
function many(run) {
  return () => {
    for (let i = 1; i < CALLS; i++) run();
    return run();
  };
}

/**
 * Measures single calls in a thread for each dtype, one after the other.
 * @param {{ dtypes: Dtype[], rounds: number, milliseconds: number }} options
 */
export async function measureSmall({ dtypes, ...effort }) {
  const results = [];
  for (const dtype of dtypes) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { small: { dtype, ...effort } } });
    results.push(...(await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))));
  }
  return results;
}

/** The table. @param {Awaited<ReturnType<typeof measureSmall>>} results */
export function tableOfSmall(results) {
  const text = (cells) =>
    cells[0].padEnd(16) +
    cells[1].padEnd(10) +
    cells
      .slice(2)
      .map((cell) => cell.padStart(12))
      .join('');
  return [
    text(['op', 'how', 'n', 'dtype', 'ours ns', 'plain ns', 'plain/ours']),
    ...results.map(({ op, how, n, dtype, ours, plain: loop, ratio }) =>
      text([op, how, String(n), dtype, ours.toFixed(0), loop.toFixed(0), `${ratio.toFixed(2)}x`]),
    ),
  ].join('\n');
}

if (!isMainThread && workerData?.small) parentPort.postMessage(measured(workerData.small));
