/** Every row of MAXES against the definitions of oracles/definitions.ts: the map, its gradients, entropy and Fenchel-Young loss. */
import { argmax, entmax, entmax15, type Floats, gumbelSoftmax, hardmax, key, softmax, sparsemax } from 'anymax';
import { describe, expect, test } from 'vitest';
import {
  type Dtype,
  expectClose,
  expectSame,
  F64,
  inEverySetting,
  normals,
  onBothBackends,
} from '../support/backends.ts';
import { generator } from '../tables/kernels.ts';
import { type MaxRow, MAXES, tsallisRow } from '../tables/maxes.ts';
import { bySorting, dot, fenchelYoung, jacobian, rightSlope, slope, tsallis } from '../oracles/definitions.ts';

const SMALL = Array.from({ length: 19 }, (_, i) => i + 1);
const SCALES = Array.from({ length: 15 }, (_, i) => 10 ** (i - 5));
const SHAPES = [1, 2, 3, 5, 8].flatMap((n) => [1, 2].map((seed) => ({ n, seed })));
const TEMPERATURE = 0.75;

/** What the package claims of an entry, as a part of max p; other T than 1 round z once more. */
const partOf = ({ name, epsilon }: Dtype): number => (name === 'float32' ? 4 * epsilon : 1e-12);

const numbers = (length: number, seed: number): number[] => Array.from(normals(F64, length, seed));
const most = (values: Iterable<number>): number => Math.max(...[...values].map(Math.abs));

/** Scores, exact in both dtypes, at which the max is smooth: no class is within 0.05 of where its support ends. */
function smooth({ row }: MaxRow, n: number, seed: number): number[] {
  const random = generator(1000 * seed + n);
  const support = (x: number[]): string => String(row(x, TEMPERATURE).map((v) => v > 0));
  while (true) {
    const x = Array.from({ length: n }, () => Math.round(512 * (2 * random() - 1)) / 512);
    const here = support(x);
    const near = x.flatMap((v, i) => [0.05, -0.05].map((d) => support(x.with(i, v + d))));
    if (near.every((other) => other === here)) return x;
  }
}

/** A point of the simplex, with a zero where it can. */
function simplex(n: number, seed: number): number[] {
  const e = numbers(n, seed).map((v, i) => (n > 2 && i === 1 ? 0 : Math.abs(v) + 0.1));
  const total = e.reduce((a, b) => a + b);
  return e.map((v) => v / total);
}

