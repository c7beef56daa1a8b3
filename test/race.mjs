/**
 * The race of many tails, on gumbelMax and categorical of dist/index.js: one class at 0 against 262 144 classes at -20.5. All
 * tails together win a draw with probability 3.28e-4, so 32.8 times in 100 000 draws. What decides are Gumbels above
 * 17, which only noise with enough bits at its upper end ever gives.
 *
 *   npm run build && node test/race.mjs [draws]
 */
import { categorical, foldIn, gumbelMax, key } from '../dist/index.js';

const TAILS = 262_144;
const GAP = 20.5;
const ROWS = 8;
const draws = Number(process.argv[2] ?? 100_000);
const n = TAILS + 1;

/** P(at least one tail wins) = S / (1 + S), S = TAILS exp -GAP. */
const share = TAILS * Math.exp(-GAP);
const expected = (draws * share) / (1 + share);

/** [low, high]: a Poisson count lies below or above with probability at most `rate` each. */
function bounds(mean, rate) {
  let [term, below, low, high] = [Math.exp(-mean), 0, -1, -1];
  for (let count = 0; high < 0; count++, term *= mean / count) {
    if (low < 0 && below + term > rate) low = count;
    if (below > 1 - rate) high = count;
    below += term;
  }
  return [low, high];
}

/**
 * A generator of `bits` bits, u = m 2^-bits: on the tail class's best draw and the leader's worst one. A tail can win only
 * if the first is above the second; P(win) / true = a / (e^a - 1), a = 2^-bits e^GAP, once the grid is that coarse.
 */
function coarse(bits) {
  const best = -Math.log(-Math.log1p(-(2 ** -bits))) - GAP;
  const worst = -Math.log(bits * Math.LN2);
  const a = 2 ** -bits * Math.exp(GAP);
  return { best, worst, hits: (expected * a) / Math.expm1(a) };
}

const { best, worst, hits: none } = coarse(24);
console.log(
  `a 24-bit generator: the best tail scores ${best.toFixed(2)}, the leader never less than ${worst.toFixed(2)}:`,
);
console.log(`0 hits (by its grid ${none.toExponential(1)}); 28 bits: ${coarse(28).hits.toFixed(1)} hits`);
if (best >= worst) throw new Error('the race would not tell a 24-bit generator');

const logits = new Float32Array(ROWS * n).fill(-GAP);
for (let row = 0; row < ROWS; row++) logits[row * n] = 0;
const winners = new Int32Array(ROWS);
const [low, high] = bounds(expected, 2.5e-7);

/** Holds the hits of a sampler against the bounds. */
function race(name, sampler) {
  const root = key('race');
  const places = new Set();
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let hits = 0;
  for (let done = 0, call = 0, printed = 0; done < draws; done += ROWS, call++) {
    sampler(foldIn(root, call), logits, n, { out: winners });
    for (const index of winners.subarray(0, Math.min(ROWS, draws - done))) {
      if (!(index >= 0 && index < n)) throw new Error(`index ${index} of ${n} classes`);
      if (index === 0) continue;
      hits++;
      places.add(index);
    }
    if (seconds() > printed + 5) {
      printed = seconds();
      console.log(`${done + ROWS} draws, ${hits} hits, ${printed.toFixed(0)} s`);
    }
  }
  const took = seconds();
  console.log(
    `${name}: ${hits} hits in ${draws} draws, ${expected.toFixed(1)} expected; accepted: ${low} to ${high} (false alarms 5e-7)`,
  );
  console.log(`${took.toFixed(1)} s, ${((took * 1e9) / (draws * n)).toFixed(2)} ns per element`);
  // the same tail twice among 33 of 262 144: 0.002 expected
  if (hits - places.size > 1) throw new Error(`the tails that won repeat: ${hits} hits, ${places.size} classes`);
  if (hits < low || hits > high) throw new Error(`${hits} hits are not within ${low} to ${high}`);
}

for (const [name, sampler] of Object.entries({ gumbelMax, categorical })) race(name, sampler);
