import { type Density, type DensityOptions, gradients, logProb } from '../density/log_prob.ts';
import { checkOptions, checkPositiveTemperature } from '../engine/check.ts';
import { checkDoubles } from '../engine/check_distributions.ts';
import type { Dtype, Floats } from '../engine/kind.ts';
import type { Values } from '../engine/resident.ts';
import { rounded } from '../math/float64.ts';

/** The temperatures of a term of two relaxations. */
export interface TermOptions {
  /** That of the posterior, from which the sample is: finite and positive; 1 if absent. */
  readonly temperature?: number | undefined;
  /** That of the prior: finite and positive; 1 if absent. */
  readonly priorTemperature?: number | undefined;
}

type Both<A extends Floats> = readonly [
  value: Values<A>,
  logits: Values<A>,
  priorLogits: Values<A>,
  n: number,
  options: TermOptions | undefined,
];

/** A function of either side, prior and posterior, at the sample, all in f64. */
function sides<R>(
  { value: name }: Density,
  [value, logits, priorLogits, n, options]: Both<Floats>,
  of: (x: Float64Array, logits: Float64Array, options: DensityOptions<Float64Array>, d: Float64Array | undefined) => R,
  perRow?: { dTerm: unknown },
): { p: R; q: R; dtype: Dtype } {
  const { dtype, doubles } = checkDoubles({ [name]: value, logits, priorLogits }, n, perRow);
  checkOptions(options, ['temperature', 'priorTemperature']);
  const [x, a, b, d] = doubles as [Float64Array, Float64Array, Float64Array, Float64Array?];
  const t = (name: keyof TermOptions) => ({ temperature: checkPositiveTemperature(options?.[name], dtype, name) });
  const [ofQ, ofP] = [t('temperature'), t('priorTemperature')];
  return {
    p: of(x, b, ofP, d),
    q: of(
      x,
      a,
      ofQ,
      d?.map((v) => -v),
    ),
    dtype,
  };
}

/** log p(value) - log q(value), one value per row of n, or per element (n = 1). */
export function relaxedTerm<A extends Floats>(density: Density, ...both: Both<A>): A {
  const { p, q, dtype } = sides(density, both, (x, logits, o) => logProb(density, x, logits, both[3], o));
  return rounded(
    p.map((l, r) => l - q[r]!),
    dtype,
  );
}

/** The gradients of sum_r dTerm_r term_r. */
export function relaxedGradients<A extends Floats>(density: Density, dTerm: Values<A>, ...both: Both<A>) {
  const { p, q, dtype } = sides(density, both, (x, logits, o, d) => gradients(density, x, logits, d!, both[3], o), {
    dTerm,
  });
  const round = (d: Float64Array): A => rounded(d, dtype);
  return {
    value: round(p[0].map((d, i) => d + q[0][i]!)),
    logits: round(q[1]),
    priorLogits: round(p[1]),
    temperature: round(q[2]),
    priorTemperature: round(p[2]),
  };
}
