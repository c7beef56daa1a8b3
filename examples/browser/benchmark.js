/** Both backends and plain loops on the same arrays, in this browser. */
import { entmax, entmax15, gumbelMax, gumbelSoftmax, init, key, random, softmax, sparsemax } from 'anymax';
import * as plain from '../../bench/plain/index.mjs';

const N = 128;
const ROWS = 128;
/** Clocks of browsers are as coarse as 1 ms: a slice is many of those. */
const SLICE = 24;
const ROUNDS = 5;

const source = key(1);
const x = random.normal(source, N * ROWS);
const out = new Float32Array(x.length);
const indices = new Int32Array(ROWS);
const entmax125 = entmax(1.25);

/** @type {Record<string, { ours: () => unknown, loop: () => unknown }>} */
const OPS = {
  softmax: { ours: () => softmax(x, N, { out }), loop: () => plain.softmax(x, N, 1, out) },
  entmax15: { ours: () => entmax15(x, N, { out }), loop: () => plain.entmax15(x, N, out) },
  sparsemax: { ours: () => sparsemax(x, N, { out }), loop: () => plain.sparsemax(x, N, out) },
  'entmax(1.25)': { ours: () => entmax125(x, N, { out }), loop: () => plain.entmax(x, N, 1.25, out) },
  gumbelMax: { ours: () => gumbelMax(source, x, N, { out: indices }), loop: () => plain.gumbelMax(x, N, indices) },
  gumbelSoftmax: { ours: () => gumbelSoftmax(source, x, N, { out }), loop: () => plain.gumbelSoftmax(x, N, 1, out) },
};

/** Nanoseconds per element, the mean of one slice. @param {() => unknown} op */
function slice(op) {
  const began = performance.now();
  let calls = 0;
  let took;
  do {
    op();
    calls++;
    took = performance.now() - began;
  } while (took < SLICE);
  return (took * 1e6) / (calls * x.length);
}

/** A backend that cannot be had is left out. */
function available() {
  try {
    init({ backend: 'wasm' });
    return /** @type {const} */ (['wasm', 'js']);
  } catch {
    return /** @type {const} */ (['js']);
  } finally {
    init();
  }
}

/**
 * The median of the rounds for each op: of the backends, and of the plain loop. They take turns, so that a disturbance meets
 * all of them; the first round is for the compilers. Between ops the page may draw; then the backend is the page's own again.
 *
 * @param {(results: { name: string, times: Record<string, number> }[]) => void} onProgress
 */
export async function measure(onProgress) {
  const backends = available();
  const results = [];
  for (const [name, { ours, loop }] of Object.entries(OPS)) {
    const runs = {
      ...Object.fromEntries(backends.map((backend) => [backend, () => (init({ backend }), slice(ours))])),
      plain: () => slice(loop),
    };
    const rounds = Object.fromEntries(Object.keys(runs).map((by) => [by, /** @type {number[]} */ ([])]));
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [by, run] of Object.entries(runs)) {
        const time = run();
        if (round > 0) rounds[by].push(time);
      }
    }
    init();
    const median = Object.entries(rounds).map(([by, times]) => [by, times.sort((a, b) => a - b)[ROUNDS >> 1]]);
    results.push({ name, times: Object.fromEntries(median) });
    onProgress(results);
    await new Promise((resolve) => setTimeout(resolve));
  }
}
