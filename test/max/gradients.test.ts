/** Gradients of what is not a max, against finite differences of the definitions, and supportSize. */
import {
  expConcrete,
  type Floats,
  gumbelSigmoid,
  logitBinConcrete,
  logSoftmax,
  logSumExp,
  random,
  softmax,
  supportSize,
} from 'anymax';
import { describe, expect, test } from 'vitest';
import { expectClose, expectSame, F64, inEverySetting, normals } from '../support/backends.ts';
import { KEY, MAXES } from '../tables/maxes.ts';
import { dot, slope } from '../oracles/definitions.ts';

const SIZES = [1, 2, 3, 7, 19, 40];
const TEMPERATURE = 0.75;
const o = { temperature: TEMPERATURE };

function logSumExpOf(x: readonly number[], temperature: number): number {
  const max = x.reduce((a, b) => Math.max(a, b));
  return max / temperature + Math.log(x.reduce((sum, v) => sum + Math.exp((v - max) / temperature), 0));
}

function logSoftmaxOf(x: readonly number[], temperature: number): number[] {
  const total = logSumExpOf(x, temperature);
  return x.map((v) => v / temperature - total);
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const numbers = (length: number, seed: number): number[] => Array.from(normals(F64, length, seed));

inEverySetting((dtype) => {
  const of = (values: readonly number[]): Floats => dtype.make(values.length, (i) => values[i]!);
  const loss = dtype.name === 'float32' ? 1e-5 : 1e-8;

  /** A row with masks, the gradient of its result, and the row without the masks. */
  const rowOf = (n: number): { x: number[]; d: number[]; open: number[] } => {
    const x = [...of(numbers(n, n))].map((v, i) => (i % 4 === 1 ? -Infinity : v));
    return { x, d: [...of(numbers(n, n + 1))], open: [...x.keys()].filter((i) => x[i]! > -Infinity) };
  };

  /** f over the entries that are not masked, as a function of all. */
  const slopes = (x: readonly number[], open: readonly number[], f: (kept: number[]) => number): number[] =>
    x.map((v, i) => (v === -Infinity ? 0 : slope((h) => f(open.map((k) => x[k]! + (k === i ? h : 0))))));

  test('logSoftmax.vjp is the slope; masked classes are left out', () => {
    for (const n of SIZES) {
      const { x, d, open } = rowOf(n);
      const kept = open.map((i) => d[i]!);
      const logP = logSoftmax(of(x), n, o);
      const expected = slopes(x, open, (values) => dot(kept, logSoftmaxOf(values, TEMPERATURE)));
      expectClose(logSoftmax.vjp(logP, of(d), n, o), expected, loss * n, `n ${n}`);
      const dirty = d.map((v, i) => (x[i] === -Infinity ? NaN : v)); // what is masked is not looked at
      expectClose(logSoftmax.vjp(logP, of(dirty), n, o), expected, loss * n, `n ${n}, masked`);
    }
  });

  test('logSumExp.vjp is the slope, d softmax / T', () => {
    for (const n of SIZES) {
      const { x, open } = rowOf(n);
      const expected = slopes(x, open, (values) => -1.5 * logSumExpOf(values, TEMPERATURE));
      expectClose(logSumExp.vjp(of(x), of([-1.5]), n, o), expected, loss, `n ${n}`);
    }
    const x = normals(dtype, 60, 3),
      d = normals(dtype, 20, 4);
    const p = softmax(Float64Array.from(x), 3, o);
    const expected = Array.from(p, (v, i) => (v * d[Math.floor(i / 3)]!) / TEMPERATURE);
    expectClose(logSumExp.vjp(x, d, 3, o), expected, 4 * dtype.epsilon * 3);
  });

  test('expConcrete.vjp and vjpTemperature are the slopes of the log-sample', () => {
    for (const n of SIZES) {
      const { x, d, open } = rowOf(n);
      const max = open.map((i) => x[i]!).reduce((a, b) => Math.max(a, b));
      const noise = random.gumbel(KEY, dtype.make(n));
      const kept = open.map((i) => d[i]!);
      const scores = open.map((i) => x[i]! - max + noise[i]!);
      const logY = expConcrete(KEY, of(x), n, o);
      const byLogits = slopes(scores, [...scores.keys()], (values) => dot(kept, logSoftmaxOf(values, TEMPERATURE)));
      const got = expConcrete.vjp(logY, of(d), n, o);
      expectClose(got.filter((_, i) => open.includes(i)), byLogits, loss * n, `n ${n}`); // prettier-ignore
      x.forEach((v, i) => v === -Infinity && expect(got[i]).toBe(0));
      const byTemperature = slope((h) => dot(kept, logSoftmaxOf(scores, TEMPERATURE + h)));
      const size = 1 + Math.abs(dot(kept, scores)) * 4;
      expectClose(expConcrete.vjpTemperature(logY, of(d), n, o), [byTemperature], loss * size * n, `n ${n}`);
    }
  });

  test('gumbelSigmoid.vjp, logitBinConcrete.vjp and vjpTemperature are the slopes, element by element', () => {
    const n = 50,
      a = of(numbers(n, 5)),
      d = of(numbers(n, 6));
    const noise = random.logistic(KEY, dtype.make(n));
    const z = logitBinConcrete(KEY, a, o),
      y = gumbelSigmoid(KEY, a, o);
    expectClose(z, a.map((v, i) => (v + noise[i]!) / TEMPERATURE), 8 * dtype.epsilon * 20); // prettier-ignore
    expectClose(y, Array.from(z, sigmoid), 4 * dtype.epsilon);
    const at = (f: (z: number) => number, i: number, da: number, dT: number): number =>
      d[i]! * f((a[i]! + da + noise[i]!) / (TEMPERATURE + dT));
    const by = (f: (z: number) => number): number[] => [...a.keys()].map((i) => slope((h) => at(f, i, h, 0)));
    expectClose(gumbelSigmoid.vjp(y, d, o), by(sigmoid), loss);
    expectClose(logitBinConcrete.vjp(z, d, o), by((v) => v), loss); // prettier-ignore
    const byTemperature = [...a.keys()].map((i) => slope((h) => at((v) => v, i, 0, h)));
    expectClose(logitBinConcrete.vjpTemperature(z, d, o), byTemperature, 30 * loss);
  });

  test('special values of the gradients', () => {
    const limits = [0, Infinity];
    const logP = of([-Infinity, 0, Math.log(0.5), Math.log(0.5), NaN, -1]),
      d = of([1, 2, 3, 4, 5, 6]);
    for (const f of [logSoftmax.vjp, expConcrete.vjp]) {
      expect([...f(logP, d, 2)].map(Number.isNaN)).toEqual([false, false, false, false, true, true]);
      expect(f(logP, d, 2)[0]).toBe(0);
      for (const temperature of limits) expectClose(f(logP.subarray(0, 4), d.subarray(0, 4), 2, { temperature }), [0, 0, 0, 0], 0); // prettier-ignore
      expectClose(f(of([0, 0]), d.subarray(0, 2), 1), [0, 0], 0);
    }
    expect([...expConcrete.vjpTemperature(logP, d, 2)].map(Number.isNaN)).toEqual([false, false, true]);
    for (const temperature of limits) {
      expectClose(expConcrete.vjpTemperature(logP.subarray(0, 4), d.subarray(0, 4), 2, { temperature }), [0, 0], 0);
    }
    const x = of([-Infinity, -Infinity, NaN, 1, Infinity, 1, -Infinity, 3]);
    const dx = logSumExp.vjp(x, of([1, 1, 1, 2]), 2);
    expectClose(dx, [NaN, NaN, NaN, NaN, NaN, NaN, 0, 2], 0);

    const y = of([0, 1, 0.5, NaN]),
      dy = of([3, 3, 3, 3]);
    expectSame(gumbelSigmoid.vjp(y, dy), of([0, 0, 0.75, NaN]));
    expectClose(gumbelSigmoid.vjp(y.subarray(0, 3), dy.subarray(0, 3), { temperature: 0 }), [0, 0, 0], 0);
    const z = of([-Infinity, Infinity, 0.5, NaN]);
    expectClose(logitBinConcrete.vjp(z, dy, o), [0, 0, 4, NaN], 0);
    expectClose(logitBinConcrete.vjp(z, dy, { temperature: 0 }), [0, 0, 0, NaN], 0);
    expectClose(logitBinConcrete.vjpTemperature(z, dy, { temperature: 0.5 }), [0, 0, -3, NaN], 0);
    expectClose(logitBinConcrete.vjpTemperature(of([-Infinity, 2]), of([3, 3]), { temperature: 0 }), [0, 0], 0);
  });

  test('logitBinConcrete: an infinite logit stays, NaN too; +-Infinity at T = 0; 0 at T = Infinity', () => {
    const a = of([-Infinity, Infinity, NaN, 0, 1, -1]);
    for (const temperature of [0, 0.5, 1, Infinity]) {
      const z = logitBinConcrete(KEY, a, { temperature });
      expect([...z.subarray(0, 3)]).toEqual([-Infinity, Infinity, NaN]);
      const rest = [...z.subarray(3)];
      if (temperature === 0) expect(rest.map(Math.abs)).toEqual([Infinity, Infinity, Infinity]);
      else expect(rest.every((v) => Number.isFinite(v) && (v === 0) === (temperature === Infinity))).toBe(true);
      const y = gumbelSigmoid(KEY, a, { temperature });
      expectClose(y, Array.from(z, sigmoid), 4 * dtype.epsilon);
    }
  });

  describe('supportSize', () => {
    test('counts what is above 0', () => {
      for (const n of [...SIZES, 33, 64, 1000, 20_000]) {
        const p = normals(dtype, 3 * n, n).map((v, i) => (i % 5 === 2 ? NaN : i % 7 === 3 ? -0 : v));
        const expected = [0, 1, 2].map((r) => [...p.subarray(r * n, (r + 1) * n)].filter((v) => v > 0).length);
        expectSame(supportSize(p, n), Int32Array.from(expected), `n ${n}`);
        const out = new Int32Array(3);
        expect(supportSize(p, n, { out })).toBe(out);
        expectSame(out, Int32Array.from(expected));
      }
      expectSame(supportSize(of([1e-40, 5e-324, Infinity, -Infinity]), 1), Int32Array.of(1, dtype.round(5e-324) > 0 ? 1 : 0, 1, 0)); // prettier-ignore
    });

    test.each(MAXES)('of $name: n for softmax, fewer where it is sparse, 1 at T = 0', ({ max, alpha, row }) => {
      const n = 60,
        x = normals(dtype, n, 8, 3);
      const support = row([...x], 1).filter((v) => v > 0).length;
      expectSame(supportSize(max(x, n), n), Int32Array.of(support));
      expect(support === n).toBe(alpha === 1);
      expectSame(supportSize(max(x, n, { temperature: 0 }), n), Int32Array.of(1));
    });
  });
});
