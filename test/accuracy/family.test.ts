/** The greatest errors of entmax, of the gradients, entropies and losses of the family, against table.ts. */
import { entmax, entmax15, init, type Max, softmax, sparsemax } from 'anymax';
import { afterAll, describe, test } from 'vitest';
import { dot, tsallis } from '../oracles/definitions.ts';
import { BACKENDS, count, type Floats, make, type Name, normals, report, settle, uniforms } from './harness.ts';
import { ulp } from '../oracles/arithmetic.ts';
import type { Dtype } from './table.ts';

afterAll(() => console.log(report()));

const ALPHAS = [1.1, 1.25, 1.5, 1.75, 2.5, 3, 4];

function sum(values: Iterable<number>): number {
  let [total, lost] = [0, 0];
  for (const v of values) {
    const next = total + v;
    lost += Math.abs(total) >= Math.abs(v) ? total - next + v : v - next + total;
    total = next;
  }
  return total + lost;
}

const greatest = (x: Floats): number => Array.from(x).reduce((a, b) => Math.max(a, b));

/** q (1 + d z / q^d)+^(1 / d), with the greatest p, q, by bisection: right to 1e-14 of q by fdlibm's functions. */
function entmaxOf(x: Floats, alpha: number, temperature: number): Float64Array {
  const d = alpha - 1,
    max = greatest(x);
  const z = Float64Array.from(x, (v) => (v - max) / temperature);
  const candidates = z.filter((v) => v > -1 / d);
  const p = (v: number, q: number, scale: number): number => {
    const r = d * v * scale;
    return r > -1 ? q * Math.exp(Math.log1p(r) / d) : 0;
  };
  let [low, high] = [1 / x.length, 1];
  for (let step = 0; step < 60; step++) {
    const q = (low + high) / 2,
      scale = q ** -d;
    let total = 0;
    for (const v of candidates) total += p(v, q, scale);
    if (total >= 1) high = q;
    else low = q;
  }
  return z.map((v) => p(v, high, high ** -d));
}

function* rowsOf(dtype: Dtype, n: number): Generator<[what: string, x: Floats]> {
  const normal = normals(n);
  for (const scale of n > 5000 ? [1] : [1e-5, 1e-3, 0.1, 1, 10, 1e9]) {
    yield [`normal x ${scale}`, make(dtype, n, () => normal() * scale)];
  }
  yield ['all the same', make(dtype, n, () => 3)];
  yield ['near ties', make(dtype, n, () => normal() * 1e-9)];
  yield ['a slope', make(dtype, n, (i) => -i / 8)];
}

