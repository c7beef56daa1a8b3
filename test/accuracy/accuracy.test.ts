/** Measures the greatest error of every op of both dtypes on both backends and holds it against table.ts. */
import { expConcrete, expConcreteLogProb, gumbelSigmoid, gumbelSoftmax, init } from 'anymax';
import { logSoftmax, logSumExp, random, softmax, sparsemax } from 'anymax';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS, count, distance, type Floats, floats, KEY, type Machine, machines, make } from './harness.ts';
import { type Name, type NoiseOp, normals, report, settle, uniforms, withReference } from './harness.ts';
import { type Arithmetic, doubles, ulp } from '../oracles/arithmetic.ts';
import * as noiseOracle from '../oracles/noise.ts';
import type { Quantile } from '../oracles/noise.ts';
import * as rowOracle from '../oracles/rows.ts';
import type { Dtype } from './table.ts';

let own: Record<Name, Machine>;
let chosen: Record<Name, Machine>;
beforeAll(async () => void ({ own, chosen } = await machines()), 60_000);
afterAll(() => console.log(report()));

describe.each<Dtype>(['f32', 'f64'])('%s functions', (dtype) => {
  const single = dtype === 'f32';

  /** Holds every image against `errorAt(x)`, which tells the error of what was got for x. */
  function check(
    op: 'exp' | 'log' | 'log1p' | 'sigmoid',
    x: Floats,
    errorAt: (x: number) => (got: number) => number,
  ): void {
    const got = BACKENDS.map((name) => own[name].map(dtype, x, (kernels, src, dst, n) => kernels[op](src, dst, n)));
    x.forEach((v, i) => {
      const error = errorAt(v);
      BACKENDS.forEach((name, b) => {
        count(op, dtype, name, error(got[b]![i]!), () => `x = ${v}, got ${got[b]![i]}`);
      });
    });
    settle(op, dtype);
  }

  const exactly = (expected: number) => (got: number) => (Object.is(got, expected) ? 0 : Infinity);

  /** The error in ULP of m 2^k. */
  function near<V>(a: Arithmetic<V>, m: V, k = 0): (got: number) => number {
    return (got) => distance(a, got * 2 ** -k, m) / ulp[dtype](a.number(m));
  }

  /** Results below are +0: 2^-125 or 2^-1021, of which the logarithm is no f64, so that < will do. */
  const flush = (single ? -125 : -1021) * Math.LN2;
  const overflow = (single ? 128 : 1024) * Math.LN2;

  test('exp', () =>
    withReference(dtype, (a) =>
      check('exp', floats(dtype, single ? 200 : 4, flush - 2, overflow + 1, 40_000), (x) => {
        if (x !== x) return exactly(NaN);
        if (x > overflow) return exactly(Infinity);
        if (x < flush) return exactly(0);
        const { m, k } = a.expOf(x);
        return near(a, m, k);
      }),
    ));

  test('log', () =>
    withReference(dtype, (a) =>
      check('log', floats(dtype, single ? 400 : 4, 0.5, 2, 20_000), (x) => {
        if (x === 0) return exactly(-Infinity);
        if (x === Infinity) return exactly(Infinity);
        if (!(x > 0)) return exactly(NaN);
        if (x === 1) return exactly(0);
        return near(a, a.logOf(x));
      }),
    ));

  if (!single) {
    test.each(['exp', 'log'] as const)('%s of f32, rounded to f32', (op) => {
      const x = Float64Array.from(floats('f32', 100, op === 'exp' ? flush : 0.5, op === 'exp' ? overflow : 2, 20_000));
      for (const name of BACKENDS) {
        const got = own[name].map('f64', x, (kernels, src, dst, n) => kernels[op](src, dst, n));
        x.forEach((v, i) => {
          const ref = Math[op](v);
          if (!(Math.abs(ref) > 2 ** -125 && Math.abs(ref) < 2 ** 127)) return;
          const error = Math.abs(Math.fround(got[i]!) - ref) / ulp.f32(ref);
          count(`${op} in f32`, 'f64', name, error, () => `x = ${v}, got ${got[i]}`);
        });
      }
      settle(`${op} in f32`, 'f64');
    });
  }

  test('log1p', () =>
    withReference(dtype, (a) =>
      check('log1p', floats(dtype, single ? 200 : 3, -1, 1, 20_000), (x) => {
        if (x === 0 || x === Infinity) return exactly(x);
        if (x === -1) return exactly(-Infinity);
        if (!(x > -1)) return exactly(NaN);
        // log(1 + x) = x - x^2 / 2 + ..., below 2^-60 the same to 2^-8 ULP of f64
        return Math.abs(x) < 2 ** -60 ? (got) => Math.abs(got - x) / ulp[dtype](x) : near(a, a.log1p(a.of(x)));
      }),
    ));

  test('sigmoid', () =>
    withReference(dtype, (a) =>
      check('sigmoid', floats(dtype, single ? 200 : 4, flush, -flush, 20_000), (x) => {
        if (x !== x) return exactly(NaN);
        if (x < flush) return exactly(0);
        if (x > overflow) return exactly(1);
        const e = a.expOf(-Math.abs(x));
        const sum = a.plus(a.of(1), a.times(e.m, a.of(2 ** Math.max(e.k, -250))));
        return x < 0 ? near(a, a.over(e.m, sum), e.k) : near(a, a.over(a.of(1), sum));
      }),
    ));
});