inEverySetting((dtype) => {
  const of = (values: readonly number[]): Floats => dtype.make(values.length, (i) => values[i]!);
  const part = partOf(dtype);
  const options = { temperature: TEMPERATURE };

  test('softmax of equal logits: the nearest to 1 / n for zeros up to n = 32, 1 / 2 for two whole numbers', () => {
    const row = (n: number, value: number): Floats => dtype.make(n, () => value);
    for (let n = 1; n <= 32; n++) expectSame(softmax(row(n, 0), n), row(n, 1 / n));
    for (const x of [1, 2, 3, 4, 5, 10]) expectSame(softmax(of([x, x, -x, -x]), 2), row(4, 0.5));
  });

  describe.each(MAXES)('$name', (entry) => {
    const { max, alpha, row } = entry;

    test('is the max, on the simplex, in the order of the scores, whatever their scale and order', () => {
      for (const n of [...SMALL, 33, 100]) {
        for (const scale of n % 5 === 0 ? SCALES : [SCALES[n % SCALES.length]!, 1]) {
          const x = normals(dtype, n, 31 * n, scale);
          if (n > 3) x[n % 3] = -Infinity;
          const label = `n ${n}, scale ${scale}`;
          const p = max(x, n),
            exact = row([...x], 1);
          // softmax claims 5 ULP of each entry, which is more than a part of max p
          expectClose(p, exact, (alpha === 1 ? 5 * dtype.epsilon : part) * most(exact), label);
          const sum = [...p].reduce((a, b) => a + b);
          expect(Math.abs(sum - 1), label).toBeLessThan(dtype.name === 'float32' ? 2 ** -21 : 1e-12);
          const order = [...x.keys()].sort((i, j) => x[i]! - x[j]!);
          const sorted = order.map((i) => p[i]!);
          expect(sorted[0], label).toBeGreaterThanOrEqual(0);
          sorted.forEach((v, i) => i > 0 && expect(v, label).toBeGreaterThanOrEqual(sorted[i - 1]! * (1 - 1e-6)));
          expectClose(max(of(order.map((i) => x[i]!)), n), sorted, part * most(exact), `${label}, sorted`);
        }
      }
    });

    test('at other T', () => {
      for (const n of [2, 7, 40]) {
        const x = normals(dtype, n, n, 2);
        for (const temperature of [0.05, 0.5, 3, 100]) {
          const exact = row([...x], dtype.round(temperature));
          const z = (most(x) * 2) / temperature;
          expectClose(max(x, n, { temperature }), exact, (part + dtype.epsilon * z) * most(exact), `T ${temperature}`);
        }
      }
    });

    test('vjp is the explicit Jacobian and the slope of the max', () => {
      for (const { n, seed } of SHAPES) {
        const x = smooth(entry, n, seed),
          d = numbers(n, seed + 50);
        const p = max(of(x), n, options),
          dp = of(d);
        const J = jacobian([...p], alpha, TEMPERATURE);
        const size = Math.max(...J.map((r) => most(r))) * most(d);
        const dx = max.vjp(p, dp, n, options);
        expectClose(dx, J.map((r) => dot(r, [...dp])), 16 * dtype.epsilon * size, `n ${n}`); // prettier-ignore
        const slopes = x.map((v, i) => slope((h) => dot(d, row(x.with(i, v + h), TEMPERATURE))));
        expectClose(dx, slopes, (dtype.name === 'float32' ? 1e-5 : 2e-8) * size + 1e-9, `n ${n}`);
      }
    });

    test('vjpTemperature is the slope by T', () => {
      for (const { n, seed } of SHAPES) {
        const x = smooth(entry, n, seed),
          d = numbers(n, seed + 60);
        const p = max(of(x), n, options);
        const expected = slope((h) => dot(d, row(x, TEMPERATURE + h)));
        const size = 1 + most(jacobian([...p], alpha, TEMPERATURE).flat()) * most(d);
        const got = max.vjpTemperature(p, of(d), n, options);
        expectClose(got, [expected], (dtype.name === 'float32' ? 1e-5 : 1e-8) * size, `n ${n}, seed ${seed}`);
      }
    });

    test('vjpAlpha is the slope by alpha', () => {
      for (const { n, seed } of SHAPES) {
        const x = smooth(entry, n, seed),
          d = numbers(n, seed + 70);
        const p = max(of(x), n, options);
        const at = (h: number): number => dot(d, (h === 0 ? row : tsallisRow(alpha + h))(x, TEMPERATURE));
        const expected = alpha === 1 ? rightSlope(at) : slope(at);
        const size = 1 + most(jacobian([...p], alpha, TEMPERATURE).flat()) * most(d);
        const got = max.vjpAlpha(p, of(d), n);
        expectClose(got, [expected], (dtype.name === 'float32' ? 1e-5 : 1e-7) * size, `n ${n}, seed ${seed}`);
      }
    });

    test('gradients: 0 at both limits of T and where p is 0, NaN for a NaN, 0 for a constant', () => {
      const p = of([0.5, 0, 0.5, 0.25, NaN, 0.75]),
        dp = of([1, Infinity, -1, 1, 2, 3]);
      const dx = max.vjp(p, dp, 3);
      expect([dx[1], ...dx.subarray(3)]).toEqual([0, NaN, NaN, NaN]);
      expect(dx[0]).toBeGreaterThan(0);
      expect([...max.vjpTemperature(p, dp, 3)].map(Number.isNaN)).toEqual([false, true]);
      expect([...max.vjpAlpha(p, dp, 3)].map(Number.isNaN)).toEqual([false, true]);
      const whole = p.subarray(0, 3);
      for (const temperature of [0, Infinity]) {
        expectClose(max.vjp(whole, of([1, 2, 3]), 3, { temperature }), [0, 0, 0], 0);
        expectClose(max.vjpTemperature(whole, of([1, 2, 3]), 3, { temperature }), [0], 0);
        expect(max.vjp(p, dp, 3, { temperature })[4]).toBe(NaN);
        expect(max.vjpTemperature(p, dp, 3, { temperature })[1]).toBe(NaN);
      }
      const seven = of([7, 7, 7]);
      expectClose(max.vjp(whole, seven, 3), [0, 0, 0], 1e-6);
      for (const f of [max.vjpTemperature, max.vjpAlpha]) expectClose(f(whole, seven, 3), [0], 1e-6);
      for (const f of [max.vjp, max.vjpTemperature, max.vjpAlpha]) expectClose(f(of([1, 1]), of([3, -4]), 1), [0, 0], 0); // prettier-ignore
    });

    test('entropy is its definition: 0 at a vertex, NaN for a NaN or a negative p', () => {
      for (const n of SMALL) {
        const p = of(simplex(n, n));
        expectClose(max.entropy(p, n), [tsallis([...p], alpha)], 4 * dtype.epsilon, `n ${n}`);
        expectClose(max.entropy(dtype.make(n, (i) => Number(i === n - 1)), n), [0], 0); // prettier-ignore
      }
      const odd = max.entropy(of([0.5, NaN, 1, 0, -0.1, 1.1]), 2);
      expect([...odd]).toEqual([NaN, 0, NaN]);
    });

    test('loss is max_p (<p, x> + H(p)) - H(y) - <y, x>, at least 0; lossGradient its slope', () => {
      for (const { n, seed } of SHAPES) {
        const x = smooth({ ...entry, row: (v) => row(v, 1) }, n, seed),
          index = seed % n;
        const distribution = [...of(simplex(n, seed))];
        const vertex = x.map((_, i) => Number(i === index));
        const single = dtype.name === 'float32';
        for (const [target, y] of [
          [Int32Array.of(index), vertex],
          [of(distribution), distribution],
          [of([...max(of(x), n)]), [...max(of(x), n)]],
        ] as const) {
          const [loss] = max.loss(of(x), target, n);
          const at = (scores: number[]): number => fenchelYoung(row(scores, 1), scores, y, alpha);
          expect(Math.abs(loss! - at(x)), `n ${n}`).toBeLessThan(single ? 1e-6 : 1e-12);
          expect(loss).toBeGreaterThanOrEqual(0);
          const gradient = max.lossGradient(of(x), target, n);
          const slopes = x.map((v, i) => slope((h) => at(x.with(i, v + h))));
          expectClose(gradient, slopes, single ? 1e-6 : 1e-9, `n ${n}`);
        }
      }
    });

    test('loss: exactly 0 from the margin on; +Infinity for a masked target; offsets cost nothing', () => {
      const margin = alpha === 1 ? 1000 : 1 / (alpha - 1);
      for (const n of SMALL.slice(1)) {
        const x = dtype.make(n, (i) => (i === 1 ? 0 : -margin - (i % 3)));
        expectSame(max.loss(x, Int32Array.of(1), n), of([0]), `n ${n}`);
        expectSame(max.lossGradient(x, Int32Array.of(1), n), dtype.make(n), `n ${n}`);
        const short = x.map((v) => v / 2);
        if (alpha > 1) expect(max.loss(short, Int32Array.of(1), n)[0], `n ${n}`).toBeGreaterThan(0);
        const masked = dtype.make(n, (i) => (i === 0 ? -Infinity : i / 4));
        expect([...max.loss(masked, Int32Array.of(0), n)]).toEqual([Infinity]);
        expect(max.loss(masked, Int32Array.of(1), n)[0]).toBeLessThan(Infinity);
        expect(max.lossGradient(masked, Int32Array.of(1), n)[0]).toBe(0);
        for (const offset of [1e4, -1e4]) {
          const plain = dtype.make(n, (i) => Math.round(Math.sin(i) * 256) / 256),
            moved = plain.map((v) => v + offset);
          const target = Int32Array.of(n - 1);
          const [from, to] = [max.loss(plain, target, n), max.loss(moved, target, n)];
          // softmax takes x as it is
          if (alpha === 1) expectClose(to, from, 16 * dtype.epsilon * from[0]!, `n ${n}, offset ${offset}`);
          else expectSame(to, from, `n ${n}, offset ${offset}`);
          const y = of(simplex(n, n)),
            total = [...y].reduce((a, b) => a + b);
          const [far, near] = [max.loss(moved, y, n)[0]!, max.loss(plain, y, n)[0]!];
          // <y, x> moves by the offset times sum y
          expect(Math.abs(far - near - offset * (1 - total))).toBeLessThan(dtype.name === 'float32' ? 1e-6 : 1e-10);
        }
      }
    });

    test('loss: an index outside [0, n), a NaN in x or y is a NaN row of its own', () => {
      const x = of([0.5, 1, 0.25, 0.5, 1, 0.25, NaN, 0, 0, 0.5, 1, 0.25]);
      const target = Int32Array.of(2, 3, 0, -1);
      expect([...max.loss(x, target, 3)].map(Number.isNaN)).toEqual([false, true, true, true]);
      const gradient = [...max.lossGradient(x, target, 3)].map(Number.isNaN);
      expect(gradient).toEqual([false, false, false, ...Array<boolean>(9).fill(true)]);
      const y = of([1, 0, 0, 0, NaN, 1, 1, 0, 0, 0, 0.5, 0.5]);
      expect([...max.loss(x, y, 3)].map(Number.isNaN)).toEqual([false, true, true, false]);
    });

    test('out: a new array, given, or one of the inputs; a row alone decides', () => {
      for (const n of [1, 3, 17, 700]) {
        const rows = 25, // of 700: more than a chunk
          x = normals(dtype, rows * n, n);
        const p = max(x, n),
          d = normals(dtype, rows * n, n + 1),
          y = max(d, n);
        const calls: [string, Floats[], (a: Floats[], out?: Floats) => Floats][] = [
          ['vjp', [p, d], ([a, b], out) => max.vjp(a!, b!, n, out && { out })],
          ['vjpTemperature', [p, d], ([a, b], out) => max.vjpTemperature(a!, b!, n, out && { out })],
          ['vjpAlpha', [p, d], ([a, b], out) => max.vjpAlpha(a!, b!, n, out && { out })],
          ['entropy', [p], ([a], out) => max.entropy(a!, n, out && { out })],
          ['loss', [x, y], ([a, b], out) => max.loss(a!, b!, n, out && { out })],
          ['lossGradient', [x, y], ([a, b], out) => max.lossGradient(a!, b!, n, out && { out })],
        ];
        for (const [name, inputs, call] of calls) {
          const expected = call(inputs),
            width = expected.length / rows;
          expect(expected.length).toBe(['vjp', 'lossGradient'].includes(name) ? rows * n : rows);
          const out = dtype.view(expected, 1).fill(77);
          expect(call(inputs, out)).toBe(out);
          expectSame(out, expected, `${name} n ${n}`);
          for (const r of [0, 1, rows - 1]) {
            const alone = call(inputs.map((a) => a.subarray(r * n, (r + 1) * n)));
            expectSame(alone, expected.slice(r * width, (r + 1) * width), `${name} n ${n} row ${r}`);
          }
          if (width !== n) continue;
          for (const at of inputs.keys()) {
            const copies = inputs.map((a) => a.slice());
            expect(call(copies, copies[at]!)).toBe(copies[at]);
            expectSame(copies[at]!, expected, `${name} n ${n} in place ${at}`);
          }
        }
      }
    });
  });

  test.each([
    ['entmax15', entmax15, 1.5],
    ['sparsemax', sparsemax, 2],
  ] as const)('%s: the threshold in closed form, after sorting, agrees', (_, max, alpha) => {
    for (const n of [...SMALL, 100, 1000]) {
      const x = normals(dtype, n, n).map((v, i) => (i % 7 === 3 ? -Infinity : v));
      for (const temperature of [0.25, 1, 8]) {
        const exact = bySorting([...x], alpha, temperature);
        expectClose(max(x, n, { temperature }), exact, (part + 8 * dtype.epsilon) * most(exact), `n ${n}`);
      }
    }
  });
});

