/**
 * Every op at every kind of input at which ops have gone wrong, against 200-bit arithmetic, in both dtypes and on both
 * backends. A new op joins by its row in one of the tables beside. The greatest error of each op is printed.
 */
import { type Floats, logSoftmax } from 'anymax';
import { afterAll, describe, expect, test } from 'vitest';
import { BACKENDS, DTYPES, type Dtype, expectSame, on } from '../support/backends.ts';
import { ulp } from '../oracles/arithmetic.ts';
import { big, minus, number, size } from '../oracles/big.ts';
import type { Exact } from '../oracles/exact_rows.ts';
import { uniforms } from '../accuracy/harness.ts';
import { KINDS, type Row, rowsOf } from './kinds.ts';
import { LAW_CORNERS } from './laws.ts';
import { CLASS_CORNERS } from './classes.ts';
import type { Corner, Given } from './corner.ts';
import { DENSITY_CORNERS } from './densities.ts';
import { FAMILY_CORNERS } from './family.ts';
import { GRADIENT_CORNERS } from './gradients.ts';

const ROW_CORNERS: readonly Corner[] = [...CLASS_CORNERS, ...DENSITY_CORNERS, ...FAMILY_CORNERS, ...GRADIENT_CORNERS];

/** Gradients that come in: one at the winner, one elsewhere, all equal, and some of every sign and size. */
function incoming(dtype: Dtype, x: readonly number[]): Floats[] {
  const n = x.length,
    top = x.indexOf(Math.max(...x)),
    u = uniforms(n);
  const patterns: ((i: number) => number)[] = [
    (i) => Number(i === top),
    (i) => Number(i === (top + 1) % n),
    () => 1e4,
    (i) => (u() - 0.5) * (i % 2 === 0 ? 1 : 1e3),
  ];
  return patterns.map((at) => dtype.make(n, at));
}

/** Another row of scores: the same, a few roundings apart, 1e-3 and 1 apart. */
function near(dtype: Dtype, x: Floats): Floats[] {
  const u = uniforms(x.length);
  return [0, 4 * dtype.epsilon, 1e-3, 1].map((step) =>
    dtype.make(x.length, (i) => x[i]! + step * (u() - 0.5) * Math.max(1, Math.abs(x[i]!) < 1e30 ? Math.abs(x[i]!) : 1)),
  );
}

/** What an op takes at a row, in every variety. */
function* givens(corner: Corner, dtype: Dtype, { x: values, temperature }: Row): Generator<Given> {
  const n = values.length,
    x = dtype.make(n, (i) => values[i]!);
  const needs = (operand: (typeof corner.takes)[number]): boolean => corner.takes.includes(operand);
  const p = needs('p') ? corner.max(x, n, { temperature }) : x,
    logP = needs('logP') ? logSoftmax(x, n, { temperature }) : x;
  const ds = needs('d') ? incoming(dtype, values) : [x],
    top = values.indexOf(Math.max(...values));
  const targets = needs('target') ? [...new Set([top, (top + 1) % n, n - 1])] : [0];
  const others = needs('other') ? near(dtype, x) : [x];
  const dRow = dtype.make(1, () => 1.7);
  for (const d of ds) {
    for (const target of targets) {
      for (const other of others) yield { x, n, temperature, p, logP, d, dRow, target, other };
    }
  }
}

/** The greatest error in ULP of the size, of values that are no smaller than what exp flushes to 0. */
function errorOf(dtype: Dtype, got: Floats, exact: readonly Exact[], relative = false): number {
  const single = dtype.name === 'float32',
    flushed = single ? 2 ** -124 : 2 ** -1020,
    unit = single ? ulp.f32 : ulp.f64;
  if (got.length !== exact.length) return Infinity;
  return exact.reduce((most, { value, size: by }, i) => {
    const g = got[i]!,
      e = dtype.round(typeof value === 'number' ? value : number(value)),
      greatest = dtype.round(number(by));
    if (Object.is(g, e) && !Number.isFinite(e)) return most;
    if (greatest === Infinity && !Number.isNaN(g)) return most; // of terms that overflow
    if (!Number.isFinite(g) || !Number.isFinite(e)) return Infinity;
    const error = number(size(minus(big(g), typeof value === 'number' ? big(value) : value)));
    return error <= flushed ? most : Math.max(most, error / (relative ? greatest : unit(greatest)));
  }, 0);
}