// ---- Noise ----

const NOISE: readonly NoiseOp[] = ['uniform', 'exponential', 'gumbel', 'logistic'];
const RANGE = { uniform: [0, 1], exponential: [2 ** -65, 45.1], gumbel: [-3.81, 45.1], logistic: [-45.1, 45.1] };

/** Distances m from the end of the words, of `bits` bits: near 0, where reductions change over, at random in each binade. */
function distances(bits: number, each: number, around: number): number[] {
  const u = uniforms(2);
  const half = 2 ** (bits - 1);
  const middles = [0, half];
  for (let k = 2; k < bits; k++) {
    middles.push(2 ** k, Math.SQRT1_2 * 2 ** k);
    // E below the median is -log(1 - v), above it -log v; the Gumbel's logarithm turns at E = 2^j and 2^j sqrt(1/2)
    for (const E of [2 ** (k - bits), Math.SQRT1_2 * 2 ** (k - bits), 2 ** (k - 2), Math.SQRT1_2 * 2 ** (k - 2)]) {
      middles.push(-Math.expm1(-E) * 2 * half, Math.exp(-E) * 2 * half);
    }
  }
  const found = middles.flatMap((m) => Array.from({ length: 2 * around }, (_, i) => Math.floor(m) + i - around));
  for (let k = 1; k < bits; k++) for (let i = 0; i < each; i++) found.push(Math.floor((1 + u()) * 2 ** (k - 1)));
  return found.filter((m) => m >= 0 && m < half);
}

/** The quantile of draw i of words in pairs. */
function quantile64<V>(a: Arithmetic<V>, words: Uint32Array, i: number): Quantile<V> {
  return noiseOracle.quantile64(a, words[2 * i]!, words[2 * i + 1]!);
}

/** The error of a draw in the unit of its claim. */
function noiseError<V>(a: Arithmetic<V>, op: NoiseOp, dtype: Dtype, got: number, q: Quantile<V>): number {
  const ref = noiseOracle[op](a, q);
  const size = Math.abs(a.number(ref));
  return distance(a, got, ref) / ulp[dtype](op === 'gumbel' || op === 'logistic' ? Math.max(1, size) : size);
}

/** Counts the errors of draws, of which word (or pair) i has the quantile q(i); every draw is within its range. */
function countNoise<V>(
  a: Arithmetic<V>,
  op: NoiseOp,
  dtype: Dtype,
  draws: readonly Floats[],
  words: Uint32Array,
  q: (i: number) => Quantile<V>,
): void {
  const [least, greatest] = RANGE[op] as [number, number];
  for (let i = 0; i < draws[0]!.length; i++) {
    const at = q(i);
    BACKENDS.forEach((name, b) => {
      const got = draws[b]![i]!;
      const error = got >= least && got <= greatest ? noiseError(a, op, dtype, got, at) : NaN;
      const from = dtype === 'f32' ? [words[i]] : [words[2 * i], words[2 * i + 1]];
      count(op, dtype, name, error, () => `word ${from.join(', ')}: ${got}`);
    });
  }
}

/** How many draws of ascending words break the order: E and L ascend with the word, G descends. */
function disorder(op: NoiseOp, draws: Floats): number {
  const sign = op === 'gumbel' ? -1 : 1;
  let broken = 0;
  for (let i = 1; i < draws.length; i++) if (!(sign * draws[i]! >= sign * draws[i - 1]!)) broken++;
  return broken;
}

