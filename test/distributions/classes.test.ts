/** Categorical, Bernoulli and the relaxations against formulas with Math's functions and the functions of their names. */
import {
  alloc,
  Bernoulli,
  BinConcrete,
  Categorical,
  categorical,
  Concrete,
  concreteLogProb,
  ExpConcrete,
  expConcrete,
  expConcreteLogProb,
  type Floats,
  Gumbel,
  gumbelSigmoid,
  gumbelSoftmax,
  key,
  LogitBinConcrete,
  Normal,
  random,
  type Resident,
} from 'anymax';
import { expect, test } from 'vitest';
import { expectClose, expectSame, inEverySetting } from '../support/backends.ts';
import { sigmoidOf, slopes, softmaxOf, sum, xlogy } from '../oracles/numeric.ts';
import { f64 } from '../tables/laws.ts';

inEverySetting((dtype) => {
  const { make: array, epsilon, round } = dtype;
  const n = 4;
  const logits = array(2 * n, (i) => [2, 1, 0, -Infinity, -1, 3, 0.5, 0.25][i]!);
  const p = [softmaxOf([2, 1, 0, -Infinity]), softmaxOf([-1, 3, 0.5, 0.25])].flat();
  const bits = array(4, (i) => [0.7, -30, 40, -2][i]!);

  test('Categorical', () => {
    const law = new Categorical(logits, n);
    const value = Int32Array.of(0, 1, 3, 3, 2, 2);
    expectClose(
      law.logProb(value),
      Array.from(value, (k, i) => Math.log(p[(i % 2) * n + k]!)),
      8 * epsilon,
    );
    expectClose(
      law.entropy(),
      [0, 1].map((r) => -sum(p.slice(4 * r, 4 * r + 4).map((v) => xlogy(v, v)))),
      4 * epsilon,
    );
    const d = array(6, (i) => [1, -2, 0, 0.5, 3, 0.25][i]!);
    const { logits: gradient } = law.vjp(value, d);
    const expected = slopes((a) => {
      const q = [softmaxOf(a.slice(0, 4)), softmaxOf(a.slice(4))].flat();
      return sum(Array.from(value, (k, i) => xlogy(d[i]!, q[(i % 2) * n + k]!)));
    }, logits);
    expectClose(
      gradient,
      Array.from(expected, (v, i) => (i === 3 ? 0 : v)),
      1e-8 + 8 * epsilon,
    );
    expectSame(
      law.logProb(Int32Array.of(-1, 4)),
      array(2, () => -Infinity),
    );
    expect(
      law
        .vjp(
          Int32Array.of(0, 4),
          array(2, () => 1),
        )
        .logits.slice(4)
        .every(Number.isNaN),
    ).toBe(true);
    expect(
      law
        .vjp(
          Int32Array.of(0, 4),
          array(2, () => 1),
        )
        .logits.slice(0, 4)
        .some(Number.isNaN),
    ).toBe(false);
    const byRow = categorical(key(5), logits, n, { draws: 50 });
    expectSame(
      law.sample(key(5), 50),
      byRow.map((_, i) => byRow[(i % 2) * 50 + (i >> 1)]!),
    );
    const fromProbs = Categorical.fromProbs(
      array(8, (i) => p[i]!),
      n,
    );
    expectClose(fromProbs.logProb(value), [...law.logProb(value)], 8 * epsilon);
  });

  test('Bernoulli', () => {
    const law = new Bernoulli(bits);
    const value = array(8, (i) => [1, 0, 1, 1, 0, 1, 0, 0][i]!);
    const logP = (v: number, a: number): number => -Math.log1p(Math.exp(v === 1 ? -a : a));
    const expected = Array.from(value, (v, i) => logP(v, bits[i % 4]!));
    law.logProb(value).forEach((v, i) => expect(Math.abs(v / expected[i]! - 1)).toBeLessThan(4 * epsilon));
    const q = Array.from(bits, sigmoidOf),
      rest = Array.from(bits, (a) => sigmoidOf(-a));
    const relative = (actual: Floats, f: (i: number) => number): void =>
      actual.forEach((v, i) => expect(Math.abs(v / f(i) - 1)).toBeLessThan(40 * Number.EPSILON + 2 * epsilon));
    relative(law.mean(), (i) => q[i]!);
    relative(law.variance(), (i) => q[i]! * rest[i]!);
    relative(law.entropy(), (i) => -q[i]! * logP(1, bits[i]!) - rest[i]! * logP(0, bits[i]!));
    const d = array(8, (i) => [1, -2, 0.5, 3, 0.25, 1, 1, -1][i]!);
    expectClose(
      law.vjp(value, d).logits,
      slopes((a) => sum(Array.from(value, (v, i) => d[i]! * logP(v, a[i % 4]!))), bits),
      1e-8 + 4 * epsilon,
    );
    expectSame(
      law.logProb(array(4, (i) => [0.5, 2, -1, NaN][i]!)),
      array(4, (i) => (i < 3 ? -Infinity : NaN)),
    );
    const drawn = law.sample(key(2), 3);
    const noise = random.logistic(key(2), array(12));
    expectSame(
      drawn,
      array(12, (i) => (round(bits[i % 4]! + noise[i]!) >= 0 ? 1 : 0)),
    );
    const sure = new Bernoulli(array(2, (i) => (i ? Infinity : -Infinity)));
    expectSame(
      sure.sample(key(1)),
      array(2, (i) => i),
    );
    expectSame(sure.entropy(), array(2));
    expectSame(
      sure.logProb(array(4, (i) => Number(i > 1))),
      array(4, (i) => [0, -Infinity, -Infinity, 0][i]!),
    );
    expectClose(Bernoulli.fromProbs(array(3, (i) => [0, 0.25, 1][i]!)).mean(), [0, 0.25, 1], epsilon);
  });

  test('Concrete, ExpConcrete, BinConcrete, LogitBinConcrete are the functions of their names, draw by draw', () => {
    const temperature = 0.7,
      o = { temperature };
    const own = array(2 * n, (i) => [2, 1, 0, -1, -1, 3, 0.5, 0.25][i]!);
    const tiled = array(6 * n, (i) => own[i % (2 * n)]!);
    const [concrete, exp] = [new Concrete(own, n, o), new ExpConcrete(own, n, o)];
    const y = concrete.sample(key(1), 3),
      logY = exp.sample(key(1), 3);
    expectSame(y, gumbelSoftmax(key(1), tiled, n, o));
    expectSame(logY, expConcrete(key(1), tiled, n, o));
    expectSame(concrete.logProb(y), concreteLogProb(y, tiled, n, o));
    expectSame(exp.logProb(logY), expConcreteLogProb(logY, tiled, n, o));
    const d = array(6, (i) => i - 2.5);
    const byDraw = expConcreteLogProb.vjp(logY, tiled, d, n, o);
    const all = exp.vjp(logY, d);
    expectSame(all.value, byDraw.logY);
    const over = (x: Floats, length: number): number[] =>
      Array.from({ length }, (_, j) => sum(Array.from(x).filter((_v, i) => i % length === j)));
    expectClose(all.logits, over(byDraw.logits, 2 * n), 16 * epsilon);
    expectClose(all.temperature, over(byDraw.temperature, 2), 64 * epsilon);

    const logitsOfBits = array(2, (i) => i - 0.3);
    const bit = new BinConcrete(logitsOfBits, o);
    expectSame(
      bit.sample(key(4), 2),
      gumbelSigmoid(
        key(4),
        array(4, (i) => logitsOfBits[i % 2]!),
        o,
      ),
    );
    const z = new LogitBinConcrete(logitsOfBits, o).sample(key(4), 2);
    expectClose(bit.sample(key(4), 2), Array.from(z, sigmoidOf), 4 * epsilon);
  });
});

