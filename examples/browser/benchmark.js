/** Both backends on the same arrays, in this browser. */
import { entmax, entmax15, gumbelMax, gumbelSoftmax, init, key, random, softmax, sparsemax } from 'anymax';

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

/** @type {Record<string, () => unknown>} */
const OPS = {
  softmax: () => softmax(x, N, { out }),
  entmax15: () => entmax15(x, N, { out }),
  sparsemax: () => sparsemax(x, N, { out }),
  'entmax(1.25)': () => entmax125(x, N, { out }),
  gumbelMax: () => gumbelMax(source, x, N, { out: indices }),
  gumbelSoftmax: () => gumbelSoftmax(source, x, N, { out }),
};

/** Nanoseconds an element, the mean of one slice. @param {() => unknown} op */
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
 * The median of the rounds for each op and backend. The backends take turns, so that what disturbs one disturbs both; the
 * first round is for the compilers. Between ops the page may draw; then the backend is the page's own again.
 *
 * @param {(results: { name: string, times: Record<string, number> }[]) => void} onProgress
 */
export async function measure(onProgress) {
  const backends = available();
  const results = [];
  for (const [name, op] of Object.entries(OPS)) {
    const rounds = backends.map(() => /** @type {number[]} */ ([]));
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [i, backend] of backends.entries()) {
        init({ backend });
        const time = slice(op);
        if (round > 0) rounds[i].push(time);
      }
    }
    init();
    const median = rounds.map((times) => times.sort((a, b) => a - b)[ROUNDS >> 1]);
    results.push({ name, times: Object.fromEntries(backends.map((backend, i) => [backend, median[i]])) });
    onProgress(results);
    await new Promise((resolve) => setTimeout(resolve));
  }
}