describe.each<Dtype>(['f32', 'f64'])('%s', (dtype) => {
  const single = dtype === 'f32',
    unit = ulp[dtype];

  /** Counts the errors on both backends of what `run` gives, by place. */
  function measure(op: string, what: string, run: () => Floats, exact: ArrayLike<number>, size: number): void {
    for (const name of BACKENDS) {
      init({ backend: name });
      const got = run();
      for (let i = 0; i < got.length; i++) {
        count(op, dtype, name satisfies Name, Math.abs(got[i]! - exact[i]!) / size, () => `${what}: ${got[i]} at ${i}`);
      }
    }
  }

  test.each([1, 2, 3, 5, 8, 17, 33, 40, 100, 1000, 4097, 131_072])('entmax: n = %i', (n) => {
    for (const alpha of n > 5000 ? [1.5, 4] : ALPHAS) {
      const op = alpha === 1.5 ? 'entmax15' : 'entmax',
        max = entmax(alpha);
      let turn = 0;
      for (const [what, x] of rowsOf(dtype, n)) {
        const temperature = single && n < 5000 ? [1, 0.25, 4][turn++ % 3]! : 1;
        const exact = entmaxOf(x, alpha, temperature),
          most = exact.reduce((a, b) => Math.max(a, b));
        const label = `alpha ${alpha}, n ${n}, ${what}, T ${temperature}`;
        measure(op, label, () => max(x, n, { temperature }), exact, single ? unit(most) : most);
        if (!single) continue;
        measure(`${op} sum`, label, () => Float32Array.of(sum(max(x, n, { temperature })) - 1), [0], 1);
      }
    }
    for (const op of ['entmax15', 'entmax']) {
      settle(op, dtype);
      if (single) settle(`${op} sum`, dtype);
    }
  });

  const FAMILY: readonly [number, Max][] = [[1, softmax], [2, sparsemax], [1.5, entmax15], ...[1.1, 1.75, 3].map((a): [number, Max] => [a, entmax(a)])]; // prettier-ignore

  /** x (x^(alpha-1) - 1) / (alpha - 1), x log x at alpha = 1. */
  const term = (x: number, alpha: number): number =>
    x === 0 ? 0 : alpha === 1 ? x * Math.log(x) : (x * Math.expm1((alpha - 1) * Math.log(x))) / (alpha - 1);

  test.each([1, 2, 3, 8, 33, 100, 1000])('gradients, entropies and losses: n = %i', (n) => {
    init({ backend: 'wasm' });
    for (const [alpha, max] of FAMILY) {
      for (const scale of [0.1, 1, 5]) {
        const normal = normals(n + scale * 10),
          temperature = 0.75,
          o = { temperature };
        const x = make(dtype, n, () => normal() * scale),
          dp = make(dtype, n, normal);
        const what = `alpha ${alpha}, n ${n}, normal x ${scale}`;
        init({ backend: 'wasm' });
        const p = max(x, n, o);
        const s = Float64Array.from(p, (v) => (v > 0 ? v ** (2 - alpha) : 0)),
          mean = sum(s.map((v, i) => v * dp[i]!)) / sum(s);
        const size = s.reduce((most, v, i) => Math.max(most, (v * (Math.abs(dp[i]!) + Math.abs(mean))) / temperature), 0); // prettier-ignore
        const dx = s.map((v, i) => (v * (dp[i]! - mean)) / temperature);
        if (size > 0 && n > 1) measure('vjp', what, () => max.vjp(p, dp, n, o), dx, unit(size));

        const w = dx.map((v, i) => (v === 0 ? 0 : -(term(p[i]!, alpha) / p[i]!) * v));
        const terms = sum(w.map(Math.abs));
        if (terms > 0 && n > 1) measure('vjpTemperature', what, () => max.vjpTemperature(p, dp, n, o), [sum(w)], unit(terms)); // prettier-ignore

        const h = Float64Array.from(p, (v) => -term(v, alpha) / alpha),
          entropy = sum(h);
        if (entropy > 0) measure('entropy', what, () => max.entropy(p, n), [entropy], unit(entropy));

        const target = Math.floor(uniforms(n)() * n);
        const best = alpha === 1 ? softmaxOf(x) : Array.from(entmaxOf(x, alpha, 1));
        const centred = Array.from(x, (v) => v - x[target]!);
        const loss = dot(best, centred) + tsallis(best, alpha);
        const weight = sum(best.map((v, i) => Math.abs(v * centred[i]!))) + tsallis(best, alpha);
        if (weight > 0) measure(single && alpha === 1 ? 'softmax loss' : 'loss', what, () => max.loss(x, Int32Array.of(target), n), [loss], unit(Math.max(weight, single ? 2 ** -20 : 1))); // prettier-ignore

        if (!single || alpha < 1.5) continue; // elsewhere the definition cancels
        const d = alpha - 1,
          total = sum(p),
          q = s.map((v) => v / sum(s)),
          logs = Float64Array.from(p, (v) => (v > 0 ? Math.log(v / total) : 0));
        const m = sum(Float64Array.from(p, (v, i) => (v / total) * logs[i]!));
        const parts = Float64Array.from(p, (v, i) => {
          const u = v / total;
          return dp[i]! * ((u - q[i]!) / (d * d) - (u * logs[i]! - q[i]! * m) / d);
        });
        const spread = sum(parts.map(Math.abs));
        if (spread > 1e-6) measure('vjpAlpha', what, () => max.vjpAlpha(p, dp, n), [sum(parts)], unit(spread));
      }
    }
    const ops = ['vjp', 'vjpTemperature', 'entropy', 'loss', ...(single ? ['vjpAlpha'] : [])];
    if (single) ops.push('softmax loss');
    for (const op of n > 1 ? ops : ['loss']) if (n > 1) settle(op, dtype);
  });

  function softmaxOf(x: Floats): number[] {
    const max = greatest(x);
    const e = Array.from(x, (v) => Math.exp(v - max)),
      total = sum(e);
    return e.map((v) => v / total);
  }
});
