/** The densities: values, gradients, the facts that make them densities, their edges and errors. */
import {
  binConcreteLogProb,
  concreteLogProb,
  expConcrete,
  expConcreteLogProb,
  type Floats,
  key,
  logitBinConcreteLogProb,
  random,
} from 'anymax';
import { expect, test } from 'vitest';
import { expectClose, expectSame, F64, inEverySetting, normals, onBothBackends } from '../support/backends.ts';
import { DENSITIES, type Density, EDGES, points, type Row } from '../tables/densities.ts';
import { sum } from '../oracles/numeric.ts';

const TEMPERATURES = [0.1, 0.5, 1, 3];
const rowsOf = (x: Floats, n: number): number[][] =>
  Array.from({ length: x.length / n }, (_, r) => [...x.subarray(r * n, (r + 1) * n)]);
const widthOf = ({ rowwise }: Density, n: number): number => (rowwise ? n : 1);
const relative = (got: number, expected: number, unit = 1): number =>
  Math.abs(got - expected) / Math.max(unit, Math.abs(expected));
const f64 = (values: Row): Float64Array => Float64Array.from(values);

/** f' at x by five points, h apart. */
function slope(f: (x: number) => number, x: number, h: number): number {
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}

inEverySetting((dtype, backend) => {
  const where = `${dtype.name} ${backend}`;

  test.each(DENSITIES)('$name: its values are those of the formula', (entry) => {
    let worst = 0;
    for (const n of [1, 2, 3, 4, 5, 8, 13, 19, 20, 21, 100]) {
      const width = widthOf(entry, n);
      for (const masks of width > 2 ? [false, true] : [false]) {
        const { value, logits } = points(entry, dtype, 7, n, masks);
        const [x, a] = [rowsOf(value, width), rowsOf(logits, width)];
        for (const temperature of TEMPERATURES) {
          const got = entry.logProb(value, logits, n, { temperature });
          const expected = x.map((row, r) => entry.reference(row, a[r]!, dtype.round(temperature)));
          expect(got.length).toBe(expected.length);
          const unit = (r: number): number => (dtype === F64 ? 1 : entry.term(x[r]!, a[r]!, dtype.round(temperature)));
          worst = expected.reduce(
            (w, v, r) => Math.max(w, Math.abs(got[r]! - v) / Math.max(unit(r), Math.abs(v)) || 0),
            worst,
          );
        }
      }
    }
    const unit = dtype === F64 ? 1 : 'term';
    console.log(`${entry.name} ${where}: ${(worst / dtype.epsilon).toFixed(2)} epsilon of max(${unit}, |value|)`);
    expect(worst).toBeLessThan(dtype === F64 ? 200 * dtype.epsilon : 1e-6);
  });

  test.each(DENSITIES)('$name: its gradients are those of finite differences', (entry) => {
    let worst = 0;
    for (const n of [2, 3, 7, 8]) {
      const width = widthOf(entry, n);
      const { value, logits } = points(entry, dtype, 3, n, width === 3 || width === 8);
      const dLogProb = normals(dtype, (3 * n) / width, 5);
      const [x, a] = [rowsOf(value, width), rowsOf(logits, width)];
      for (const temperature of TEMPERATURES) {
        const t = dtype.round(temperature);
        const [dX, dA, dT] = entry.vjp(value, logits, dLogProb, n, { temperature });
        dLogProb.forEach((g, r) => {
          const [values, own] = [x[r]!, a[r]!];
          const compare = (got: number, f: (x: number) => number, at: number, h: number): void => {
            worst = Math.max(worst, relative(got, g * slope(f, at, h)));
          };
          compare(dT[r]!, (v) => entry.reference(values, own, v), t, 1e-3 * t);
          for (let k = 0; k < width; k++) {
            const at = r * width + k;
            if (own[k] === -Infinity) {
              expectSame(f64([dX[at]!, dA[at]!]), f64([0, 0]), 'masked');
              continue;
            }
            const room = entry.value === 'y' ? Math.min(values[k]!, entry.rowwise ? 1 : 1 - values[k]!) : 1;
            compare(dX[at]!, (v) => entry.reference(values.with(k, v), own, t), values[k]!, 1e-3 * room);
            compare(dA[at]!, (v) => entry.reference(values, own.with(k, v), t), own[k]!, 1e-3);
          }
        });
      }
    }
    console.log(`${entry.name}.vjp ${where}: ${worst.toExponential(1)} of max(1, |gradient|)`);
    // rows have their gradients in f64
    expect(worst).toBeLessThan(entry.rowwise || dtype === F64 ? Math.max(dtype.epsilon, 1e-8) : 1e-6);
  });

  test.each([10, 1000, 100_000])('n = %i: accuracy', (n) => {
    const temperature = 0.7,
      t = dtype.round(temperature);
    const logits = normals(dtype, n, 3, 2);
    const logY = expConcrete(key(n), logits, n, { temperature });
    for (const entry of DENSITIES.filter(({ rowwise }) => rowwise)) {
      const onSimplex = entry.value === 'y';
      const value = onSimplex ? logY.map(Math.exp) : logY;
      const [x, a] = [[...value], [...logits]];
      const l = onSimplex ? x.map(Math.log) : x;
      const w = a.map((v, i) => v - t * l[i]!);
      const max = w.reduce((p, q) => Math.max(p, q)),
        total = sum(w.map((v) => Math.exp(v - max)));
      const h = w.map((v) => 1 - (n * Math.exp(v - max)) / total),
        terms = l.map((v, i) => -v * h[i]!);
      const mean = (of: Row): number => sum(of.map(Math.abs)) / n;
      const [dX, dA, dT] = entry.vjp(
        value,
        logits,
        dtype.make(1, () => 1),
        n,
        { temperature },
      );
      const worst = (got: Floats, expected: (i: number) => number, unit: (i: number) => number = () => 1): number =>
        [...got].reduce((m, v, i) => Math.max(m, relative(v, expected(i), unit(i))), 0);
      const errors = {
        value: relative(entry.logProb(value, logits, n, { temperature })[0]!, entry.reference(x, a, t), mean(w)),
        [entry.value]: onSimplex
          ? worst(
              dX,
              (i) => (-t * h[i]! - 1) / x[i]!,
              (i) => 1 / x[i]!,
            )
          : worst(dX, (i) => -t * h[i]!),
        logits: worst(dA, (i) => h[i]!),
        temperature: relative(dT[0]!, sum([(n - 1) / t, ...terms]), mean(terms)),
      };
      const list = Object.entries(errors).map(([name, v]) => `${name} ${v.toExponential(1)}`);
      console.log(`${entry.name} ${where} n ${n}: ${list.join(', ')}`);
      // the sum for T is of n terms, the unit their mean
      const bound = (name: string): number => (dtype !== F64 ? 1e-6 : name === 'temperature' ? 1e-14 * n : 2e-12);
      for (const [name, v] of Object.entries(errors)) expect(v, name).toBeLessThan(bound(name));
    }
  });

  test.each(DENSITIES)('$name: the boundary and special values', (entry) => {
    const copy = (row: Row): Floats => dtype.make(row.length, (i) => row[i]!);
    for (const [x, a, temperature, expected] of EDGES[entry.name]!) {
      const label = `${x} | ${a} | ${temperature}`;
      expectClose(entry.logProb(copy(x), copy(a), x.length, { temperature }), [expected], 4 * dtype.epsilon, label);
      const all = entry.vjp(copy(x), copy(a), copy([1]), x.length, { temperature });
      for (const part of all) expect(part.every(Number.isNaN), label).toBe(true);
    }
  });

  test('logits further apart than the range: the density is 0, its gradient not finite', () => {
    const far = dtype === F64 ? 1.5e308 : 3e38,
      y = dtype.make(2, () => 0.5),
      logits = dtype.make(2, (i) => (i === 0 ? far : -far));
    expect(concreteLogProb(y, logits, 2)[0]).toBe(dtype === F64 ? -Infinity : Math.fround(-2 * far));
    for (const gradient of Object.values(
      concreteLogProb.vjp(
        y,
        logits,
        dtype.make(1, () => 1),
        2,
      ),
    ))
      if (dtype === F64) expect([...gradient]).toEqual([...gradient].map(() => NaN));
  });

  test('logits near the end of the range: the density of those that are moved to 0', () => {
    const n = 64,
      far = dtype === F64 ? 1e307 : 1e37;
    const logY = normals(dtype, n, 4).map((v) => Math.min(v, 0) - 4);
    const [here, there] = [0, far].map(
      (a) =>
        [
          a,
          expConcreteLogProb(
            logY,
            dtype.make(n, () => a),
            n,
          )[0]!,
        ] as const,
    );
    expect(Number.isFinite(here![1])).toBe(true);
    // float32 takes differences first; in float64 T log y is lost in the logits: w is the same for all
    expectClose(
      dtype.make(1, () => there![1]),
      dtype === F64 ? expConcreteLogProb(dtype.make(n), dtype.make(n), n) : dtype.make(1, () => here![1]),
      1e-6,
    );
  });

  test('all mass at one point: density 0, gradients 0', () => {
    const zeros = dtype.make(2);
    const one = dtype.make(2, () => 1),
      infinite = dtype.make(2, (i) => (i === 0 ? -Infinity : Infinity)),
      bits = dtype.make(2, (i) => i),
      finite = dtype.make(2, (i) => i - 3.5);
    const cases: [string, Floats, Floats][] = [
      ['expConcreteLogProb', dtype.make(2), finite],
      ['concreteLogProb', one, finite],
      ['binConcreteLogProb', bits, infinite],
      ['logitBinConcreteLogProb', infinite, infinite],
    ];
    for (const [name, value, logits] of cases) {
      const entry = DENSITIES.find((other) => other.name === name)!;
      expectSame(entry.logProb(value, logits, 1, { temperature: 0.5 }), zeros, name);
      for (const part of entry.vjp(value, logits, one, 1)) expectSame(part, zeros, name);
    }
  });
});

