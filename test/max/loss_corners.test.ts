/** Losses and their gradients where they are near 0 or leave the range, against 200-bit arithmetic; the gradient of log-softmax. */
import { entmax, entmax15, logSoftmax, softmax, sparsemax } from 'anymax';
import { expect, test } from 'vitest';
import { type Dtype, inEverySetting } from '../support/backends.ts';
import { type Big, big, expm1, log, minus, number, over, plus, size, sum, times, zero } from '../oracles/big.ts'; // prettier-ignore
import { exactSoftmax, lossGradientValues, lossValues } from '../oracles/exact_rows.ts';

const I = (...at: number[]): Int32Array => Int32Array.from(at);
const GAPS = [0, 1e-9, 0.1, 0.7, 1, 3.3, 10, 30, 30.3, 37, 60.7, 100, 333.3, 700, 800];

/** In ULP of the exact value, in the dtype; where that is below what the dtype holds as normal numbers, in its least ones. */
function ulps(dtype: Dtype, got: number, exact: Big): number {
  const least = dtype.name === 'float32' ? 2 ** -126 : 2 ** -1022;
  const unit = times(big(dtype.epsilon), big(Math.max(Math.abs(number(exact)), least)));
  return number(over(size(minus(big(got), exact)), unit));
}

inEverySetting((dtype) => {
  const of = (...x: number[]) => dtype.make(x.length, (i) => x[i]!);

  test('softmax: the loss and its gradient at a class are right relative to themselves', () => {
    const deep = dtype.epsilon > 1e-10 ? 86 : 700.1;
    for (const gap of GAPS) {
      for (const row of [
        [0, -gap],
        [5, 5 - gap, 5 - gap],
        [0, 0, -gap],
        [-gap, 2, 2, -1, 2 - gap],
        [1, ...Array<number>(40).fill(1 - gap)],
      ]) {
        // prettier-ignore
        const x = of(...row),
          n = row.length;
        for (let y = 0; y < Math.min(n, 5); y++) {
          const [got] = softmax.loss(x, I(y), n),
            [exact] = lossValues([...x], y, 1);
          // what is below 2^-1022 of the greatest, 2^-125 of float32, may be 0
          if (gap < deep || number(exact!.value as Big) > 1e-3) {
            expect(ulps(dtype, got!, exact!.value as Big), `loss ${row} at ${y}: ${got}`).toBeLessThanOrEqual(4);
          }
          const gradient = softmax.lossGradient(x, I(y), n);
          lossGradientValues([...x], y, 1).forEach(({ value }, i) => {
            if (gap < deep) {
              expect(ulps(dtype, gradient[i]!, value as Big), `gradient ${row} at ${y}`).toBeLessThanOrEqual(8);
            }
          });
        }
      }
    }
  });

  test('softmax: targets near p, one-hot, and with classes of 0', () => {
    for (const step of [0, 1e-12, 1e-7, 1e-3, 0.1, 0.5]) {
      for (const row of [
        [0, 0],
        [0, -1, 2],
        [0, -30],
        [3, 3, -20, 1],
        [0, -300, -1],
      ]) {
        const n = row.length,
          p = exactSoftmax([...of(...row)], 1);
        const moved = p.p.map((v, i) => number(v) * (1 + (i === 0 ? -step : step))),
          total = moved.reduce((a, b) => a + b);
        const targets = [
          moved.map((v) => v / total),
          row.map((_, i) => Number(i === 0)),
          row.map((_, i) => (i < 2 ? 0.5 : 0)),
        ];
        for (const target of targets) {
          const y = of(...target),
            [got] = softmax.loss(of(...row), y, n);
          // the divergence of y from p in terms that are not negative, and what an error of eps (1 + |log p|) in t makes of it
          let exact = zero,
            slack = 0;
          for (let i = 0; i < n; i++) {
            const q = big(y[i]!);
            const t = q.m === 0n ? zero : minus(p.logP[i]!, log(q));
            exact = plus(exact, q.m === 0n ? p.p[i]! : times(q, minus(expm1(t), t)));
            const d = 4 * 2 ** -52 * (1 + Math.abs(number(p.logP[i]!)));
            slack += Math.abs(number(minus(p.p[i]!, q))) * d + y[i]! * d * d;
          }
          // what the sum of y lacks to 1, as the definition has it, and the rounding of that sum; in f64 it counts for nothing
          const excess = minus(big(1), sum([...y].map(big))),
            by = minus(plus(p.max, p.logTotal), big(1)),
            more = times(by, excess);
          if (dtype.name === 'float32') exact = plus(exact, more);
          const least = Math.max(0, number(exact)),
            error = Math.abs(got! - least);
          const bound =
            slack + 2 * dtype.epsilon * least + 2 ** -52 * Math.abs(number(by)) * (dtype.name === 'float32' ? 1 : 0);
          expect(got, `${row} at ${[...y]}`).toBeGreaterThanOrEqual(0);
          expect(error, `${row} at ${[...y]}: ${got}`).toBeLessThanOrEqual(bound);
        }
      }
    }
    expect([...softmax.loss(of(3, 3), of(0.5, 0.5), 2)]).toEqual([0]);
  });

  test('softmax: special values', () => {
    expect([...softmax.loss(of(0, -Infinity), of(0.5, 0.5), 2)]).toEqual([Infinity]);
    expect([...softmax.loss(of(0, -Infinity), of(1, 0), 2)]).toEqual([0]);
    expect([...softmax.loss(of(0, -Infinity), I(1), 2)]).toEqual([Infinity]);
    for (const y of [of(NaN, 1), of(-0.5, 1.5)]) expect([...softmax.loss(of(0, -1), y, 2)]).toEqual([NaN]);
    expect([...softmax.loss(of(0, NaN), of(1, 0), 2)]).toEqual([NaN]);
    const least = dtype.name === 'float32' ? 2 ** -149 : 5e-324;
    expect(softmax.loss(of(0, -5), of(least, 1), 2)[0]).toBeCloseTo(5.006715348489118, 5);
  });

  test('every max: an infinite loss, an index outside [0, n), a loss of exactly 0', () => {
    const most = dtype.name === 'float32' ? 3e38 : 1.5e308;
    for (const max of [softmax, sparsemax, entmax15, entmax(1.3), entmax(3), entmax(1)]) {
      const name = `${max.alpha}`;
      expect([...max.loss(of(most, -most), I(1), 2)], name).toEqual([Infinity]);
      expect([...max.loss(of(most, -most), I(0), 2)], name).toEqual([0]);
      expect([...max.loss(of(1, 2, 1, 2), I(-1, 2), 2)], name).toEqual([NaN, NaN]);
      expect([...max.lossGradient(of(1, 2, 1, 2), I(-1, 2), 2)], name).toEqual([NaN, NaN, NaN, NaN]);
    }
    for (const max of [sparsemax, entmax15, entmax(3)]) {
      for (const gap of [0.4, 0.49, 0.5, 0.9, 0.999, 1, 1.5, 1.999, 2, 4]) {
        const [loss] = max.loss(of(gap, 0), I(0), 2);
        expect(loss).toBeGreaterThanOrEqual(0);
        if (gap >= 1 / (max.alpha - 1)) expect(loss).toBe(0);
      }
    }
  });

  test('logSoftmax.vjp: sums and differences that leave the range', () => {
    const most = dtype.name === 'float32' ? 3e37 : 1e307;
    for (const n of [2, 33, 100]) {
      const logP = logSoftmax(dtype.make(n), n);
      const equal = logSoftmax.vjp(
        logP,
        dtype.make(n, () => most),
        n,
      );
      for (const v of equal) expect(Math.abs(v) / most, `n ${n}`).toBeLessThan(n * dtype.epsilon);
      const some = dtype.make(n, (i) => (i % 3) * most),
        mean = [...some].reduce((a, b) => a + b / n, 0);
      logSoftmax.vjp(logP, some, n, { temperature: 4 }).forEach((v, i) => {
        expect(Math.abs(v - (some[i]! - mean) / 4) / most, `n ${n}`).toBeLessThan(n * dtype.epsilon);
      });
    }
  });
});