describe.each(NOISE)('%s', (op) => {
  const quantile = op === 'uniform' ? noiseOracle.quantile32 : noiseOracle.extended32;

  test('f32 of chosen words', () => {
    const m = distances(32, 2000, 128);
    const words = Uint32Array.from(new Set([...m, ...m.map((v) => 2 ** 32 - 1 - v)])).sort();
    const draws = BACKENDS.map((name) => chosen[name].feed(op, 'f32', words, 0));
    countNoise(doubles, op, 'f32', draws, words, (i) => quantile(words[i]!, i, KEY.low, KEY.high));
    for (const of of draws) expect(disorder(op, of)).toBe(0);
    settle(op, 'f32');
  });

  test('f32 of words that take an extension', () => {
    const words = Uint32Array.from({ length: 1024 }, (_, i) => (i < 512 ? i : 2 ** 32 - 1024 + i));
    for (const first of [0, 2 ** 20, 2 ** 32 - 1024, 2 ** 33, 2 ** 52].map((f) => f + 1024)) {
      const draws = BACKENDS.map((name) => chosen[name].feed(op, 'f32', words, first));
      countNoise(doubles, op, 'f32', draws, words, (i) => quantile(words[i]!, first + i, KEY.low, KEY.high));
    }
    settle(op, 'f32');
  });

  test('f32: adjacent words are in order', () => {
    const windows = [0, 0.375, 0.75, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 6, 7].map((k) => k * 2 ** 29);
    windows.push(...[2 ** 31, 2 ** 32 - 2 ** 17, 3037000499, 3628010413].map((m) => m - 2 ** 16));
    for (const from of windows) {
      const words = Uint32Array.from({ length: 2 ** 17 }, (_, i) => from + i).filter((x) => x >= from);
      for (const name of BACKENDS) expect(disorder(op, chosen[name].feed(op, 'f32', words, 0)), `from ${from}`).toBe(0);
    }
  });

  test('f64 of chosen words', () =>
    withReference('f64', (a) => {
      const u = uniforms(3);
      const v = distances(64, 40, 0).flatMap((m) => [m, 0].map((d) => BigInt(m) + BigInt(d)));
      v.push(...distances(32, 8, 1).map((m) => (BigInt(m) << 32n) | BigInt(Math.floor(u() * 2 ** 32))));
      v.push(...Array.from({ length: 1100 }, (_, i) => BigInt(i)));
      const all = new BigUint64Array([...v, ...v.map((m) => 2n ** 64n - 1n - m)]).sort();
      const words = Uint32Array.from([...all].flatMap((x) => [Number(x >> 32n), Number(x & 0xffffffffn)]));
      const draws = BACKENDS.map((name) => chosen[name].feed(op, 'f64', words, 0));
      countNoise(a, op, 'f64', draws, words, (i) => quantile64(a, words, i));
      for (const of of draws) expect(disorder(op, of)).toBe(0);
      settle(op, 'f64');
    }));
});

describe('noise of a key', () => {
  const LENGTH = 2 ** 20;

  /** Elements whose word takes an extension: once in 2^23, so 2^27 words have some 16 of them. */
  function rare(): number[] {
    const found: number[] = [];
    for (let first = 0; first < 2 ** 27; first += LENGTH) {
      own.wasm.bits(LENGTH, first).forEach((x, i) => {
        if ((x ^ (x >> 31)) >>> 0 < 256) found.push(first + i);
      });
    }
    return found;
  }

  test('is that of its words, extended ones too', () => {
    const places = [0, 5, 2 ** 32 - 512, 2 ** 40 + 3].map((first) => ({ first, n: 1024 }));
    const extended = rare();
    expect(extended.length).toBeGreaterThan(3); // of a fixed key: always the same ones
    places.push(...extended.map((element) => ({ first: Math.max(0, element - 2), n: 4 })));
    for (const op of NOISE) {
      const quantile = op === 'uniform' ? noiseOracle.quantile32 : noiseOracle.extended32;
      for (const { first, n } of places) {
        const words = own.wasm.bits(n, first).slice();
        const draws = BACKENDS.map((name) => own[name].draw(op, 'f32', n, first));
        countNoise(doubles, op, 'f32', draws, words, (i) => quantile(words[i]!, first + i, KEY.low, KEY.high));
      }
      settle(op, 'f32');
    }
  });

  test('f64 takes two words, the high one first', () =>
    withReference('f64', (a) => {
      const words = random.bits(KEY, 600);
      for (const op of NOISE) {
        const draws = BACKENDS.map((name) => own[name].draw(op, 'f64', 300, 0));
        countNoise(a, op, 'f64', draws, words, (i) => quantile64(a, words, i));
        settle(op, 'f64');
      }
    }));
});

