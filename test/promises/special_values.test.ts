/** The table of docs/reference/special-values.md, row by row. */
import {
  argmax,
  expConcreteLogProb,
  type Floats,
  gumbelMax,
  gumbelSigmoid,
  hardmax,
  logSoftmax,
  logSumExp,
} from 'anymax';
import { describe, expect, test } from 'vitest';
import { type Dtype, expectClose, expectSame, inEverySetting, normals } from '../support/backends.ts';
import { KEY, MAXES, OPS, type Op, resultLength } from '../tables/maxes.ts';

const { MAX_SAFE_INTEGER } = Number;
/** Around the widths of a vector, of four of them and of a short row. */
const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 100];
const TEMPERATURES = [0, 1e-3, 0.5, 1, 3, Infinity];

/** Ops that give a row of n on the simplex, or its logarithm, and obey the rules of a max. */
const ROWS = OPS.filter(({ gives, name }) => gives === 'row' && name !== 'hardmax' && name !== 'gumbelSigmoid');
const isLog = ({ name }: Op): boolean => name === 'logSoftmax' || name === 'expConcrete';
const op = (name: string): Op => OPS.find((entry) => entry.name === name)!;

/** Three rows of which the middle one is `row`. */
function between(dtype: Dtype, row: ArrayLike<number>): Floats {
  const n = row.length,
    others = normals(dtype, 3 * n, n);
  others.set(row, n);
  return others;
}

function middle<A extends Floats | Int32Array>(rows: A): A {
  return rows.subarray(rows.length / 3, (2 * rows.length) / 3) as A;
}

const filled = (dtype: Dtype, length: number, value: number): Floats => dtype.make(length, () => value);

function oneHot(dtype: Dtype, n: number, at: number, log: boolean): Floats {
  return dtype.make(n, (i) => (log ? (i === at ? 0 : -Infinity) : Number(i === at)));
}

