/** Losses with a temperature and with ignored rows, their gradients, and the gradients of entropies, against the definitions. */
import { entmax, entmax15, type Floats, logSoftmax, logSumExp, type Max, softmax, sparsemax } from 'anymax';
import { describe, expect, test } from 'vitest';
import { expectClose, expectSame, F64, inEverySetting, normals } from '../support/backends.ts';
import { MAXES, type MaxRow, WAYS } from '../tables/maxes.ts';
import { dot, fenchelYoung, jacobian, rightSlope, slope, tsallis } from '../oracles/definitions.ts';

const numbers = (length: number, seed: number): number[] => Array.from(normals(F64, length, seed));
const oneHot = (n: number, at: number): number[] => Array.from({ length: n }, (_, i) => Number(i === at));

/** The loss of one row by its definition. */
const lossOf = ({ row, alpha }: MaxRow, x: readonly number[], y: readonly number[], t: number): number =>
  fenchelYoung(
    row(x, t),
    x.map((v) => v / t),
    y,
    alpha,
  );

inEverySetting((dtype) => {
  const of = (values: readonly number[]): Floats => dtype.make(values.length, (i) => values[i]!);
  const single = dtype.name === 'float32';

  describe.each(MAXES)('$name', (way) => {
    const { max, alpha } = way;

    test('loss is that of x / T, loss.vjp its slope, lossGradient loss.vjp of ones', () => {
      for (const n of [1, 2, 3, 7, 19]) {
        for (const temperature of [0.3, 1, 2.5]) {
          const t = dtype.round(temperature);
          const x = [...of(numbers(n, n))],
            soft = [...softmax(of(numbers(n, n + 1)), n)],
            at = n >> 1;
          for (const [target, y] of [
            [Int32Array.of(at), oneHot(n, at)],
            [of(soft), soft],
          ] as [Int32Array & Floats, number[]][]) {
            const label = `n ${n} T ${temperature}`;
            const value = max.loss(of(x), target, n, { temperature })[0]!,
              exact = lossOf(way, x, y, t);
            expect(Math.abs(value - exact), label).toBeLessThan((single ? 1e-6 : 1e-12) * (1 + exact));
            const dx = max.loss.vjp(of(x), target, of([-1.5]), n, { temperature });
            const p = way.row(x, t);
            const expected = p.map((v, i) => (-1.5 * (v - y[i]!)) / t);
            expectClose(dx, expected, single ? 2e-6 : 1e-9, label);
            const bySlopes = x.map(
              (_, i) =>
              slope((h) => -1.5 * lossOf(way, x.map((v, k) => (k === i ? v + h : v)), y, t)), // prettier-ignore
            );
            // the second derivative of the sparse ones jumps where the support changes
            expectClose(dx, bySlopes, alpha < 1.5 ? 1e-5 : 5e-3, label);
            const ones = max.loss.vjp(of(x), target, of([1]), n, { temperature });
            expectSame(max.lossGradient(of(x), target, n, { temperature }), ones, label);
          }
        }
      }
    });

    test('rows of the ignored index: loss 0 and gradient 0, whatever is in them; the others as without', () => {
      const n = 5,
        x = normals(dtype, 4 * n, 1),
        d = of([1, 2, NaN, 4]);
      x[2 * n] = NaN;
      for (const ignoreIndex of [-100, 3, -1]) {
        const target = Int32Array.of(0, ignoreIndex, ignoreIndex, 4),
          plain = Int32Array.of(0, 0, 0, 4);
        const rest = (values: Floats, width: number): Floats =>
          values.map((v, i) => (Math.floor(i / width) % 3 === 0 ? v : 0));
        const o = { temperature: 0.5, ignoreIndex };
        const without = { temperature: 0.5 };
        expectSame(max.loss(x, target, n, o), rest(max.loss(x, plain, n, without), 1));
        expectSame(max.loss.vjp(x, target, d, n, o), rest(max.loss.vjp(x, plain, d, n, without), n));
        expectSame(max.lossGradient(x, target, n, o), rest(max.lossGradient(x, plain, n, without), n));
      }
    });

    test('what overflows before the division by T does not', () => {
      const b = single ? 3e38 : 1.5e308;
      const [value] = max.loss(of([b, -b]), Int32Array.of(1), 2, { temperature: b });
      const exact = lossOf(way, [1, -1], [0, 1], 1);
      expectClose(of([value!]), [exact], single ? 1e-6 : 1e-12);
      const [far] = max.loss(of([b, b]), Int32Array.of(1), 2, { temperature: 1e-3 });
      expectClose(of([far!]), [lossOf(way, [0, 0], [0, 1], 1)], single ? 1e-6 : 1e-12);
    });

    test('entropy.vjp is the slope, also off the simplex', () => {
      for (const n of [1, 2, 3, 7, 19]) {
        for (const scale of [1, 0.25, 3]) {
          const p = [...of([...softmax(of(numbers(n, n)), n)].map((v) => scale * v))];
          const dH = max.entropy.vjp(of(p), of([-1.5]), n);
          const bySlopes = p.map(
            (v, i) =>
            slope((h) => -1.5 * tsallis(p.map((w, k) => (k === i ? w + h : w)), alpha), 1e-3 * v), // prettier-ignore
          );
          expectClose(dH, bySlopes, single ? 3e-6 : 1e-7, `n ${n}`);
        }
      }
    });

    test('entropy.vjp at 0: the limit; 0 where d is; NaN for NaN and what is negative', () => {
      const p = of([0, 1, 0, 1, NaN, -1]);
      const dH = max.entropy.vjp(p, of([2, 0, 1]), 2);
      const limit = alpha === 1 ? Infinity : 2 / (alpha * (alpha - 1));
      if (alpha >= 1.5) expect(Math.abs(2 * rightSlope((h) => tsallis([h], alpha), 1e-9) - limit)).toBeLessThan(1e-2 * limit); // prettier-ignore
      expectClose(dH, [limit, -2 / alpha, 0, 0, NaN, NaN], single ? 1e-5 : 1e-12);
      // behind the vjp of the max, what is masked has none
      const x = of([0, -Infinity, 1]),
        q = max(x, 3);
      const dx = max.vjp(q, max.entropy.vjp(q, of([1]), 3), 3);
      expect(dx[1]).toBe(0);
      expectClose(dx, [-dx[2]!, 0, dx[2]!], 1e-6);
    });
  });

  test('softmax.loss of soft targets plus their entropy is the cross-entropy -sum y log p', () => {
    const x = normals(dtype, 12, 2),
      y = softmax(normals(dtype, 12, 3), 4);
    const logP = logSoftmax(x, 4),
      loss = softmax.loss(x, y, 4),
      entropy = softmax.entropy(y, 4);
    for (let r = 0; r < 3; r++) {
      const part = [4 * r, 4 * r + 4] as const;
      expectClose(of([loss[r]! + entropy[r]!]), [-dot([...y.subarray(...part)], [...logP.subarray(...part)])], single ? 1e-6 : 1e-13); // prettier-ignore
    }
  });

  test('targets off the simplex at a temperature', () => {
    const x = [1, -2, 0.5],
      y = [0.5, 0.1, 0.7],
      temperature = 0.5;
    for (const way of WAYS) {
      const [value] = way.max.loss(of(x), of(y), 3, { temperature });
      expectClose(of([value!]), [lossOf(way, x, [...of(y)], temperature)], single ? 1e-6 : 1e-12, way.name);
    }
  });

  test('the Jacobian: loss.vjp through the output is the rows of diag and outer products', () => {
    const x = [...of(numbers(5, 9))],
      temperature = 0.5;
    for (const { max, row, alpha, name } of WAYS) {
      // the Hessian of the loss is the Jacobian of the max over T
      const J = jacobian(row(x, temperature), alpha, temperature);
      for (let i = 0; i < 5; i++) {
        const by = (h: number): number[] =>
          Array.from(max.lossGradient(Float64Array.from(x, (v, k) => v + (k === i ? h : 0)), Int32Array.of(0), 5, { temperature })); // prettier-ignore
        const column = x.map((_, k) => (by(1e-5)[k]! - by(-1e-5)[k]!) / 2e-5);
        expectClose(Float64Array.from(column), J.map((r) => r[i]! / temperature), 1e-4, name); // prettier-ignore
      }
    }
  });

  test('logSoftmax.vjpTemperature and logSumExp.vjpTemperature are the slopes', () => {
    for (const n of [1, 2, 7, 40]) {
      const x = [...of(numbers(n, n))],
        d = [...of(numbers(n, n + 1))],
        temperature = 0.75;
      const lse = (t: number): number => Math.log(x.reduce((s, v) => s + Math.exp(v / t), 0));
      const logP = logSoftmax(of(x), n, { temperature });
      const got = logSoftmax.vjpTemperature(logP, of(d), n, { temperature });
      const at = (h: number): number => dot(d, x.map((v) => v / (temperature + h) - lse(temperature + h))); // prettier-ignore
      expectClose(got, [slope(at)], (single ? 2e-5 : 1e-8) * n, `n ${n}`);
      const total = logSumExp.vjpTemperature(of([...x, -Infinity]), of([-1.5]), n + 1, { temperature });
      expectClose(total, [slope((h) => -1.5 * lse(temperature + h))], (single ? 1e-5 : 1e-8) * n, `n ${n}`);
    }
    const limits = logSumExp.vjpTemperature(of([NaN, 1, Infinity, 1, -Infinity, 3]), of([1, 1, 1]), 2);
    expectClose(limits, [NaN, NaN, -3], 0);
  });
});

