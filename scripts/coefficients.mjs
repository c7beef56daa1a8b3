/**
 * The polynomial coefficients of the kernels: minimax fits by Remez exchange, rounded to the dtype.
 *
 *   node scripts/coefficients.mjs                prints them as TypeScript
 *   node scripts/coefficients.mjs --check FILE   fails unless FILE exports these names with these values
 *
 * Everything is computed in BigInt fixed point: an f64 fit has to resolve errors near 2^-63, and no coefficient may
 * depend on an engine's Math.exp or Math.log.
 */
import { readFileSync } from 'node:fs';

// ---- Fixed point: the integer a stands for a / ONE ----

const BITS = 256n;
const ONE = 1n << BITS;
const mul = (a, b) => (a * b) >> BITS;
const div = (a, b) => (a << BITS) / b;
const abs = (a) => (a < 0n ? -a : a);
const larger = (a, b) => (a < b ? b : a);
/** Exact for |x| >= 2^-203; BigInt throws for a smaller x that does not fit. */
const fromNumber = (x) => BigInt(x * 2 ** Number(BITS));
/** Rounds once, to nearest even: Number(BigInt) does so, and the scaling is exact. */
const toNumber = (a) => Number(a) / 2 ** Number(BITS);

function exp(x) {
  let sum = 0n;
  for (let term = ONE, k = 1n; term !== 0n; term = mul(term, x) / k++) sum += term;
  return sum;
}

/** log1p(f) = log((1 + s) / (1 - s)) = 2 atanh(s) at s = f / (2 + f), for s > 0. */
function log1pOfS(s) {
  const z = mul(s, s);
  let sum = 0n;
  for (let power = 2n * s, k = 1n; power !== 0n; power = mul(power, z), k += 2n) sum += power / k;
  return sum;
}

// ---- The table ----
// An entry approximates value(x) by base(x) + lead(x) (c_0 + c_1 step(x) + c_2 step(x)^2 + ...), `terms` coefficients,
// on the interval, with the largest |error| / scale(x) as small as it can be. c_0 is printed as NAME_<first>.

const EXP = {
  value: exp,
  // The bound counts ULPs, so exp(r) in [1/2, 1) weighs double. Measured over every f32 from -87 to 0: 0.9860 ULP with
  // this scale, 0.9886 with exp(r) itself.
  scale: (r) => (r < 0n ? ONE / 2n : ONE),
  unit: 'of the power of two at or below exp(r)',
  base: (r) => ONE + r,
  lead: (r) => mul(r, r),
  step: (r) => r,
  first: 0,
  // ln2 / 2 = 0.346574, and a little where x log2(e) rounds across a half: 0.346577 measured over every f32 from -87.
  interval: [-0.3466, 0.3466],
  variable: 'r',
  form: 'exp(r) = 1 + (r + r^2 q(r)), q(r) = sum of NAME_j r^j',
};

const LOG = {
  value: log1pOfS,
  scale: log1pOfS,
  unit: 'of log1p(f)',
  base: (s) => 2n * s, // = f - s f
  lead: (s) => mul(s, mul(s, s)),
  step: (s) => mul(s, s),
  first: 1,
  // f from sqrt(1/2) - 1 to sqrt(2) - 1 is |s| <= 0.171573. The relative error is even in s and vanishes as s^2, so
  // positive s will do, and the lower end only keeps 0 / 0 out.
  interval: [2 ** -12, 0.1716],
  variable: 's',
  form: 'log1p(f) = f - s (f - R), s = f / (2 + f), z = s^2, R = sum of NAME_j z^j',
};

const F32 = { dtype: 'f32', round: (a) => Math.fround(toNumber(a)) };
const F64 = { dtype: 'f64', round: toNumber };

const POLYNOMIALS = [
  { name: 'EXP_F32', ...EXP, ...F32, terms: 5 },
  { name: 'EXP_F64', ...EXP, ...F64, terms: 10 }, // 10 leave 2^-57.3 = 0.025 ULP
  { name: 'LOG_F32', ...LOG, ...F32, terms: 3 },
  { name: 'LOG_F64', ...LOG, ...F64, terms: 7 },
];

// ---- The fit ----

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
    const next = alternation(errors, level - (level >> 40n), terms + 1);
    if (String(next) === String(reference)) return solution;
    reference = next;
  }
}

/**
 * Rounds one coefficient at a time, c_0 (which weighs most) first, and lets the others make up for it: what is left of
 * the target after c_0 is again a fit, by the remaining basis. What is left after all is the error of the result.
 */
function generate({ round, ...polynomial }) {
  let rows = sample(polynomial);
  const constants = [];
  while (rows[0].length > 1) {
    const rounded = round(remez(rows)[0]);
    const c = fromNumber(rounded);
    rows = rows.map(([target, b, ...basis]) => [target - mul(c, b), ...basis]);
    constants.push([`${polynomial.name}_${polynomial.first + constants.length}`, rounded]);
  }
  const error = toNumber(rows.map(([rest]) => abs(rest)).reduce(larger));
  return { ...polynomial, constants, error };
}

// ---- Output ----

function typescript({ name, form, variable, interval, dtype, error, unit, constants }) {
  return [
    '/**',
    ` * ${form.replace('NAME', name)}; |${variable}| <= ${interval[1]}.`,
    ` * Error 2^${Math.log2(error).toFixed(2)} ${unit} with these ${dtype} values. scripts/coefficients.mjs`,
    ' */',
    ...constants.map(([key, c]) => `export const ${key} = ${c};`),
  ].join('\n');
}

/** One line for each constant that `source` lacks or gives another value. */
function differences(source, constants) {
  const found = new Map([...source.matchAll(/^export const (\w+) = (.+);/gm)].map(([, key, text]) => [key, text]));
  return constants
    .filter(([key, c]) => Number(found.get(key)) !== c)
    .map(([key, c]) => `${key} is ${found.get(key) ?? 'missing'}, generated ${c}`);
}

const [option, file, ...rest] = process.argv.slice(2);
if ((option !== undefined && option !== '--check') || (option && !file) || rest.length > 0) {
  console.error('usage: node scripts/coefficients.mjs [--check FILE]');
  process.exit(2);
}
const generated = POLYNOMIALS.map(generate);
if (option) {
  const wrong = differences(
    readFileSync(file, 'utf8'),
    generated.flatMap(({ constants }) => constants),
  );
  if (wrong.length > 0) {
    console.error(`${file} differs from scripts/coefficients.mjs:\n${wrong.join('\n')}`);
    process.exit(1);
  }
} else {
  console.log(generated.map(typescript).join('\n\n'));
}