onBothBackends(() => {
  test('they integrate to 1: trapezoids in log-odds, whose error falls exponentially', () => {
    const range = (half: number, step: number): number[] =>
      Array.from({ length: 2 * Math.round(half / step) + 1 }, (_, i) => i * step - half);
    for (const temperature of [0.5, 1, 2]) {
      const half = 40 / temperature,
        o = { temperature };
      const z = f64(range(half, 0.05)),
        [y, rest] = [z.map((v) => 1 / (1 + Math.exp(-v))), z.map((v) => 1 / (1 + Math.exp(v)))];
      const logits = z.map(() => 0.7);
      const integral = (logP: Floats, logVolume: (i: number) => number): number =>
        0.05 * sum([...logP].map((v, i) => (Number.isFinite(v) ? Math.exp(v + logVolume(i)) : 0)));
      const volume = (i: number): number => Math.log(y[i]!) + Math.log(rest[i]!);
      expect(integral(logitBinConcreteLogProb(z, logits, o), () => 0)).toBeCloseTo(1, 12);
      expect(integral(binConcreteLogProb(y, logits, o), volume)).toBeCloseTo(1, 7);
      const pairs = f64([...y].flatMap((v, i) => [v, rest[i]!]));
      const two = concreteLogProb(
        pairs,
        pairs.map((_, i) => [0.7, 0][i % 2]!),
        2,
        o,
      );
      expect(integral(two, volume)).toBeCloseTo(1, 12);

      const step = 0.5 / temperature,
        grid = range(half, step),
        logY = f64(
          grid.flatMap((u) =>
            grid.flatMap((v) => {
              const max = Math.max(u, v, 0);
              const lse = max + Math.log(Math.exp(u - max) + Math.exp(v - max) + Math.exp(-max));
              return [u - lse, v - lse, -lse];
            }),
          ),
        );
      const own = logY.map((_, i) => [0.3, -0.4, 1][i % 3]!);
      const three = concreteLogProb(logY.map(Math.exp), own, 3, o);
      const terms = [...three].map((v, i) => Math.exp(v + logY[3 * i]! + logY[3 * i + 1]! + logY[3 * i + 2]!));
      expect(step * step * sum(terms)).toBeCloseTo(1, 9);
    }
  });

  test('the mean score of samples is 0; bounds of 5.6 deviations (false alarm 1.5e-7) see 0.03', () => {
    const [rows, n, temperature] = [100_000, 4, 0.7];
    const row = [0.3, -0.4, 1, 0];
    const ones = (length: number): Float64Array => new Float64Array(length).fill(1);
    const check = (label: string, scores: Floats, variance?: number): void => {
      const mean = sum([...scores]) / scores.length;
      const spread = sum([...scores].map((v) => (v - mean) ** 2)) / scores.length;
      expect(Math.abs(mean), label).toBeLessThan(5.6 * Math.sqrt(spread / scores.length));
      if (variance !== undefined) expect(Math.abs(spread / variance - 1), label).toBeLessThan(0.03);
    };
    // softmax(w) of a sample is uniform on the simplex, sigmoid(d) on [0, 1]: that gives the scores' variances
    const logits = f64(Array.from({ length: rows * n }, (_, i) => row[i % n]!));
    const logY = expConcrete(key(1), logits, n, { temperature });
    const score = expConcreteLogProb.vjp(logY, logits, ones(rows), n, { temperature });
    for (let k = 0; k < n; k++)
      check(
        `logit ${k}`,
        score.logits.filter((_, i) => i % n === k),
        (n - 1) / (n + 1),
      );
    check('T', score.temperature);
    const own = new Float64Array(rows).fill(0.4);
    const z = random.logistic(key(2), rows, { dtype: 'float64' }).map((v) => (v + 0.4) / temperature);
    const binary = logitBinConcreteLogProb.vjp(z, own, ones(rows), { temperature });
    check('binary logit', binary.logits, 1 / 3);
    check('binary T', binary.temperature);
  });

  test('they agree where one is another in other coordinates, values and gradients', () => {
    for (const temperature of [0.3, 1, 2]) {
      const [n, o] = [5, { temperature }];
      const { value: logY, logits } = points(DENSITIES[0]!, F64, 20, n);
      const y = logY.map(Math.exp) as Float64Array,
        g = normals(F64, 20, 9) as Float64Array;
      const sums = g.map((_, r) => sum([...logY.subarray(n * r, n * r + n)]));
      const own = expConcreteLogProb(logY, logits, n, o) as Float64Array;
      expectClose(
        concreteLogProb(y, logits, n, o),
        own.map((v, r) => v - sums[r]!),
        1e-11,
      );
      const [a, b] = [expConcreteLogProb.vjp(logY, logits, g, n, o), concreteLogProb.vjp(y, logits, g, n, o)];
      expectClose(b.logits, a.logits, 1e-12);
      expectClose(b.temperature, a.temperature, 1e-11);
      expectClose(
        b.y.map((v, i) => v * y[i]! + g[Math.floor(i / n)]!),
        a.logY,
        1e-12,
      );

      const z = normals(F64, 20, 4, 3) as Float64Array,
        x = z.map((v) => 1 / (1 + Math.exp(-v))),
        volume = (i: number): number => Math.log(x[i]!) + Math.log1p(-x[i]!);
      const bits = normals(F64, 20, 6) as Float64Array;
      const inUnit = binConcreteLogProb(x, bits, o);
      expectClose(
        inUnit,
        logitBinConcreteLogProb(z, bits, o).map((v, i) => v - volume(i)),
        1e-11,
      );
      const pairs = f64([...x].flatMap((v) => [v, 1 - v]));
      const twoLogits = f64([...bits].flatMap((v) => [v, 0]));
      expectClose(inUnit, concreteLogProb(pairs, twoLogits, 2, o), 1e-11);
    }
  });

  const two = new Float32Array(2);
  test.each(DENSITIES)('$name: errors name the argument, and leave out alone', (entry) => {
    const out = new Float32Array(entry.rowwise ? 1 : 2).fill(7);
    const wrong: [string, () => unknown, ErrorConstructor][] = [
      [entry.value, () => entry.logProb([0] as never, two, 2), TypeError],
      ['logits', () => entry.logProb(two, new Float64Array(2), 2, { out } as never), TypeError],
      ['logits', () => entry.logProb(two, new Float32Array(3), 2, { out } as never), RangeError],
      ['temperature', () => entry.logProb(two, two, 2, { temperature: 0, out } as never), RangeError],
      ['temperature', () => entry.logProb(two, two, 2, { temperature: Infinity, out } as never), RangeError],
      ['options', () => entry.logProb(two, two, 2, { tau: 1, out } as never), TypeError],
      ['out', () => entry.logProb(two, two, 2, { out: new Float32Array(5) } as never), RangeError],
      ['dLogProb', () => entry.vjp(two, two, new Float32Array(5), 2), RangeError],
      ['dLogProb', () => entry.vjp(two, two, [1] as never, 2), TypeError],
      ['options', () => entry.vjp(two, two, out, 2, { out } as never), TypeError],
      ['temperature', () => entry.vjp(two, two, out, 2, { temperature: -1 }), RangeError],
      ...(entry.rowwise ? [['n', () => entry.vjp(two, two, out, 0), RangeError] as never] : []),
    ];
    for (const [name, call, kind] of wrong) {
      expect(call, name).toThrow(kind);
      expect(call).toThrow(new RegExp(`^${name}\\b`));
    }
    expect(out.every((v) => v === 7)).toBe(true);
    expect(
      entry.vjp(new Float32Array(0), new Float32Array(0), new Float32Array(0), 3).map(({ length }) => length),
    ).toEqual([0, 0, 0]);
    const inPlace = two.slice();
    if (!entry.rowwise) expect(entry.logProb(inPlace, two, 1, { out: inPlace } as never)).toBe(inPlace);
  });
});