inEverySetting((dtype) => {
  describe('-Infinity is masked', () => {
    const masked = SIZES.filter((n) => n > 1).map((n) => {
      const x = normals(dtype, n, 7 * n);
      for (let i = 0; i < n; i++) if (i % 3 === n % 2) x[i] = -Infinity;
      return x;
    });

    test.each(ROWS)('$name: exactly 0, at every T', (entry) => {
      for (const x of masked) {
        for (const temperature of TEMPERATURES) {
          const y = middle(entry.run(between(dtype, x), x.length, { temperature }));
          for (let i = 0; i < x.length; i++) {
            if (x[i] === -Infinity) expect(y[i]).toBe(isLog(entry) ? -Infinity : 0);
            else expect(y[i]).toBeGreaterThanOrEqual(isLog(entry) ? -Infinity : 0);
          }
        }
      }
    });

    test.each(MAXES)('$name: what is not masked gets the max of the rest', ({ max, row }) => {
      for (const x of masked) {
        const kept = [...x].filter((v) => v > -Infinity);
        for (const temperature of [0.5, 1, 3]) {
          const p = max(x, x.length, { temperature }).filter((_, i) => x[i]! > -Infinity);
          const tolerance = Math.max(16 * dtype.epsilon, 1e-12);
          expectClose(p, row(kept, dtype.round(temperature)), tolerance, `n ${x.length} T ${temperature}`);
        }
      }
    });

    test('gumbelMax never draws it, nor anything out of range', () => {
      for (const x of masked) {
        const n = x.length,
          rows = 200;
        const logits = dtype.make(rows * n, (i) => x[i % n]!);
        for (const temperature of TEMPERATURES) {
          const drawn = new Set(gumbelMax(KEY, logits, n, { temperature }));
          for (const index of drawn) expect(x[index]).toBeGreaterThan(-Infinity);
          if (n < 10 && temperature === Infinity) expect(drawn.size).toBe([...x].filter((v) => v > -Infinity).length);
        }
      }
    });

    test('hardmax and argmax do not choose it; gumbelSigmoid gives 0 for it and 1 for +Infinity', () => {
      for (const x of masked) {
        const at = [...x].indexOf([...x].reduce((a, b) => Math.max(a, b)));
        expect(argmax(x, x.length)[0]).toBe(at);
        expectSame(hardmax(x, x.length), oneHot(dtype, x.length, at, false));
        for (const temperature of TEMPERATURES) {
          const y = gumbelSigmoid(KEY, x, { temperature });
          const ones = gumbelSigmoid(
            KEY,
            x.map((v) => -v),
            { temperature },
          );
          x.forEach((v, i) => v === -Infinity && expect([y[i], ones[i]]).toEqual([0, 1]));
        }
      }
    });

    test('expConcreteLogProb leaves a masked class out; elsewhere a zero has density 0', () => {
      for (const x of masked) {
        const n = x.length,
          logY = logSoftmax(x, n);
        const kept = (values: Floats): Floats => values.filter((_, i) => x[i]! > -Infinity);
        for (const temperature of [0.3, 1]) {
          const [reduced] = expConcreteLogProb(kept(logY), kept(x), kept(x).length, { temperature });
          const [whole] = expConcreteLogProb(logY, x, n, { temperature });
          expect(Math.abs(whole! - reduced!)).toBeLessThanOrEqual(16 * dtype.epsilon * Math.max(1, Math.abs(reduced!)));
          const open = x.map((v) => Math.max(v, -9)); // no logit masked, but samples of -Infinity
          expect(expConcreteLogProb(logY, open, n, { temperature })[0]).toBe(-Infinity);
          const finite = logY.map((v) => Math.max(v, -9)); // masked logits, but samples above 0
          expect(expConcreteLogProb(finite, x, n, { temperature })[0]).toBe(-Infinity);
        }
      }
    });
  });

  test('a row of nothing but -Infinity: NaN row, -Infinity, 0 or -1; its neighbours do not notice', () => {
    for (const n of SIZES) {
      const x = between(dtype, filled(dtype, n, -Infinity));
      const plain = between(dtype, filled(dtype, n, 0));
      for (const entry of OPS.filter(({ name }) => name !== 'gumbelSigmoid')) {
        for (const temperature of entry.temperature === 'all' ? TEMPERATURES : [1]) {
          const options = entry.temperature === 'none' ? {} : { temperature };
          const y = entry.run(x, n, options),
            calm = entry.run(plain, n, options);
          const width = y.length / 3;
          expectSame(y.subarray(0, width), calm.subarray(0, width), entry.name);
          expectSame(y.subarray(2 * width), calm.subarray(2 * width), entry.name);
          if (ROWS.includes(entry)) expectSame(middle(y), filled(dtype, n, NaN), `${entry.name} T ${temperature}`);
        }
      }
      expect(middle(logSumExp(x, n))[0]).toBe(-Infinity);
      expect(middle(argmax(x, n))[0]).toBe(0);
      expectSame(middle(hardmax(x, n)), oneHot(dtype, n, 0, false));
      for (const temperature of TEMPERATURES) expect(middle(gumbelMax(KEY, x, n, { temperature }))[0]).toBe(-1);
      expect(expConcreteLogProb(x, x, n)[1]).toBe(NaN);
    }
  });

  describe('NaN and +Infinity, at every place of a row', () => {
    function* places(): Iterable<{ n: number; at: number; x: (...values: number[]) => Floats }> {
      for (const n of SIZES) {
        for (let at = 0; at < n; at += n < 50 ? 1 : 13) {
          // further values go behind the first, two places on
          const row = (...values: number[]): Floats => {
            const x = normals(dtype, n, n + at);
            values.forEach((v, i) => at + 2 * i < n && (x[at + 2 * i] = v));
            return x;
          };
          yield { n, at, x: row };
        }
      }
    }

    test.each(ROWS)('$name: a NaN row, at every T', (entry) => {
      for (const { n, at, x } of places()) {
        for (const value of [NaN, Infinity]) {
          for (const temperature of TEMPERATURES) {
            const y = middle(entry.run(between(dtype, x(value)), n, { temperature }));
            expectSame(y, filled(dtype, n, NaN), `n ${n} T ${temperature}: ${value} at ${at}`);
          }
        }
      }
    });

    test('gumbelMax: -1 for NaN, the first +Infinity otherwise', () => {
      for (const { n, at, x } of places()) {
        for (const temperature of TEMPERATURES) {
          const draw = (row: Floats): number => middle(gumbelMax(KEY, between(dtype, row), n, { temperature }))[0]!;
          expect(draw(x(NaN))).toBe(-1);
          expect(draw(x(Infinity, Infinity))).toBe(at);
          if (at + 2 < n) expect(draw(x(Infinity, NaN))).toBe(-1);
        }
      }
    });

    test('argmax: the first NaN, or the first +Infinity; hardmax: a NaN row only for NaN', () => {
      for (const { n, at, x } of places()) {
        expect(argmax(x(NaN, NaN), n)[0]).toBe(at);
        expect(argmax(x(Infinity, Infinity), n)[0]).toBe(at);
        if (at + 2 < n) expect(argmax(x(Infinity, NaN), n)[0]).toBe(at + 2);
        expectSame(middle(hardmax(between(dtype, x(NaN)), n)), filled(dtype, n, NaN));
        expectSame(middle(hardmax(between(dtype, x(Infinity, Infinity)), n)), oneHot(dtype, n, at, false));
      }
    });

    test('logSumExp: NaN, +Infinity; expConcreteLogProb: NaN; gumbelSigmoid: NaN where it is, nowhere else', () => {
      for (const { n, at, x } of places()) {
        expect(logSumExp(x(NaN), n)[0]).toBe(NaN);
        expect(logSumExp(x(Infinity), n)[0]).toBe(Infinity);
        if (at + 2 < n) expect(logSumExp(x(Infinity, NaN), n)[0]).toBe(NaN);
        const logY = filled(dtype, n, -Math.log(n));
        expect(expConcreteLogProb(logY, x(NaN), n)[0]).toBe(NaN);
        expect(expConcreteLogProb(logY, x(Infinity), n)[0]).toBe(NaN);
        expect(expConcreteLogProb(x(NaN), logY, n)[0]).toBe(NaN);
        for (const temperature of TEMPERATURES) {
          const expected = gumbelSigmoid(KEY, x(0), { temperature });
          expected[at] = NaN;
          expectSame(gumbelSigmoid(KEY, x(NaN), { temperature }), expected);
        }
      }
    });
  });

  describe('the limits of T, and ties', () => {
    test.each(MAXES)('$name: T = 0 one-hot at the lowest of the greatest, T = Infinity uniform', ({ max }) => {
      for (const n of SIZES) {
        const x = normals(dtype, n, n).map(Math.round); // many ties
        expectSame(max(x, n, { temperature: 0 }), hardmax(x, n), `n ${n}`);
        expectSame(max(x, n, { temperature: -0 }), hardmax(x, n), `n ${n}`);
        // the stated accuracy of the family, as a part of max p: 4 ULP in float32, 1e-12 in float64
        const part = dtype.name === 'float32' ? 4 * dtype.epsilon : 1e-12;
        expectClose(max(x, n, { temperature: Infinity }), filled(dtype, n, 1 / n), part / n, `n ${n}`);
      }
    });

    test('ties go to the lowest index; -0 ties with 0', () => {
      for (const n of SIZES) {
        for (let at = 0; at < n; at += n < 50 ? 1 : 13) {
          for (const [top, low] of [
            [2, 1],
            [0, -1],
          ] as const) {
            const x = dtype.make(n, (i) => (i < at ? low : (i - at) % 2 === 0 ? top : low));
            if (top === 0) x[at] = -0;
            expect(argmax(x, n)[0]).toBe(at);
            expect(gumbelMax(KEY, x, n, { temperature: 0 })[0]).toBe(at);
            expectSame(hardmax(x, n), oneHot(dtype, n, at, false));
            expectSame(logSoftmax(x, n, { temperature: 0 }), oneHot(dtype, n, at, true));
          }
        }
      }
    });

    test('samplers: gumbelMax is argmax at T = 0; relaxed ones are one-hot at T = 0 where gumbelMax draws at T = 1', () => {
      for (const n of SIZES) {
        const x = normals(dtype, 50 * n, n);
        expectSame(gumbelMax(KEY, x, n, { temperature: 0 }), argmax(x, n));
        const drawn = gumbelMax(KEY, x, n);
        for (const entry of ROWS.filter(({ draws }) => draws)) {
          expectSame(argmax(entry.run(x, n, { temperature: 0 }) as Floats, n), drawn, entry.name);
          const flat = entry.run(x, n, { temperature: Infinity });
          const uniform = filled(dtype, 50 * n, isLog(entry) ? -Math.log(n) : 1 / n);
          expectClose(flat, uniform, 4 * dtype.epsilon, entry.name);
        }
        const bits = gumbelSigmoid(KEY, x, { temperature: 0 });
        expectSame(
          bits,
          gumbelSigmoid(KEY, x).map((y) => (y >= 0.5 ? 1 : 0)),
        );
        expectSame(gumbelSigmoid(KEY, x, { temperature: Infinity }), filled(dtype, 50 * n, 0.5));
      }
    });

    test.each(OPS.filter(({ temperature }) => temperature === 'finite'))(
      '$name has no limit: RangeError',
      ({ run }) => {
        const beyond = dtype.name === 'float32' ? [1e-50, 1e39] : []; // 0 and Infinity once rounded to the dtype
        for (const temperature of [0, -0, Infinity, ...beyond]) {
          expect(() => run(dtype.make(6), 3, { temperature })).toThrow(RangeError);
          expect(() => run(dtype.make(6), 3, { temperature })).toThrow(/^temperature /);
        }
      },
    );
  });

  test('n = 1: probability 1, log-probability and density 0', () => {
    for (const temperature of TEMPERATURES) {
      for (const entry of ROWS) {
        expectSame(entry.run(normals(dtype, 5, 3, 20), 1, { temperature }), filled(dtype, 5, isLog(entry) ? 0 : 1));
      }
      expectSame(gumbelMax(KEY, normals(dtype, 5, 3), 1, { temperature }), new Int32Array(5));
    }
    expectSame(hardmax(normals(dtype, 5, 3), 1), filled(dtype, 5, 1));
    expectSame(logSumExp(normals(dtype, 5, 3), 1), normals(dtype, 5, 3));
    for (const temperature of [0.1, 1, 10]) {
      const density = op('expConcreteLogProb').run(normals(dtype, 5, 4, 20), 1, { temperature });
      expectClose(density, filled(dtype, 5, 0), 0);
    }
  });

  test.each(OPS)('$name: an empty array gives an empty result, whatever n', (entry) => {
    for (const n of [1, 7, 2 ** 32, MAX_SAFE_INTEGER]) {
      expect(entry.run(dtype.make(0), n).length).toBe(resultLength(entry, 0, n));
    }
  });
});
