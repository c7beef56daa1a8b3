import { abs, div, fromNumber, larger, mul, ONE, toNumber } from './fixed_point.mjs';

/** Intervals of the sampling grid; odd, so that the middle of a symmetric interval, where `lead` is 0, is no point. */
const GRID = 4095;

/** A row per grid point x: [target, basis_0, basis_1, ...]; the error at x is target - sum of c_j basis_j. */
function sample({ value, scale, base, lead, step, interval, terms }) {
  const [low, high] = interval.map(fromNumber);
  return Array.from({ length: GRID + 1 }, (_, i) => {
    const x = low + ((high - low) * BigInt(i)) / BigInt(GRID);
    const unit = scale(x);
    const row = [div(value(x) - base(x), unit), div(lead(x), unit)];
    while (row.length <= terms) row.push(mul(row.at(-1), step(x)));
    return row;
  });
}

/** Solves sum_j matrix[i][j] u_j = matrix[i][n] by Gauss-Jordan elimination with partial pivoting. */
function solve(matrix) {
  const n = matrix.length;
  for (let j = 0; j < n; j++) {
    let pivot = j;
    for (let i = j + 1; i < n; i++) if (abs(matrix[i][j]) > abs(matrix[pivot][j])) pivot = i;
    [matrix[j], matrix[pivot]] = [matrix[pivot], matrix[j]];
    matrix[j] = matrix[j].map((a) => div(a, matrix[j][j]));
    for (let i = 0; i < n; i++) {
      const factor = matrix[i][j];
      if (i !== j) matrix[i] = matrix[i].map((a, k) => a - mul(factor, matrix[j][k]));
    }
  }
  return matrix.map((row) => row[n]);
}

/** Where |error| peaks in each run of one sign among the errors that reach `level`; end runs go down to `count`. */
function alternation(errors, level, count) {
  const peaks = [];
  errors.forEach((error, i) => {
    if (abs(error) < level) return;
    const last = errors[peaks.at(-1)];
    if (peaks.length === 0 || last < 0n !== error < 0n) peaks.push(i);
    else if (abs(error) > abs(last)) peaks[peaks.length - 1] = i;
  });
  while (peaks.length > count) {
    if (abs(errors[peaks[0]]) < abs(errors[peaks.at(-1)])) peaks.shift();
    else peaks.pop();
  }
  return peaks;
}

/**
 * Remez exchange on the grid: the coefficients whose largest |error| is least. That error is reached with alternating
 * signs at one point more than there are coefficients. Signs are taken relative to basis_0, which makes the basis a
 * positive weight times 1, step, step^2, ... also when the coefficients fixed so far leave an odd power in front.
 * The level grows with every exchange, so the search over the finite grid ends.
 */
function remez(rows) {
  const signed = rows.map((row) => (row[1] < 0n ? row.map((a) => -a) : row));
  const terms = signed[0].length - 1;
  // Any start leads to the same fit; the extrema of a Chebyshev polynomial are close to the end.
  let reference = Array.from({ length: terms + 1 }, (_, i) =>
    Math.round((GRID * (1 - Math.cos((Math.PI * i) / terms))) / 2),
  );
  for (;;) {
    const solution = solve(
      reference.map((at, i) => {
        const [target, ...basis] = signed[at];
        return [...basis, i % 2 ? -ONE : ONE, target];
      }),
    );
    const level = abs(solution.pop());
    const errors = signed.map(([target, ...basis]) => basis.reduce((rest, b, j) => rest - mul(b, solution[j]), target));
    // The errors at the reference equal the level but for the rounding of the fixed point.
    const next = alternation(errors, level - (level >> 100n), terms + 1);
    if (String(next) === String(reference)) return solution;
    reference = next;
  }
}

/**
 * Rounds one coefficient at a time, c_0 (which weighs most) first, and lets the others make up for it: what is left of
 * the target after c_0 is again a fit, by the remaining basis. What is left after all is the error of the result.
 */
export function generate({ round, ...polynomial }) {
  let rows = sample(polynomial);
  const coefficients = [];
  while (rows[0].length > 1) {
    const rounded = round(remez(rows)[0]);
    const c = fromNumber(rounded);
    rows = rows.map(([target, b, ...basis]) => [target - mul(c, b), ...basis]);
    coefficients.push(rounded);
  }
  const error = toNumber(rows.map(([rest]) => abs(rest)).reduce(larger));
  return { ...polynomial, coefficients, error };
}
