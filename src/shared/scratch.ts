/**
 * Bytes of scratch that each kernel takes, by its name: for so many rows of n, values of so many bytes, and k classes or draws.
 * Numbers, not integers of 32 bits: those would wrap at n = 2^28. test/kernels/mirror.test.ts runs every kernel with exactly so many
 * bytes and a guard behind them.
 */
export type Scratch = (n: number, rows: number, bytes: number, k: number) => number;

/** Rows of n in f64, and two times four short rows of f32 side by side. */
function rowsOf(n: number, count: number): number {
  return 8 * (n + 8) * count + 2048;
}

/** z and its exponentials; scores, tops and sums of k places. */
const ranking: Scratch = (n, _rows, _bytes, k) => 16 * n + 24 * k + 64;
const noRow: Scratch = (n) => rowsOf(n, 0),
  oneRow: Scratch = (n) => rowsOf(n, 1),
  noise: Scratch = (n, rows, bytes) => n * rows * bytes,
  density: Scratch = (n) => 16 * n + 3072;

export {
  noRow as softmax,
  noRow as softmax_vjp,
  oneRow as entmax,
  oneRow as entmax15,
  oneRow as entmax15_vjp,
  oneRow as fenchel_young_loss,
  oneRow as gumbel_softmax,
  oneRow as log_softmax,
  oneRow as log_softmax_vjp_temperature,
  oneRow as log_sum_exp,
  oneRow as log_sum_exp_vjp,
  oneRow as log_sum_exp_vjp_temperature,
  oneRow as softmax_loss,
  oneRow as sparsemax,
  oneRow as sparsemax_vjp,
  oneRow as tsallis_entropy,
  noise as gumbel_max,
  ranking as plackett_luce_log_prob,
  ranking as plackett_luce_log_prob_vjp,
  density as exp_concrete_term,
  density as log_prob_vjp,
};

/** Of bits two values each. */
export const log_prob: Scratch = (n, rows, bytes) => density(n, rows, bytes, 0) + 2 * rows * bytes;
export const log_softmax_at: Scratch = (n) => rowsOf(n, 2);
export const entmax_vjp: Scratch = (n) => rowsOf(n, 5);
export const entmax_vjp_temperature: Scratch = (n) => rowsOf(n, 3);
export const entmax_vjp_alpha: Scratch = (n) => rowsOf(n, 6);
/** The noise, RACE_ELEMENTS at least. */
export const exponential_race: Scratch = (n, rows, bytes) => Math.max(n * rows, 1024) * bytes;
/** The noise, and of a row the maxima of its blocks. */
export const gumbel_top_k: Scratch = (n, rows, bytes) => (2 * n + 16) * bytes + n * rows * bytes;
/** Bins, two lists of values and indices, and the maxima of the row's blocks. */
export const top_k: Scratch = (n, _rows, bytes) => (3 * bytes + 8) * n + 2560;
export const categorical: Scratch = (n) => 12 * n + 768;
/** The words of four draws, and the draws. */
export const categorical_lookup: Scratch = () => 80;
/** The words of four keys. */
export const keys: Scratch = () => 64;
export { keys as fold_in };
/** Two rows, 16 bytes apart. */
export const contrast: Scratch = (n) => 16 * n + 128;
/** Of the longest row, and of as many elements. */
export const each_row: Scratch = (n, rows, bytes) => rowsOf(n, 1) + 12 * n + 640 + noise(n, rows, bytes, 1);
export const categorical_entropy: Scratch = (n) => 8 * n + 1344;
export const semi_supervised: Scratch = (n) => 16 * n + 64;
export { categorical_entropy as semi_supervised_vjp };
/** Those of top_k, masses, a copy of the row, and room for lists: assembly/tokens/. test/tokens/scratch.test.ts runs them with that. */
export const truncate: Scratch = (n, _rows, bytes) => (5 * bytes + 40) * n + 2960;
export { truncate as sample_tokens };