// ---- Rows ----

const SMALL = Array.from({ length: 40 }, (_, i) => i + 1);
const SCALES = Array.from({ length: 15 }, (_, i) => 10 ** (i - 5));
const OFFSETS = [0, 1e3, -1e6];
const TEMPERATURES = [0.05, 0.3, 2 / 3, 1.5, 7, 100];
const LONG = 131072;

interface Row {
  readonly what: string;
  readonly x: Floats;
}

/** Rows of n: normal ones of every scale and offset, and the ones that are hard to add up. */
function* rowsOf(dtype: Dtype, n: number): Generator<Row> {
  const normal = normals(n);
  const row = (what: string, value: (i: number) => number): Row => ({
    what: `n = ${n}, ${what}`,
    x: make(dtype, n, value),
  });
  // fixed point takes 10 us an element
  const few = dtype === 'f64' ? n > 40 : n > 5000;
  for (const scale of n === LONG ? [1] : few ? [1e-5, 1, 10, 1e9] : SCALES) {
    for (const offset of few ? [0] : OFFSETS) {
      yield row(`normal x ${scale} + ${offset}`, () => normal() * scale + offset);
    }
  }
  yield row('all the same', () => 3);
  yield row('near ties', () => normal() * 1e-5);
  // one above many that are each near half a last place of its exponential, or a few places
  const steps = few ? [16.67, 15.3] : [15.3, 16.2, 16.4, 16.6, 16.63, 16.64, 16.65, 16.67, 16.7, 17.3];
  const last = dtype === 'f32' ? 0 : 29 * Math.LN2;
  for (const z of steps) yield row(`one at 0, others at -${z + last}`, (i) => (i === 0 ? 0 : -z - last));
  yield row('a slope', (i) => -i / 8);
  // what stands beside a dominant class
  for (const gap of [15, 17.5, 30, 60])
    yield row(`a winner by ${gap}`, (i) => (i === n >> 1 ? 0 : -gap - normal() ** 2));
  yield row('around -log n', () => -Math.log(n) - normal() / 8);
}

