import { type Density, gradients } from '../density/log_prob.ts';
import { termOf } from '../density/term.ts';
import { checkOptions, checkPositiveTemperature } from '../engine/check.ts';
import { checkDoubles, checkRowsOf } from '../engine/check_distributions.ts';
import type { Dtype, Floats } from '../engine/kind.ts';
import type { Op } from '../engine/op.ts';
import type { Values } from '../engine/resident.ts';
import { negated, rounded } from '../math/float64.ts';

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

/** The temperatures of posterior and prior. */
function temperatures(options: TermOptions | undefined, dtype: Dtype): [temperature: number, priorTemperature: number] {
  checkOptions(options, ['temperature', 'priorTemperature']);
  const t = (name: keyof TermOptions) => checkPositiveTemperature(options?.[name], dtype, name);
  return [t('temperature'), t('priorTemperature')];
}

/** log p(value) - log q(value), one value per row of n, or per element (n = 1); of inputs by their names. */
export function relaxedTerm<A extends Floats>(
  op: Op,
  inputs: Record<string, Values<A>>,
  n: number,
  options: TermOptions | undefined,
): A {
  const { dtype } = checkRowsOf(inputs, n),
    values = op.inputs.map(({ name }) => inputs[name]!);
  return termOf(op, values, n, ...temperatures(options, dtype));
}

/** The gradients of sum_r dTerm_r term_r. */
export function relaxedGradients<A extends Floats>(
  density: Density,
  dTerm: Values<A>,
  ...[value, logits, priorLogits, n, options]: Both<A>
) {
  const { dtype, doubles } = checkDoubles({ [density.value]: value, logits, priorLogits }, n, { dTerm });
  const [temperature, priorTemperature] = temperatures(options, dtype);
  const [x, a, b, d] = doubles as [Float64Array, Float64Array, Float64Array, Float64Array];
  const p = gradients(density, x, b, d, n, { temperature: priorTemperature }),
    q = gradients(density, x, a, negated(d), n, { temperature });
  const round = (v: Float64Array): A => rounded(v, dtype);
  return {
    value: round(p[0].map((v, i) => v + q[0][i]!)),
    logits: round(q[1]),
    priorLogits: round(p[1]),
    temperature: round(q[2]),
    priorTemperature: round(p[2]),
  };
}
