/** What is small keeps its digits: beside a dominant class, and between distributions that are nearly or exactly equal. */
import {
  analyticElboTerm,
  Bernoulli,
  binaryAnalyticElboTerm,
  BinConcrete,
  Categorical,
  type Floats,
  klDivergence,
  LogitBinConcrete,
  semiSupervisedMarginal,
  semiSupervisedSampled,
} from 'anymax';
import { describe, expect, test } from 'vitest';
import { expectSame, F64, inEverySetting, normals, onBothBackends } from '../support/backends.ts';
import { exp, number, type Big } from '../oracles/big.ts';
import { klOfLaws } from '../oracles/exact_laws.ts';
import { exactSoftmax, klOfLogits, shannonOfLogits } from '../oracles/exact_rows.ts';
import { generator } from '../tables/kernels.ts';
import { LAWS } from '../tables/laws.ts';

type Row = readonly number[];
const logSoftmax = (logits: Row): Big[] => exactSoftmax(logits, 1).logP.map((l) => l!);
const entropy = (logits: Row): Big => shannonOfLogits(logits).value as Big;
const klOfClasses = (a: Row, b: Row): Big => klOfLogits(a, b).value as Big;

const EPSILONS = [1, 1e-3, 1e-7, 1e-9, 1e-12, 3e-15];
const f64 = (...v: number[]): Float64Array => Float64Array.from(v);

/** The greatest relative error, in units of 2^-53. */
function worstOf(name: string, bound: number, pairs: readonly (readonly [number, number])[], unit = 2 ** -53): void {
  let worst = 0;
  for (const [got, exact] of pairs) {
    const error = got === exact ? 0 : Math.abs(got / exact - 1) / unit;
    expect(got, `${exact}`).toBeGreaterThanOrEqual(0);
    worst = Math.max(worst, error);
  }
  console.log(`${name}: greatest relative error ${worst.toFixed(2)} x 2^${Math.log2(unit)}, bound ${bound}`);
  expect(worst, name).toBeLessThan(bound);
}

onBothBackends(() => {
  describe('divergences', () => {
    test.each(['Normal', 'Gumbel', 'Logistic'] as const)('%s: nearly equal, equal and far', (name) => {
      const { make } = LAWS.find((entry) => entry.name === name)!;
      const kl = (p: readonly [number, number], q: readonly [number, number]): number =>
        klDivergence(make(f64(p[0]), p[1]), make(f64(q[0]), q[1]))[0]!;
      const random = generator(1);
      const pairs: [number, number][] = [];
      for (const e of EPSILONS) {
        for (let i = 0; i < 12; i++) {
          const q = [4 * random() - 2, 0.5 + random()] as const;
          const [dl, ds] = [e * (2 * random() - 1), name === 'Logistic' ? 0 : e * (2 * random() - 1) * q[1]];
          for (const p of [
            [q[0] + dl, q[1] + ds],
            [q[0] + dl, q[1]],
            [q[0], q[1] + ds],
          ] as const) {
            if (p[0] === q[0] && p[1] === q[1]) expect(kl(p, q)).toBe(0);
            else pairs.push([kl(p, q), number(klOfLaws(name, p, q))]);
          }
        }
      }
      for (const [l, s] of [
        [3, 2],
        [40, 1],
        [-7, 0.01],
        [0.1, 50],
        [0, 1.9],
        [0, 2.1],
        [1, 0.4],
      ] as const) {
        const p = [l, name === 'Logistic' ? 1 : s] as const;
        if (name !== 'Logistic' || l !== 0) pairs.push([kl(p, [0, 1]), number(klOfLaws(name, p, [0, 1]))]);
      }
      // between d and log Gamma(1 + s), whose difference counts, digits can be lost that neither has
      worstOf(name, name === 'Gumbel' ? 64 : 16, pairs);
      for (const s of [1.7, 1e-5, 3e7]) expect(kl([0.3, s], [0.3, s])).toBe(0);
    });

    test('Categorical, Bernoulli and relaxed bits', () => {
      const random = generator(2);
      const rows: [number, number][] = [],
        bits: [number, number][] = [],
        relaxed: [number, number][] = [];
      for (const n of [2, 5, 40]) {
        for (const e of EPSILONS) {
          for (const scale of [1, 10, 100]) {
            if (scale === 100 && n === 40) continue; // 200 bits are too few for the reference
            const a = Array.from({ length: n }, () => scale * (2 * random() - 1));
            const b = a.map((v) => v + e * (2 * random() - 1));
            const shifted = b.map((v) => v + 64);
            for (const q of [b, shifted]) {
              rows.push([
                klDivergence(new Categorical(f64(...a), n), new Categorical(f64(...q), n))[0]!,
                number(klOfClasses(a, q)),
              ]);
            }
            if (n > 2) continue;
            bits.push([
              klDivergence(new Bernoulli(f64(a[0]!)), new Bernoulli(f64(b[0]!)))[0]!,
              number(klOfClasses([a[0]!, 0], [b[0]!, 0])),
            ]);
            for (const Bit of [BinConcrete, LogitBinConcrete] as (typeof BinConcrete)[]) {
              relaxed.push([
                klDivergence(new Bit(f64(a[0]!)), new Bit(f64(b[0]!)))[0]!,
                number(klOfLaws('Logistic', [a[0]!, 1], [b[0]!, 1])),
              ]);
            }
          }
        }
      }
      // terms in which the two differ much beside many in which they do not
      const odd: [number[], number[]][] = [
        [[0, -50], [0, -60]],
        [[0, -30, -50], [0, -30 + 1e-9, -60]],
        [[0, 1e-9, -50], [0, 0, -40]],
        [[0, -300], [0, -310]],
        [[0, -700], [-700, 0]],
        [[1e6, 1e6 + 1e-9, 0], [1e6, 1e6, 1]],
      ]; // prettier-ignore
      for (const [a, b] of odd) {
        rows.push([
          klDivergence(new Categorical(f64(...a), a.length), new Categorical(f64(...b), a.length))[0]!,
          number(klOfClasses(a, b)),
        ]);
        rows.push([-analyticElboTerm(f64(...a), f64(...b), a.length)[0]!, number(klOfClasses(a, b))]);
      }
      worstOf('Categorical', 12, rows);
      worstOf('Bernoulli', 12, bits);
      worstOf('relaxed bits', 16, relaxed);
      const x = normals(F64, 40, 3, 5) as Float64Array;
      expectSame(klDivergence(new Categorical(x, 10), new Categorical(x, 10)), f64(0, 0, 0, 0));
      expectSame(klDivergence(new Bernoulli(x), new Bernoulli(x)), new Float64Array(40));
      expectSame(klDivergence(new BinConcrete(x), new BinConcrete(x)), new Float64Array(40));
      expectSame(analyticElboTerm(x, x, 10), f64(0, 0, 0, 0));
      expectSame(binaryAnalyticElboTerm(x, x), new Float64Array(40));
      const sure = new Bernoulli(f64(Infinity, -Infinity));
      expectSame(klDivergence(sure, sure), f64(0, 0));
      expectSame(klDivergence(new Bernoulli(f64(0, 0)), sure), f64(Infinity, Infinity));
      const ends = new BinConcrete(f64(Infinity, -Infinity));
      expectSame(klDivergence(ends, ends), f64(0, 0));
    });
  });
});

