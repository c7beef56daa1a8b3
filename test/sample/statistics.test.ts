/**
 * Draws against their distributions. Each test says how rarely a right sampler fails it under a fresh key (the keys are
 * fixed, so that it passes always or never) and the smallest error it sees. Both backends give the same bits
 * (test/kernels/mirror.test.ts), so one is enough. z = 5 is exceeded with probability 5.7e-7 on two sides, 2.9e-7 on one.
 */
import { argmax, type Floats, foldIn, gumbelMax, gumbelSigmoid, gumbelSoftmax, init, key, random } from 'anymax';
import { beforeAll, describe, expect, test } from 'vitest';
import { DTYPES } from '../support/backends.ts';
import { chiSquare, softmaxOf, tally } from '../support/statistics.ts';

const ROOT = key('statistics');
const N = 1_000_000;
const P = [0.1, 0.2, 0.3, 0.4];
const LOGITS = P.map(Math.log);
const Z = 5;

beforeAll(() => init({ backend: 'wasm' }));

/** `rows` rows of the same logits. */
function repeat(logits: readonly number[], rows: number): Float32Array {
  return new Float32Array(rows * logits.length).map((_, i) => logits[i % logits.length]!);
}

/** The mean of f, its distance from `expected` in standard errors (of the sample), and that standard error. */
function moment(
  values: ArrayLike<number>,
  f: (x: number) => number,
  expected = 0,
): { mean: number; z: number; se: number } {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const v = f(values[i]!) - expected;
    sum += v;
    squares += v * v;
  }
  const mean = sum / values.length;
  const se = Math.sqrt((squares / values.length - mean * mean) / values.length);
  return { mean: mean + expected, z: mean / se, se };
}

/** Kolmogorov and Smirnov: sqrt(n) times the greatest distance from the CDF; above 2.9 with probability 1e-7. */
function distance(values: Floats, cdf: (x: number) => number): number {
  const n = values.length;
  let d = 0;
  values
    .slice()
    .sort()
    .forEach((v, i) => {
      const c = cdf(v);
      d = Math.max(d, c - i / n, (i + 1) / n - c);
    });
  return Math.sqrt(n) * d;
}
const KS = 2.9;

/** The same for two samples. */
function distanceOfTwo(a: Floats, b: Floats): number {
  const [x, y] = [a.slice().sort(), b.slice().sort()];
  let [i, j, d] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const v = Math.min(x[i]!, y[j]!);
    while (x[i]! <= v) i++;
    while (y[j]! <= v) j++;
    d = Math.max(d, Math.abs(i / x.length - j / y.length));
  }
  return d * Math.sqrt((x.length * y.length) / (x.length + y.length));
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe.each(DTYPES)('noise: $name', ({ name, make }) => {
  const k = foldIn(ROOT, name === 'float32' ? 32 : 64);

  // False alarms 1e-7 each; sees a CDF that is off by 0.003 anywhere.
  test.each([
    ['uniform', (x: number) => x],
    ['exponential', (x: number) => -Math.expm1(-x)],
    ['gumbel', (x: number) => Math.exp(-Math.exp(-x))],
    ['logistic', sigmoid],
  ] as const)('%s has its distribution', (noise, cdf) => {
    expect(distance(random[noise](k, make(N)), cdf)).toBeLessThan(KS);
  });

  // False alarms 5.7e-7 each; standard errors 0.0013, 0.0034 and 0.0095: sees errors five times as large.
  test('Gumbel mean, variance and skewness', () => {
    const [mean, variance, skewness] = [0.5772156649, 1.6449340668, 1.1395470994];
    const g = random.gumbel(k, make(N));
    expect(Math.abs(moment(g, (x) => x, mean).z)).toBeLessThan(Z);
    expect(Math.abs(moment(g, (x) => (x - mean) ** 2, variance).z)).toBeLessThan(Z);
    const third = moment(g, (x) => ((x - mean) / Math.sqrt(variance)) ** 3, skewness);
    expect(third.se).toBeLessThan(0.011);
    expect(Math.abs(third.z)).toBeLessThan(Z);
  });

  // False alarms 5.7e-7 a lag. Sees a correlation of 0.005; one that is 1 where rows, blocks or keys share their words.
  test('draws do not depend on their neighbours, on blocks or on other keys', () => {
    const mean = 0.5772156649;
    const g = random.gumbel(k, make(N + 16_384)).map((v) => v - mean);
    for (const lag of [1, 2, 3, 4, 7, 8, 16, 128, 512, 1000, 1024, 2048, 16_384]) {
      const products = new Float64Array(N).map((_, i) => g[i]! * g[i + lag]!);
      expect(Math.abs(moment(products, (x) => x).z), `lag ${lag}`).toBeLessThan(Z);
    }
    for (const other of [foldIn(k, 0), foldIn(k, 1), { ...k, low: (k.low ^ 1) >>> 0 }]) {
      const products = random.gumbel(other, make(N)).map((v, i) => (v - mean) * g[i]!);
      expect(Math.abs(moment(products, (x) => x).z)).toBeLessThan(Z);
    }
  });
});

