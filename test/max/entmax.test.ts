/** entmax(alpha) from 1 to 1000 against 200 bits: each entry, the sum of a row, temperatures and scores at the ends of the range. */
import { entmax, type Floats } from 'anymax';
import { afterAll, expect, test } from 'vitest';
import { expectClose, expectSame, inEverySetting, normals, on } from '../support/backends.ts';
import { doubles, ulp } from '../oracles/arithmetic.ts';
import { number } from '../oracles/big.ts';
import { exactEntmax } from '../oracles/exact.ts';

const ALPHAS = [1 + 1e-6, 1.001, 1.1, 1.25, 1.6, 1.9, 1.99, 2.01, 3, 6, 10, 20, 50, 1000];
const exact = new Map<string, number[]>();

inEverySetting((dtype) => {
  let worst = 0;
  afterAll(() => console.log(`entmax ${dtype.name}: the greatest error is ${worst.toFixed(2)} of the bound`));
  const single = dtype.name === 'float32',
    huge = single ? 3e38 : 1.5e308;

  function check(alpha: number, x: Floats, temperature: number, label: string): void {
    const name = `${dtype.name} ${alpha} ${temperature} ${label}`;
    if (!exact.has(name)) exact.set(name, exactEntmax([...x], alpha, temperature).map(number));
    const p = exact.get(name)!,
      most = p.reduce((a, b) => Math.max(a, b)),
      got = entmax(alpha)(x, x.length, { temperature });
    const bound = single ? 4 * ulp.f32(most) : 1e-12 * most;
    expectClose(got, p, bound, `alpha ${alpha}, ${label}`);
    got.forEach((v, i) => (worst = Math.max(worst, Math.abs(v - p[i]!) / bound)));
    const sum = doubles.adder();
    for (const v of got) sum.add(v);
    expect(Math.abs(sum.value() - 1), `alpha ${alpha}, ${label}`).toBeLessThan(single ? 2 ** -22 : 1e-14);
  }

  test.each(ALPHAS)('alpha %d', (alpha) => {
    const d = alpha - 1;
    for (const n of [2, 3, 10, 33]) {
      const x = normals(dtype, n, n);
      check(alpha, x, 1, `n ${n}`);
      if (n === 10) for (const T of [0.3, 40].map(dtype.round)) check(alpha, x, T, `n ${n}, T ${T}`);
      check(alpha, x.map((v) => (0.3 * v) / d), 1, `n ${n}, as wide as the support`); // prettier-ignore
      check(alpha, x.map((v) => v * 1e-3), 1, `n ${n}, near`); // prettier-ignore
      check(alpha, x.map((v, i) => -((i % 3) / (2 * alpha)) + 1e-6 * v), 1, `n ${n}, clusters`); // prettier-ignore
      check(alpha, x.map((_, i) => (i === 1 ? 0 : -0.999 / d)), 1, `n ${n}, one above the edge`); // prettier-ignore
      if (n < 10) check(alpha, x.map((v, i) => -Math.exp(-12 * i + v) / d), 1, `n ${n}, steep`); // prettier-ignore
      if (n === 3) check(alpha, x.with(2, -Infinity), 1, 'masked');
    }
    const ends = dtype.make(2, (i) => (i === 0 ? huge : -huge)),
      T = dtype.round(huge * Math.min(1, d));
    check(alpha, ends, T, 'the ends of the range');
    for (const scale of [1e-30, 1e30].map(dtype.round)) check(alpha, dtype.make(3, (i) => (-i * scale) / (4 * d)), scale, `T ${scale}`); // prettier-ignore
  });

  /** Winners and, beside the edge of the support, levels of scores that many classes share. */
  function edge(n: number, winners: number, levels: number, depth: number, d: number, at = 0, T = 1): Floats {
    const reach = winners ** -d / d;
    return dtype.make(n, (i) => at - (i < winners ? 0 : (1 - (depth * (1 + (i % levels))) / levels) * reach * T));
  }

  test.each([1 + 2 ** -30, 1.25, 1.575, 1.995, 1.99997, 1.9999999, 2.000005, 30])(
    'where many classes lie at the threshold, alpha %d',
    (alpha) => {
      const d = alpha - 1;
      for (const depth of [10, 18, 30].map((k) => 2 ** -k)) {
        check(alpha, edge(523, 2, 6, depth, d), 1, `depth ${depth}`);
        check(alpha, edge(33, 1, 4, 2 * depth, d, 4.25, 0.25), 0.25, `depth ${depth}, one above`);
        check(alpha, edge(23, 1, 4, 4 * depth, d, -6.5, 7), 7, `depth ${depth}, a short row`);
      }
      if (single)
        for (const depth of [2 ** -16, 0.1, 0.7])
          check(alpha, edge(131072, 3, 1, depth, d), 1, `all at ${depth} of the edge`);
      // a few levels, all of about 1 / n
      const step = 2 * dtype.epsilon * Math.min(1, 1 / d);
      check(alpha, dtype.make(13374, (i) => 2.118 - step * ((i * i) % 5)), dtype.round(0.016), 'levels that are roundings apart'); // prettier-ignore
    },
  );

  test.each(single ? [] : [1.25, 1.75, 1.99, 1.99999])('all of 131,072 classes in the support, alpha %d', (alpha) => {
    // four levels of p, and the scores that they are of
    const n = 131_072,
      d = alpha - 1,
      P = 8 / (5 * n),
      p = [0, 1, 2, 3].map((level) => P * (1 - level / 4));
    const scores = p.map((v) => (v ** d - P ** d) / d),
      got = entmax(alpha)(
        dtype.make(n, (i) => scores[i % 4]!),
        n,
      );
    let error = 0;
    got.forEach((v, i) => (error = Math.max(error, Math.abs(v - p[i % 4]!))));
    expect(error).toBeLessThan(1e-12 * P);
  });

  test('the row that left the simplex', () => {
    const p = entmax(10)(dtype.make(2, (i) => i * 0.111), 2); // prettier-ignore
    if (!single) expectClose(p, [0.00011116052494245367, 0.9998888394750576], 1e-12);
    expect(Math.abs(p[0]! + p[1]! - 1)).toBeLessThan(single ? 2 ** -22 : 1e-14);
  });
});

test('a score that is below the least by less than T can tell has the same bits on both backends', () => {
  const tiny = 5e-324;
  const x = Float64Array.of(0, tiny, tiny, -tiny, tiny, tiny, tiny, -0, tiny);
  const [wasm, js] = (['wasm', 'js'] as const).map((name) => on(name, () => entmax(1000)(x, 9, { temperature: 2.5 })));
  expectSame(js!, wasm!);
});