// Growth of the memory detaches views of it: what is resident is copied first.
test('parameters are copies; resident arrays are taken wherever typed ones are', () => {
  const resident = (...values: number[]): Resident<Float64Array> => {
    const array = alloc(Float64Array, values.length);
    array.view.set(values);
    return array;
  };
  const [loc, scale, value, d] = [resident(3, 4), resident(2, 0.5), resident(1, -1, 0, 5), resident(1, 2, 3, 4)];
  const law = new Normal(loc, scale);
  expect(law.logProb(value)).toEqual(new Normal(f64(3, 4), f64(2, 0.5)).logProb(f64(1, -1, 0, 5)));
  expect(law.vjp(value, d)).toEqual(law.vjp(f64(1, -1, 0, 5), f64(1, 2, 3, 4)));
  const classes = new Categorical(resident(1, 2, 3, 4), 2);
  const relaxed = new ExpConcrete(resident(1, 2, 3, 4), 2);
  random.normal(key(1), 5_000_000, { dtype: 'float64' }); // the memory grows
  expect(law.mean()).toEqual(f64(3, 4));
  expect(classes.logProb(Int32Array.of(0, 1))).toEqual(
    new Categorical(f64(1, 2, 3, 4), 2).logProb(Int32Array.of(0, 1)),
  );
  const logY = relaxed.sample(key(2));
  expect(relaxed.logProb(logY)).toEqual(expConcreteLogProb(logY, f64(1, 2, 3, 4), 2));
  const own = f64(1, 2);
  const kept = new Gumbel(own, 1);
  own[0] = 50;
  expect(kept.loc).toEqual(f64(1, 2));
});