describe('gumbelMax', () => {
  // False alarms 2.9e-7 each; sees one of four probabilities that is off by 0.003, of a hundred by 0.001.
  test.each([
    [0.5, LOGITS],
    [1, LOGITS],
    [3, LOGITS],
    [Infinity, LOGITS],
    [1, [0, -Infinity, 1, -1, -Infinity, 2.5, 0, -3]],
    [0.7, [-Infinity, 1000, 1000.5, -Infinity, 999]],
    [1, Array.from({ length: 100 }, (_, i) => (i % 13) / 4)],
  ])('draws from softmax(logits / T): T = %d, logits %s', (temperature, logits) => {
    const drawn = gumbelMax(foldIn(ROOT, 1), repeat(logits, N / (logits.length > 10 ? 5 : 1)), logits.length, {
      temperature,
    });
    expect(chiSquare(tally(drawn, logits.length), softmaxOf(logits, temperature))).toBeLessThan(Z);
  });

  // False alarms 2.9e-7. Of pairs of rows that follow each other; where they share random numbers z is about 10^5.
  test('rows of a batch are independent of each other', () => {
    const drawn = gumbelMax(foldIn(ROOT, 2), repeat(LOGITS, N), 4);
    for (const lag of [1, 2, 256, 4096]) {
      const pairs = new Int32Array(N - lag).map((_, i) => 4 * drawn[i]! + drawn[i + lag]!);
      expect(
        chiSquare(
          tally(
            pairs.filter((_, i) => Math.floor(i / lag) % 2 === 0),
            16,
          ),
          P.flatMap((a) => P.map((b) => a * b)),
        ),
      ).toBeLessThan(Z);
    }
  });
});

