/** The densities that accuracy.test.ts leaves out, against 200 bits: at samples, mild and sharp, and at the ends. */
import { binConcreteLogProb, concreteLogProb, gumbelSigmoid, gumbelSoftmax, logitBinConcrete } from 'anymax';
import {
  Categorical,
  init,
  klDivergence,
  logitBinConcreteLogProb,
  semiSupervisedMarginal,
  weightedElboTerm,
} from 'anymax';
import { afterAll, describe, expect, test } from 'vitest';
import { ulp } from '../oracles/arithmetic.ts';
import { type Big, big, minus, number, over, plus, size, times } from '../oracles/big.ts';
import { type Exact, exactSoftmax, klOfLogits } from '../oracles/exact_rows.ts';
import { binConcreteValue, concreteValue, logitBinConcreteValue } from '../oracles/exact_laws.ts';
import { BACKENDS, count, type Floats, KEY, make, normals, report, settle } from './harness.ts';
import type { Dtype } from './table.ts';

afterAll(() => console.log(report()));

const TEMPERATURES = [0.1, 0.5, 2 / 3, 1, 5],
  SCALES = [0.1, 1, 10, 100];

/** Holds values against `exact(i)`, in units of the greater of them and their terms. */
function hold(op: string, dtype: Dtype, what: string, run: () => Floats, exact: (i: number) => Exact): void {
  const got = BACKENDS.map((backend) => {
    init({ backend });
    return run();
  });
  got[0]!.forEach((_, i) => {
    const { value, size: unit } = exact(i);
    if (typeof value === 'number') throw new Error('a value has no limit');
    BACKENDS.forEach((backend, b) => {
      const v = got[b]![i]!,
        error = Number.isFinite(v) ? number(over(size(minus(big(v), value)), unit)) : NaN;
      count(op, dtype, backend, error, () => `${what}: ${v}, exactly ${number(value)}`);
    });
  });
}

describe.each<Dtype>(['f32', 'f64'])('%s', (dtype) => {
  const rounded = (T: number): number => (dtype === 'f32' ? Math.fround(T) : T);

  test.each([2, 3, 10, 33, 100])('concreteLogProb: n = %i', (n) => {
    const normal = normals(n);
    let rows = 0;
    for (const scale of SCALES) {
      const logits = make(dtype, n, () => normal() * scale);
      for (const temperature of TEMPERATURES) {
        const y = gumbelSoftmax(KEY, logits, n, { temperature });
        if (y.includes(0 as never)) continue;
        rows++;
        const exact = concreteValue([...y], [...logits], rounded(temperature), dtype === 'f32');
        const what = `n = ${n}, normal x ${scale}, T = ${temperature}`;
        hold(
          'concreteLogProb',
          dtype,
          what,
          () => concreteLogProb(y, logits, n, { temperature }),
          () => exact,
        );
      }
    }
    expect(rows).toBeGreaterThan(5);
    settle('concreteLogProb', dtype);
  });

  test.each([2, 3, 10, 33, 100])('klDivergence and weightedElboTerm: n = %i', (n) => {
    const normal = normals(n);
    for (const scale of [0.1, 1, 10]) {
      for (const apart of [1e-6, 1e-3, 0.1, 1, 10]) {
        const a = make(dtype, n, () => normal() * scale),
          b = a.map((v) => v + normal() * apart) as Floats,
          y = make(dtype, n, () => Math.abs(normal()));
        const what = `n = ${n}, normal x ${scale}, apart ${apart}`;
        const divergence = klOfLogits([...a], [...b]),
          kl = divergence.value as Big;
        if (number(kl) < 1e-30) continue;
        const unit = big(ulp[dtype](number(kl)));
        hold('klDivergence', dtype, what, () => klDivergence(new Categorical(a, n), new Categorical(b, n)), () => ({ value: kl, size: unit })); // prettier-ignore
        const [p, q] = [exactSoftmax([...a], 1).logP, exactSoftmax([...b], 1).logP];
        const terms = [...y].map((v, i) => times(big(v), minus(q[i]!, p[i]!))),
          sizes = [...y].map((v, i) => v * (Math.abs(number(q[i]!)) + Math.abs(number(p[i]!))));
        const total = sizes.reduce((s, v) => s + v, 0);
        hold('weightedElboTerm', dtype, what, () => weightedElboTerm(y, a, b, n), () => ({ value: terms.reduce(plus), size: big(ulp[dtype](total)) })); // prettier-ignore
      }
    }
    settle('klDivergence', dtype);
    settle('weightedElboTerm', dtype);
  });

  test.each([1, 2, 3, 10, 33, 100, 1000])('semiSupervisedMarginal: n = %i', (n) => {
    const normal = normals(n);
    for (const scale of [0.1, 1, 10, 30]) {
      const logits = make(dtype, n, () => normal() * scale),
        losses = make(dtype, n, () => normal() * 3);
      const { p, logP } = exactSoftmax([...logits], 1);
      const terms = [...losses].map((l, k) => times(p[k]!, plus(big(l), logP[k]!))),
        sizes = [...losses].map((l, k) => number(p[k]!) * (Math.abs(l) + Math.abs(number(logP[k]!))));
      const what = `n = ${n}, normal x ${scale}`,
        unit = big(ulp[dtype](sizes.reduce((s, v) => s + v, 0)));
      const objective = (label: number) => () => semiSupervisedMarginal(losses, logits, Int32Array.of(label), n);
      hold('semiSupervisedMarginal', dtype, what, objective(-1), () => ({ value: terms.reduce(plus), size: unit }));
      const k = n >> 1,
        [loss, q] = [losses[k]!, logP[k]!];
      hold('semiSupervisedMarginal', dtype, `${what}, a label`, objective(k), () => ({
        value: minus(big(loss), q),
        size: big(ulp[dtype](Math.abs(loss) + Math.abs(number(q)))),
      }));
    }
    settle('semiSupervisedMarginal', dtype);
  });

  test('binConcreteLogProb and logitBinConcreteLogProb', () => {
    const normal = normals(7);
    for (const scale of SCALES) {
      for (const temperature of TEMPERATURES) {
        const t = rounded(temperature),
          o = { temperature };
        const logits = make(dtype, 40, () => normal() * scale);
        const z = logitBinConcrete(KEY, logits, o),
          y = gumbelSigmoid(KEY, logits, o).map((v) => (v > 0 && v < 1 ? v : 0.5));
        const what = (i: number) => `logit ${logits[i]}, T = ${temperature}`;
        hold('logitBinConcreteLogProb', dtype, what(0), () => logitBinConcreteLogProb(z, logits, o), (i) => logitBinConcreteValue(z[i]!, logits[i]!, t)); // prettier-ignore
        hold('binConcreteLogProb', dtype, what(0), () => binConcreteLogProb(y, logits, o), (i) => binConcreteValue(y[i]!, logits[i]!, t)); // prettier-ignore
      }
    }
    settle('binConcreteLogProb', dtype);
    settle('logitBinConcreteLogProb', dtype);
  });
});