test.each([softmax, sparsemax, entmax15, entmax(3)])('wrong options of %o', (max: Max) => {
  const x = Float32Array.of(1, 2),
    target = Int32Array.of(0),
    d = Float32Array.of(1),
    out = Float32Array.of(7);
  const calls = [
    (o: object) => max.loss(x, target, 2, { ...o, out }),
    (o: object) => max.loss.vjp(x, target, d, 2, o),
    (o: object) => max.lossGradient(x, target, 2, o),
  ];
  for (const call of calls) {
    for (const temperature of [0, Infinity, -1, NaN, 1e-46])
      expect(() => call({ temperature })).toThrow(/^temperature/);
    expect(() => call({ temperature: '1' })).toThrow(TypeError);
    for (const ignoreIndex of [0.5, 2 ** 31, NaN]) {
      expect(() => call({ ignoreIndex })).toThrow(RangeError);
      expect(() => call({ ignoreIndex })).toThrow(/^ignoreIndex/);
    }
    expect(() => call({ ignoreIndex: '0' })).toThrow(/^ignoreIndex must be a number/);
    expect(() => call({ ignore: 0 })).toThrow(/unknown name 'ignore'/);
  }
  expect(() => max.loss(x, x, 2, { ignoreIndex: 0 })).toThrow(/^ignoreIndex is for a target of class indices/);
  expect(() => max.loss.vjp(x, target, x, 2)).toThrow(/^dLoss has length 2, expected 1/);
  expect(() => max.loss.vjp(x, target, Float64Array.of(1) as never, 2)).toThrow(/^dLoss must be a Float32Array/);
  expect(() => max.entropy.vjp(x, x, 2)).toThrow(/^d has length 2, expected 1/);
  expect([...out]).toEqual([7]);
});