describe('the Concrete distribution (Maddison et al. 2017, Proposition 1)', () => {
  // False alarms 2.9e-7 each; sees a probability that is off by 0.003.
  test.each([0.1, 0.5, 1, 10])('(b) the largest coordinate is k with probability softmax_k, T = %d', (temperature) => {
    const y = gumbelSoftmax(foldIn(ROOT, 3), repeat(LOGITS, N), 4, { temperature });
    expect(chiSquare(tally(argmax(y, 4), 4), P)).toBeLessThan(Z);
  });

  // A row is farther than 0.01 from its vertex only if the runner-up is within T log 300 of the best score, which has
  // probability sum sigmoid(a) - sigmoid(a - T log 300) for a = logit p. False alarms 2.9e-7; sees a limit that is missed
  // by 0.1 % of the rows at the smallest T.
  test('(c) samples tend to the vertices, in the same proportions, as T goes to 0', () => {
    const k = foldIn(ROOT, 4),
      logits = repeat(LOGITS, N);
    const vertices = gumbelMax(k, logits, 4);
    for (const temperature of [0.1, 0.01, 0.001, 1e-4]) {
      const y = gumbelSoftmax(k, logits, 4, { temperature });
      const far = vertices.filter((index, row) => 1 - y[4 * row + index]! > 0.01).length / N;
      const gap = temperature * Math.log(300);
      const bound = P.reduce((sum, p) => sum + p - sigmoid(Math.log(p / (1 - p)) - gap), 0);
      expect(far, `T ${temperature}`).toBeLessThan(bound + Z * Math.sqrt(bound / N));
      expect(far).toBeGreaterThan(0);
    }
  });

  // Expectations with standard errors of 1e-4, as have ours (3e-4 at T = 0.1). False alarms 5.7e-7 each; sees an error of
  // 0.002 at T = 0.1 and of 0.0006 at T = 10, such as logits that are tempered as well.
  test.each([
    [0.1, [0.10033, 0.20023, 0.30006, 0.39938]],
    [0.5, [0.11019, 0.20757, 0.29825, 0.38399]],
    [1, [0.13312, 0.21939, 0.29171, 0.35577]],
    [10, [0.23067, 0.24716, 0.25734, 0.26483]],
  ])('E[y] at T = %d', (temperature, expected) => {
    for (const { make } of DTYPES) {
      const y = gumbelSoftmax(
        foldIn(ROOT, 5),
        make(4 * N, (i) => LOGITS[i % 4]!),
        4,
        { temperature },
      );
      expected.forEach((e, k) => {
        const { mean, se } = moment(
          y.filter((_, i) => i % 4 === k),
          (v) => v,
        );
        expect(Math.abs(mean - e), `class ${k}: ${mean}`).toBeLessThan(Z * Math.hypot(se, 1e-4));
      });
    }
  });
});

describe('gumbelSigmoid', () => {
  // False alarms 5.7e-7 each; sees an error of 0.0015.
  test.each([0.1, 0.5, 2, 20])('E[y] at T = 1 is a (a - 1 - log a) / (a - 1)^2 for odds a = %d', (a) => {
    const y = gumbelSigmoid(foldIn(ROOT, 6), repeat([Math.log(a)], N));
    const expected = (a * (a - 1 - Math.log(a))) / (a - 1) ** 2;
    expect(Math.abs(moment(y, (v) => v, expected).z)).toBeLessThan(Z);
  });

  // False alarms 1e-7; sees a CDF that is off by 0.003.
  test('the difference of two Gumbels is logistic', () => {
    const other = random.gumbel(foldIn(ROOT, 8), N);
    expect(
      distance(
        random.gumbel(foldIn(ROOT, 7), N).map((g, i) => g - other[i]!),
        sigmoid,
      ),
    ).toBeLessThan(KS);
  });

  // False alarms 1e-7 each; sees CDFs that differ by 0.004.
  test.each([0.3, 1, 4])('is the two-class Gumbel-Softmax: T = %d', (temperature) => {
    const bits = gumbelSigmoid(foldIn(ROOT, 9), repeat([0.7], N), { temperature });
    const pairs = gumbelSoftmax(foldIn(ROOT, 10), repeat([0.7, 0], N), 2, { temperature });
    expect(
      distanceOfTwo(
        bits,
        pairs.filter((_, i) => i % 2 === 0),
      ),
    ).toBeLessThan(KS);
  });
});

// False alarms 2.9e-7 each; sees a bit that is set in 50.3 % of the words, a byte that is 15 % too frequent.
test('random.bits: every bit and every byte is uniform', () => {
  const words = random.bits(foldIn(ROOT, 11), N);
  for (let bit = 0; bit < 32; bit++) {
    const ones = words.reduce((sum, word) => sum + ((word >>> bit) & 1), 0);
    expect(Math.abs(ones - N / 2) / Math.sqrt(N / 4), `bit ${bit}`).toBeLessThan(Z);
  }
  for (let byte = 0; byte < 4; byte++) {
    const counts = tally(
      new Int32Array(N).map((_, i) => (words[i]! >>> (8 * byte)) & 255),
      256,
    );
    expect(chiSquare(counts, Array<number>(256).fill(1 / 256)), `byte ${byte}`).toBeLessThan(Z);
  }
});