inEverySetting(({ make: array, name }) => {
  const unit = name === 'float32' ? 2 ** -24 : 2 ** -53,
    least = name === 'float32' ? 1e-36 : 1e-300;
  /** Gaps of 0 to 800 beside the winner, alone, tied, and over others of all sizes. */
  const rows = [0, 1e-4, 0.3, 1, 5, 16, 20, 40, 80, 300, 690, 800].flatMap((gap) =>
    [
      [gap, 0, -1],
      [0, -gap, -gap],
      [100 - gap, 100, 99 - gap],
      [0, -gap, -2 * gap - 3],
      [-gap, 0, 0],
    ].map((row) => row.map(Math.fround)),
  );
  const pairsOf = (got: Floats, exact: readonly Big[]): [number, number][] =>
    exact
      .map((v, i): [number, number] => [Math.abs(got[i]!), Math.abs(number(v))])
      .filter(([, v]) => v > least || v === 0);
  const flat = array(rows.length * 3, (i) => rows[Math.floor(i / 3)]![i % 3]!);

  test('Categorical.logProb and entropy beside a dominant class', () => {
    const law = new Categorical(flat, 3);
    for (const k of [0, 1, 2]) {
      const exact = rows.map((row) => logSoftmax(row)[k]!);
      worstOf(`logProb of class ${k}`, 8, pairsOf(law.logProb(k), exact), unit);
    }
    worstOf('entropy', 8, pairsOf(law.entropy(), rows.map(entropy)), unit);
  });

  test('Bernoulli.logProb and entropy', () => {
    const logits = rows.map(([a]) => a!);
    const law = new Bernoulli(array(rows.length, (i) => logits[i]!));
    worstOf('1', 4, pairsOf(law.logProb(1), logits.map((l) => logSoftmax([l, 0])[0]!)), unit); // prettier-ignore
    worstOf('0', 4, pairsOf(law.logProb(0), logits.map((l) => logSoftmax([l, 0])[1]!)), unit); // prettier-ignore
    worstOf('entropy', 4, pairsOf(law.entropy(), logits.map((l) => entropy([l, 0]))), unit); // prettier-ignore
  });

  test('objectives and gradients beside a dominant class', () => {
    const labels = Int32Array.from(rows, () => 0),
      none = Int32Array.from(rows, () => -1);
    const zero = array(flat.length),
      ones = array(rows.length, () => 1);
    const exact = rows.map((row) => logSoftmax(row)[0]!);
    worstOf('labelled', 8, pairsOf(semiSupervisedMarginal(zero, flat, labels, 3), exact), unit);
    worstOf('labelled', 8, pairsOf(semiSupervisedSampled(array(rows.length), flat, labels, 3), exact), unit);
    const hidden = semiSupervisedMarginal(zero, flat, none, 3);
    worstOf('marginal', 8, pairsOf(hidden, rows.map(entropy)), unit);
    // at the label: q - 1, minus what the others have
    const slope = semiSupervisedMarginal.vjp(zero, flat, labels, ones, 3).logits.filter((_, i) => i % 3 === 0);
    const others = rows.map((row) => {
      const p = logSoftmax(row).map(exp);
      return number(p[1]!) + number(p[2]!);
    });
    worstOf('gradient at the label', 8, Array.from(slope, (v, i): [number, number] => [Math.abs(v), others[i]!]).filter(([, v]) => v > least), unit); // prettier-ignore
    const ofLogProb = new Categorical(flat, 3).vjp(0, ones).logits.filter((_, i) => i % 3 === 0);
    worstOf('Categorical.vjp at the value', 8, Array.from(ofLogProb, (v, i): [number, number] => [v, others[i]!]).filter(([, v]) => v > least), unit); // prettier-ignore
  });
});

test('Bernoulli.logProb down to the least subnormal number', () => {
  expect(new Bernoulli(f64(710)).logProb(1)[0]).toBeCloseTo(-4.476e-309, 312);
  expect(new Bernoulli(f64(745)).logProb(1)[0]).toBe(-5e-324);
});