/** The entmax package's published values. */
const PUBLISHED = [
  ['sparsemax', sparsemax, [-2, 0, 0.5], [0, 0.25, 0.75]],
  ['entmax15', entmax15, [-2, 0, 0.5], [0, 0.32600736, 0.67399264]],
  ['entmax(1.33)', entmax(1.33), [-1, 0, 0.5], [0.04598203, 0.32763225, 0.62638572]],
  ['entmax(1.33)', entmax(1.33), [1, 2, 3.5], [0.00255806, 0.10115538, 0.89628656]],
] as const;

onBothBackends(() => {
  test.each(PUBLISHED)("the entmax package's values: %s of %#", (_, max, x, p) => {
    expectClose(max(Float64Array.from(x), x.length), p, 1e-8);
    expectClose(max(Float32Array.from(x), x.length), p, 1e-7);
  });

  test('entmax(1), entmax(1.5) and entmax(2) are softmax, entmax15 and sparsemax; other alphas keep theirs', () => {
    expect([entmax(1), entmax(1.5), entmax(2)]).toEqual([softmax, entmax15, sparsemax]);
    for (const { max, alpha } of MAXES) expect(max.alpha).toBe(alpha);
  });

  test('alpha goes over to softmax at 1, with its derivative, and to hardmax at Infinity', () => {
    const n = 40,
      x = Float64Array.from(numbers(n, 9)),
      d = Float64Array.from(numbers(n, 10));
    const p = softmax(x, n),
      [byAlpha] = softmax.vjpAlpha(p, d, n);
    for (const step of [1e-4, 1e-6, 1e-8, 1e-12]) {
      const near = entmax(1 + step);
      expectClose(near(x, n), p, 20 * step + 1e-15, `1 + ${step}`);
      expectClose(near.vjpAlpha(p, d, n), [byAlpha!], 1e3 * step + 1e-12, `1 + ${step}`);
      expectClose(near.entropy(p, n), softmax.entropy(p, n), 100 * step + 1e-14);
    }
    for (const alpha of [1e3, 1e6, 1e12]) expectSame(entmax(alpha)(x, n), hardmax(x, n));
  });

  test.each(MAXES)('gumbelSoftmax.vjp is the vjp of $name at the sample; straight-through in two lines', (entry) => {
    const { max } = entry,
      n = 4,
      o = { temperature: 0.75, max };
    const logits = Float64Array.of(0.3, -0.4, 1.1, -Infinity),
      dz = Float64Array.of(1, -2, 0.5, 3);
    const y = gumbelSoftmax(key(7), logits, n, o);
    expect(argmax(hardmax(y, n), n)).toEqual(argmax(y, n));
    const dLogits = gumbelSoftmax.vjp(y, dz, n, o);
    expectSame(dLogits, max.vjp(y, dz, n, { temperature: 0.75 }));
    const sample = (moved: Floats, temperature = 0.75): number =>
      dot([...dz], [...gumbelSoftmax(key(7), moved, n, { ...o, temperature })]);
    for (let i = 0; i < 3; i++) {
      const expected = slope((h) => sample(logits.with(i, logits[i]! + h)), 1e-5);
      expect(Math.abs(dLogits[i]! - expected)).toBeLessThan(1e-7);
    }
    expect(dLogits[3]).toBe(0);
    const byTemperature = gumbelSoftmax.vjpTemperature(y, dz, n, o);
    expectSame(byTemperature, max.vjpTemperature(y, dz, n, { temperature: 0.75 }));
    const expected = slope((h) => sample(logits, 0.75 + h), 1e-5);
    expect(Math.abs(byTemperature[0]! - expected)).toBeLessThan(1e-7);
  });
});