describe.each<Dtype>(['f32', 'f64'])('%s rows', (dtype) => {
  /** An op of the public surface on both backends. */
  function both<R>(op: () => R): [Name, R][] {
    return BACKENDS.map((backend) => {
      init({ backend });
      return [backend, op()];
    });
  }

  const ulpOf = ulp[dtype];
  const least = 2 ** -100;
  const one = ulpOf(1);

  function softmaxes<V>(a: Arithmetic<V>, { what, x }: Row, T: number): void {
    const n = x.length;
    const temperature = single ? Math.fround(T) : T;
    const { z, p, logP, logSumExp: lse } = rowOracle.softmax(a, Array.from(x, a.of), temperature);
    const exact = p.map((v) => a.number(v)),
      exactLog = logP.map((v) => a.number(v)),
      max = Math.abs(Array.from(x).reduce((most, v) => Math.max(most, v))),
      exactSum = Math.max(least, max / temperature, Math.abs(a.number(lse)));
    const far = T !== 1 && max > 2000 * temperature,
      kind = far ? ' far' : '';
    for (const [name, got] of both(() => softmax(x, n, { temperature: T }))) {
      got.forEach((v, i) => {
        if (exact[i]! < least) return;
        const unit = ulpOf(exact[i]!) * (far ? 5 + 2 * Math.abs(a.number(z[i]!)) : 1);
        count(`softmax${kind}`, dtype, name, distance(a, v, p[i]!) / unit, () => `${what}, T = ${T}: p[${i}] = ${v}`);
      });
    }
    for (const [name, got] of both(() => logSoftmax(x, n, { temperature: T }))) {
      got.forEach((v, i) => {
        const unit = ulpOf(Math.max(far ? 1 : least, -exactLog[i]!));
        const error = distance(a, v, logP[i]!) / unit;
        count(`logSoftmax${kind}`, dtype, name, error, () => `${what}, T = ${T}: log p[${i}] = ${v}`);
      });
    }
    for (const [name, [v]] of both(() => Array.from(logSumExp(x, n, { temperature: T })))) {
      const error = distance(a, v!, lse) / ulpOf(exactSum);
      count(`logSumExp${kind}`, dtype, name, error, () => `${what}, T = ${T}: ${v}`);
    }
  }

  function sparsemaxes<V>(a: Arithmetic<V>, { what, x }: Row, T: number): void {
    const n = x.length;
    const temperature = single ? Math.fround(T) : T;
    const p = rowOracle.sparsemax(a, Array.from(x, a.of), temperature);
    const max = p.reduce((m, v) => Math.max(m, a.number(v)), 0),
      unit = ulpOf(max);
    for (const [name, got] of both(() => sparsemax(x, n, { temperature: T }))) {
      got.forEach((v, i) => {
        count('sparsemax', dtype, name, distance(a, v, p[i]!) / unit, () => `${what}, T = ${T}: p[${i}] = ${v}`);
      });
      const sum = a.minus(rowOracle.sum(a, Array.from(got, a.of)), a.of(1));
      const size = single ? 1 : 1 + got.filter((v) => v > 0).length * max;
      count('sparsemax sum', dtype, name, Math.abs(a.number(sum)) / size, () => `${what}, T = ${T}`);
    }
  }

  const single = dtype === 'f32';
  const sizes = single ? SMALL : [1, 2, 3, 4, 5, 7, 8, 10, 16, 31, 32, 33, 40];
  test.each([...sizes, 100, 256, 257, 1000, 4097, ...(single ? [LONG] : [])])(
    'softmax, logSoftmax, logSumExp, sparsemax: n = %i',
    (n) =>
      withReference(dtype, (a) => {
        let i = 0;
        for (const row of rowsOf(dtype, n)) {
          const T = TEMPERATURES[i++ % TEMPERATURES.length]!;
          softmaxes(a, row, 1);
          sparsemaxes(a, row, 1);
          if (!single && n > 40 && i % 3 > 0) continue;
          softmaxes(a, row, T);
          sparsemaxes(a, row, T);
        }
        const ops = ['softmax', 'logSoftmax', 'logSumExp'];
        for (const op of ops) for (const kind of ['', ' far']) settle(op + kind, dtype);
        for (const op of ['sparsemax', 'sparsemax sum']) settle(op, dtype);
      }),
  );

  /** Gumbel or logistic noise of n elements of KEY. */
  function noise<V>(a: Arithmetic<V>, op: 'gumbel' | 'logistic', n: number): V[] {
    const words = random.bits(KEY, single ? n : 2 * n);
    return Array.from({ length: n }, (_, i) => {
      if (!single) return noiseOracle[op](a, quantile64(a, words, i));
      const { upper, v } = noiseOracle.extended32(words[i]!, i, KEY.low, KEY.high);
      return noiseOracle[op](a, { upper, v: a.of(v) });
    });
  }

  test.each([1, 2, 3, 7, 10, 33, 100, 1000, ...(single ? [4097] : [])])(
    'gumbelSoftmax, expConcrete, gumbelSigmoid: n = %i',
    (n) =>
      withReference(dtype, (a) => {
        const g = noise(a, 'gumbel', n),
          l = noise(a, 'logistic', n),
          normal = normals(n);
        for (const scale of [0, 1, 5, 1000]) {
          const logits = make(dtype, n, () => normal() * scale);
          const max = Math.max(...logits);
          for (const T of !single && n > 100 ? [0.5, 1] : [0.1, 0.5, 2 / 3, 1, 3]) {
            const temperature = single ? Math.fround(T) : T;
            const what = `n = ${n}, normal x ${scale}, T = ${T}`;
            const scores = g.map((v, i) => a.plus(a.minus(a.of(logits[i]!), a.of(max)), v));
            const { p, logP } = rowOracle.softmax(a, scores, temperature);
            const w = g.map((v, i) => (max - logits[i]! + Math.max(1, Math.abs(a.number(v)))) / temperature);
            const mean = p.reduce((sum, v, i) => sum + a.number(v) * w[i]!, 0);
            const op = T === 1 ? 'gumbelSoftmax T = 1' : 'gumbelSoftmax';
            for (const [name, got] of both(() => gumbelSoftmax(KEY, logits, n, { temperature: T }))) {
              got.forEach((v, i) => {
                if (a.number(p[i]!) < least) return;
                const unit = ulpOf(a.number(p[i]!)) * (T === 1 ? 1 : 1 + w[i]! + mean);
                const error = distance(a, v, p[i]!) / unit;
                count(op, dtype, name, error, () => `${what}: y[${i}] = ${v}`);
              });
            }
            for (const [name, got] of both(() => expConcrete(KEY, logits, n, { temperature: T }))) {
              got.forEach((v, i) => {
                const error = distance(a, v, logP[i]!) / (one * (1 + w[i]! + mean));
                count('expConcrete', dtype, name, error, () => `${what}: log y[${i}] = ${v}`);
              });
            }
            const bits = l.map((v, i) => a.over(a.plus(a.of(logits[i]!), v), a.of(temperature)));
            for (const [name, got] of both(() => gumbelSigmoid(KEY, logits, { temperature: T }))) {
              got.forEach((v, i) => {
                // in f64 a sum of two exponentials has both tails
                const ref = a.over(a.of(1), a.plus(a.of(1), a.exp(a.minus(a.of(0), bits[i]!))));
                const y = a.number(ref);
                if (y < least) return;
                const size = (Math.abs(logits[i]!) + Math.max(1, Math.abs(a.number(l[i]!)))) / temperature;
                const error = distance(a, v, ref) / (ulpOf(y) * (1 + size));
                count('gumbelSigmoid', dtype, name, error, () => `${what}: y[${i}] = ${v}`);
              });
            }
          }
        }
        for (const op of ['gumbelSoftmax', 'gumbelSoftmax T = 1', 'expConcrete', 'gumbelSigmoid']) settle(op, dtype);
      }),
  );

  /** Counts the error of one density. */
  function density<V>(a: Arithmetic<V>, logY: Floats, logits: Floats, T: number, what: string): void {
    const n = logits.length;
    const { value, term } = densityOf(a, logY, logits, T);
    const y = Math.abs(a.number(value)),
      unit = Math.max(y, single ? term : n * term);
    for (const [name, [v]] of both(() => Array.from(expConcreteLogProb(logY, logits, n, { temperature: T })))) {
      // n = 1: the density is 1, exactly
      const error = unit === 0 ? Math.abs(v!) : distance(a, v!, value) / unit;
      count('expConcreteLogProb', dtype, name, error, () => `n = ${n}, ${what}: ${v}, exactly ${a.number(value)}`);
    }
  }

  function densityOf<V>(a: Arithmetic<V>, logY: Floats, logits: Floats, T: number): { value: V; term: number } {
    const temperature = single ? Math.fround(T) : T;
    return rowOracle.expConcreteLogProb(a, Array.from(logY, a.of), Array.from(logits, a.of), temperature);
  }

  test.each([1, 2, 3, 4, 5, 17, 19, 20, 21, 100, 1000, ...(single ? [4097, 100_000] : [])])(
    'expConcreteLogProb: n = %i',
    (n) =>
      withReference(dtype, (a) => {
        const normal = normals(n);
        init({ backend: 'wasm' });
        for (const scale of n > 5000 ? [1] : [0.1, 1, 10]) {
          const logits = make(dtype, n, () => normal() * scale);
          for (const T of n > (single ? 5000 : 100) ? [0.5, 5] : [0.1, 0.5, 2 / 3, 1, 1.5, 5]) {
            const logY = expConcrete(KEY, logits, n, { temperature: T });
            density(a, logY, logits, T, `normal x ${scale}, T = ${T}`);
          }
        }
        settle('expConcreteLogProb', dtype);
      }),
  );

  if (single) {
    test.each([100, 1000, 4097, 100_000])('expConcreteLogProb where its terms cancel: n = %i', (n) => {
      // the density falls as y spreads, and passes 0
      const normal = normals(n),
        T = 5;
      const logits = make(dtype, n, normal),
        noise = random.gumbel(KEY, n);
      const spread = (by: number): Floats => make(dtype, n, (i) => noise[i]! * by);
      let low = 0,
        high = 16;
      for (let i = 0; i < 22; i++) {
        const middle = (low + high) / 2;
        if (densityOf(doubles, spread(middle), logits, T).value > 0) low = middle;
        else high = middle;
      }
      density(doubles, spread(low), logits, T, `T = ${T}, gumbel x ${low}`);
      settle('expConcreteLogProb', dtype);
    });
  }
});