const short = (values: Floats): string => String(values).slice(0, 80);

interface Worst {
  error: number;
  at: string;
}
const worst = new Map<string, Worst>();
afterAll(() => {
  const lines = [...worst].map(([name, { error, at }]) => `${name.padEnd(44)} ${digits(error)}  ${at}`);
  console.log(['Greatest errors at the corners, in ULP of the size', ...lines].join('\n'));
});

const digits = (error: number): string =>
  (error !== 0 && error < 1e-3
    ? error.toExponential(1)
    : error < 1e6
      ? error.toFixed(2)
      : error.toExponential(1)
  ).padStart(9);

/** Runs an op on both backends, and holds it against its exact values. */
function hold(
  op: Pick<Corner, 'name' | 'within' | 'relative'>,
  dtype: Dtype,
  run: () => Floats,
  exact: readonly Exact[],
  what: (got: Floats) => string,
): void {
  const [wasm, js] = BACKENDS.map((backend) => on(backend, run)) as [Floats, Floats];
  expectSame(js, wasm, 'js');
  const error = errorOf(dtype, wasm, exact, op.relative),
    name = `${op.name} ${dtype.name}`,
    known = worst.get(name),
    bound = op.within[dtype.name];
  if (known === undefined || error > known.error) worst.set(name, { error, at: what(wasm) });
  if (!(error <= bound)) expect.soft(error, what(wasm)).toBeLessThanOrEqual(bound);
}

describe.each(DTYPES)('$name', (dtype) => {
  describe.each(ROW_CORNERS)('$name', (corner) => {
    test.each(KINDS)('$name', (kind) => {
      for (const row of rowsOf(kind, dtype)) {
        for (const given of on('wasm', () => [...givens(corner, dtype, row)])) {
          if (corner.except?.(given)) continue;
          hold(
            corner,
            dtype,
            () => corner.run(given),
            corner.exact(given),
            (got) =>
              [
                `${kind.name}: x ${short(given.x)}, T ${given.temperature}`,
                ...(corner.takes.includes('d') ? [`d ${short(given.d)}`] : []),
                ...(corner.takes.includes('target') ? [`target ${given.target}`] : []),
                `gives ${short(got)}`,
              ].join(', '),
          );
        }
      }
    });
  });

  test.each(ROW_CORNERS)('$name: -0 is 0, in every array and as T', (corner) => {
    const signed = (values: Floats, zero: number): Floats => values.map((v) => (v === 0 ? zero : v));
    const zeros = [[0, -1, 0, 2], [0, 0], [0, -Infinity, 0, -0.5], [-0.1, 0, -40], Array.from({ length: 37 }, (_, i) => (i % 3) - 2)]; // prettier-ignore
    const limits = corner.limits === true ? [0, 1] : [1];
    for (const temperature of limits) {
      for (const x of zeros) {
        for (const given of on('wasm', () => [...givens(corner, dtype, { x, temperature })])) {
          for (const backend of BACKENDS) {
            const [plain, negative] = [0, -0].map((zero) =>
              on(backend, () =>
                corner.run({
                  ...given,
                  x: signed(given.x, zero),
                  p: signed(given.p, zero),
                  logP: signed(given.logP, zero),
                  d: signed(given.d, zero),
                  other: signed(given.other, zero),
                  target: given.target === 0 ? zero : given.target,
                  temperature: temperature === 0 ? zero : temperature,
                }),
              ),
            ) as [Floats, Floats];
            // a result may be a zero of either sign
            expectSame(signed(negative, 0), signed(plain, 0), `${backend}: x ${x}, T ${temperature}`);
          }
        }
      }
    }
  });

  test.each(LAW_CORNERS)('$name', (corner) => {
    const rows = corner.rows.map((values) => values.map(dtype.round)).filter((values) => !corner.except?.(...values));
    for (const values of rows) {
      hold(
        corner,
        dtype,
        () => corner.run(...values.map((v) => dtype.make(1, () => v))),
        [corner.exact(...values)],
        (got) => `at ${values}: ${got}`,
      );
    }
  });
});
