/** Gradients of maxes where terms cancel or overflow: a row sums to 0, and the winner's entry is as right as the others'. */
import { entmax, type Floats, gumbelSoftmax, key, softmax, sparsemax } from 'anymax';
import { describe, expect, test } from 'vitest';
import { expectClose, inEverySetting, normals } from '../support/backends.ts';
import { MAXES } from '../tables/maxes.ts';
import { exactVjp } from '../oracles/exact.ts';
import { sum } from '../oracles/numeric.ts';

inEverySetting((dtype) => {
  const of = (...values: number[]): Floats => dtype.make(values.length, (i) => values[i]!);
  const single = dtype.name === 'float32';
  const most = (values: Iterable<number>): number => Math.max(...[...values].map(Math.abs));
  const greatest = single ? 3e38 : 1.5e308;

  test('softmax.vjp beside a dominant class', () => {
    const p = softmax(of(18, 0), 2);
    const both = p[0]! * p[1]!;
    expectClose(softmax.vjp(p, of(1, 0), 2), [both, -both], 4 * dtype.epsilon * both);
  });

  describe.each(MAXES)('$name', ({ max, alpha }) => {
    test.each([2, 3, 10, 33, 100])('vjp: each entry, and the sum of a row, n = %i', (n) => {
      for (const [gap, T] of [
        [0, 1],
        [3, 0.1],
        [18, 1],
        [30, 0.5],
        [80, 1],
      ] as const) {
        // prettier-ignore
        for (const offset of [0, 1e4]) {
          const x = normals(dtype, n, n + gap);
          x[n >> 1] = gap;
          const p = max(x, n, { temperature: T }),
            dp = normals(dtype, n, n + 1).map((v) => v + offset);
          const dx = max.vjp(p, dp, n, { temperature: T });
          const { exact, term } = exactVjp([...p], [...dp], alpha, T);
          const label = `n ${n}, gap ${gap}, T ${T}, offset ${offset}`;
          expectClose(dx, exact, 8 * dtype.epsilon * term, label);
          const total = [...dx].reduce((a, b) => a + b, 0);
          expect(Math.abs(total), label).toBeLessThanOrEqual((4 + n / 16) * dtype.epsilon * most(dx));
        }
      }
    });

    test('vjpTemperature of nearly equal p is as right as its terms', () => {
      const n = 257;
      const shares = Array.from({ length: n }, (_, i) => 1 + 0.3 * Math.sin(7 * i)),
        total = shares.reduce((a, b) => a + b);
      const p = dtype.make(n, (i) => shares[i]! / total),
        dp = normals(dtype, n, 3);
      const s = [...p].map((v) => (v * n) ** (2 - alpha)),
        mean = sum(s.map((v, i) => v * dp[i]!)) / sum(s);
      const terms = [...p].map((v, i) => (alpha === 1 ? v * Math.log(v * n) : v / (alpha - 1)) * (dp[i]! - mean));
      const bound = 16 * dtype.epsilon * sum(terms.map(Math.abs)) * (alpha < 1.5 ? Math.log(n) : 1);
      expectClose(max.vjpTemperature(p, dp, n), [-sum(terms)], bound);
    });

    test('vjp of what overflows on the way', () => {
      for (const n of [2, 33, 100]) {
        const p = max(normals(dtype, n, n), n);
        const same = dtype.make(n, () => greatest);
        expectClose(max.vjp(p, same, n), dtype.make(n), 0, `n ${n}`);
        const unit = normals(dtype, n, 2 * n).map((v) => Math.max(-1, Math.min(1, v)));
        const huge = unit.map((v) => v * greatest);
        const expected = max.vjp(p, huge.map((v) => v * 2 ** -40), n).map((v) => v * 2 ** 40); // prettier-ignore
        expectClose(max.vjp(p, huge, n), expected, 16 * dtype.epsilon * most(expected), `n ${n}`);
      }
    });
  });

  test('softmax.vjp: the difference of the gradients overflows, the result does not', () => {
    const e = single ? 2 ** -20 : 2 ** -40;
    const dx = softmax.vjp(of(1 - e, e), of(-greatest, greatest), 2);
    const exact = 2 * e * (1 - e) * greatest;
    expectClose(dx, [-exact, exact], 8 * dtype.epsilon * exact);
    expectClose(sparsemax.vjp(dtype.make(40, () => 1 / 40), dtype.make(40, () => greatest), 40), dtype.make(40), 0); // prettier-ignore
  });

  test('gumbelSoftmax.vjp, T = .1: the winner balances the losers in every row', () => {
    const n = 10,
      rows = 500,
      o = { temperature: 0.1 };
    const y = gumbelSoftmax(key(3), dtype.make(rows * n), n, o),
      dy = normals(dtype, rows * n, 5);
    const dx = gumbelSoftmax.vjp(y, dy, n, o);
    for (let r = 0; r < rows; r++) {
      const row = [...dx.subarray(r * n, (r + 1) * n)];
      expect(Math.abs(row.reduce((a, b) => a + b)), `row ${r}`).toBeLessThanOrEqual(4 * dtype.epsilon * most(row));
    }
  });

  // s = p^(2 - alpha) is exp((2 - alpha) log p): a power of size 10^k takes 2.3 k roundings
  test.each([2.5, 10, 50, 1000])('entmax(%d).vjp of a class with next to nothing', (alpha) => {
    for (const least of [1e-3, 1e-7, 1e-30].map(dtype.round)) {
      const check = (got: Floats, { exact, term }: ReturnType<typeof exactVjp>): void =>
        expectClose(got, exact.map(dtype.round), (8 + 2 * Math.abs(Math.log(term))) * dtype.epsilon * term, `p ${least}`); // prettier-ignore
      const two = of(1 - least, least),
        three = of(0.5, 0.5 - least, least),
        dp = [0.5, -1, 3];
      check(entmax(alpha).vjp(two, of(1, 0), 2), exactVjp([...two], [1, 0], alpha, 1));
      check(entmax(alpha).vjp(three, of(...dp), 3), exactVjp([...three], dp, alpha, 1));
    }
  });

  test('what underflows is 0, in float64 with its sign', () => {
    const [small, temperature] = single ? [1e-20, 1e30] : [1e-200, 1e200];
    expect(softmax.vjp(of(0.5, 0.5), of(small, -small), 2, { temperature })).toEqual(of(0, single ? 0 : -0));
  });

  test('T of which 1 / T overflows, and T = 2^120', () => {
    const p = of(0.75, 0.25),
      dp = of(1, 0);
    for (const temperature of [2 ** -120, 2 ** 120, single ? 2 ** -149 : 2 ** -1070].map(dtype.round)) {
      const exact = dtype.round(0.1875 / temperature);
      expectClose(softmax.vjp(p, dp, 2, { temperature }), [exact, -exact], 2 * dtype.epsilon * exact);
    }
  });
});
