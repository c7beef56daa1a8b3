/** Ops whose way leads out of the range where their result is within it: x - max, -0, scores of top-k, sums beside a winner. */
import { categorical, entmax15, expConcrete, exponentialRace, type Floats, gumbelMax, gumbelSigmoid } from 'anymax';
import { gumbelSoftmax, gumbelTopK, key, logitBinConcrete, logSoftmax, logSumExp, softmax, sparsemax } from 'anymax';
import { describe, expect, test } from 'vitest';
import { expectClose, expectSame, inEverySetting, normals } from '../support/backends.ts';

inEverySetting((dtype) => {
  const of = (...values: number[]): Floats => dtype.make(values.length, (i) => values[i]!);
  const single = dtype.name === 'float32';
  const B = single ? Math.fround(3e38) : 1.5e308;
  const share = 1 / (1 + Math.exp(-2));
  const close = (actual: Floats, expected: number[]): void =>
    actual.forEach((v, i) => expectClose(of(v), of(expected[i]!), 8 * dtype.epsilon * Math.abs(expected[i]!)));

  describe('x - max beyond the range', () => {
    const x = of(B, -B),
      o = { temperature: B };

    test('softmax, its logarithms, and relaxed samples, whose noise is nothing beside T', () => {
      close(softmax(x, 2, o), [share, 1 - share]);
      close(logSoftmax(x, 2, o), [Math.log(share), Math.log(share) - 2]);
      close(logSumExp(x, 2, o), [1 - Math.log(share)]);
      close(gumbelSoftmax(key(1), x, 2, o), [share, 1 - share]);
      close(expConcrete(key(1), x, 2, o), [Math.log(share), Math.log(share) - 2]);
      close(logSoftmax(of(B, -B), 2, { temperature: 10 }), [0, single ? -6e37 : -3e307]);
    });

    test('a row and T times a power of two are the same to every max', () => {
      for (const n of [2, 7, 33, 100]) {
        const small = normals(dtype, n, n).map((v, i) =>
          i === 0 ? 1.5 : i === 1 ? -1.5 : Math.max(-1.4, Math.min(1.4, v)),
        );
        const factor = single ? 2 ** 127 : 2 ** 1023,
          large = small.map((v) => v * factor);
        for (const T of [0.75, 1.5]) {
          for (const max of [softmax, sparsemax, entmax15, logSoftmax]) {
            const expected = max(small, n, { temperature: T }),
              actual = max(large, n, { temperature: T * factor });
            expected.forEach((v, i) =>
              expectClose(
                of(actual[i]!),
                of(v),
                20 * dtype.epsilon * Math.max(Math.abs(v), max === logSoftmax ? 1 : 0.1),
              ),
            );
          }
        }
      }
    });

    // 20000 draws: 4.9 standard deviations, a false alarm in 1e-6; the share of x - max at the end of the range is 0.756
    test('draws, few and many, have the shares of softmax', () => {
      const rows = 20_000,
        many = dtype.make(2 * rows, (i) => x[i % 2]!);
      const shareOf = (draws: Int32Array): number => draws.filter((c) => c === 0).length / draws.length;
      for (const draws of [
        gumbelMax(key(3), many, 2, o),
        categorical(key(3), many, 2, o),
        categorical(key(3), x, 2, { ...o, draws: rows }),
      ])
        expect(Math.abs(shareOf(draws) - share)).toBeLessThan(4.9 * Math.sqrt((share * (1 - share)) / rows));
      const wide = dtype.make(300 * 4, (i) => (i % 300 === 7 ? B : -B));
      for (const index of categorical(key(1), wide, 300, { temperature: B / 60 })) expect(index).toBe(7);
    });
  });

  test('T = -0 is 0', () => {
    const x = of(1, 2, 3, -1);
    for (const run of [
      (temperature: number) => gumbelSigmoid(key(1), x, { temperature }),
      (temperature: number) => logitBinConcrete(key(1), x, { temperature }),
      (temperature: number) => softmax(x, 2, { temperature }),
      (temperature: number) => logSoftmax(x, 2, { temperature }),
      (temperature: number) => gumbelSoftmax(key(1), x, 2, { temperature }),
      (temperature: number) => gumbelMax(key(1), x, 2, { temperature }),
      (temperature: number) => gumbelTopK(key(1), x, 2, 2, { temperature }),
      (temperature: number) => categorical(key(1), x, 2, { temperature }),
    ])
      expectSame(run(-0), run(0));
  });

  test('a weight of -0 is 0', () => {
    for (let i = 0; i < 50; i++) {
      expect([...exponentialRace(key(i), of(-0, 1, 0), 3)]).toEqual([1]);
      expect([...exponentialRace(key(i), of(-0, -0, 0), 3)]).toEqual([-1]);
    }
  });

  test('top-k: what is finite before what is not, by logit where the scores leave the range', () => {
    const least = single ? -3.4028234663852886e38 : -1.7976931348623157e308;
    expect([...gumbelTopK(key(1), of(-0.03, least, 0, least), 4, 4, { temperature: 0.7 })]).toEqual([2, 0, 1, 3]);
    const tiny = single ? 1e-37 : 1e-307;
    expect([...gumbelTopK(key(1), of(-90, 90, 0), 3, 3, { temperature: tiny })]).toEqual([1, 2, 0]);
    expect([...gumbelTopK(key(1), of(0, -Infinity, least, 90), 4, 4, { temperature: tiny })]).toEqual([3, 0, 2, -1]);
    for (const n of [40, 200]) {
      const x = dtype.make(n, (i) => (i % 3 === 0 ? -Infinity : -90 * i));
      const drawn = [...gumbelTopK(key(1), x, n, n, { temperature: tiny })];
      const finite = [...x.keys()].filter((i) => i % 3 !== 0);
      expect(drawn).toEqual([...finite, ...Array(n - finite.length).fill(-1)]);
    }
  });

  test('top-k is the order of all scores, in the bits of gumbelMax', () => {
    for (const n of [33, 64, 65, 1000, 4099]) {
      for (const temperature of [1, 0.5, 3, Infinity]) {
        const x = normals(dtype, n, n, 3).map((v, i) => (i % 7 === 0 ? -Infinity : v));
        const k = Math.min(n, 50);
        const taken = x.slice(),
          expected: number[] = [];
        for (let j = 0; j < k; j++) {
          const [index] = gumbelMax(key(5), taken, n, { temperature });
          expected.push(index!);
          // the maximum stays what it was, so that the other scores do
          if (taken[index!] !== Math.max(...x) || temperature === Infinity) taken[index!] = -Infinity;
          else break;
        }
        const drawn = gumbelTopK(key(5), x, n, k, { temperature });
        expect([...drawn.subarray(0, expected.length)]).toEqual(expected);
      }
    }
  });

  test('logSumExp and logSoftmax beside a winner: relative', () => {
    for (const gap of [20, 40, 60, ...(single ? [] : [100, 300, 690])]) {
      const rest = Math.log1p(Math.exp(-gap));
      for (const n of [2, 20, 40, 200]) {
        const x = dtype.make(n, (i) => (i === n - 1 ? 0 : i === 0 ? -gap : -Infinity));
        const label = `gap ${gap}, n ${n}`;
        expectClose(logSumExp(x, n), of(rest), 8 * dtype.epsilon * rest, label);
        expectClose(logSoftmax(x, n).slice(-1), of(-rest), 8 * dtype.epsilon * rest, label);
      }
    }
    expectClose(logSumExp(of(0, -40), 2), of(4.248354255291589e-18), 8 * dtype.epsilon * 4.3e-18);
  });
});
