import { mapInputs } from '../engine/rows.ts';
import type { Floats } from '../engine/kind.ts';
import { makeOp, type Op } from '../engine/op.ts';
import type { Values } from '../engine/resident.ts';
import * as Scratch from '../shared/scratch.ts';

const LOGITS = [
  { name: 'logits', width: 'n' },
  { name: 'priorLogits', width: 'n' },
] as const;

// log p - log q of relaxed samples, p the prior; the number k of a call is the temperature of p

export const EXP_CONCRETE_TERM = /* @__PURE__ */ makeOp({
  inputs: [{ name: 'logY', width: 'n' }, ...LOGITS],
  outputs: [{ width: 1 }],
  scratch: Scratch.exp_concrete_term,
  kernel: (kernels, [y, a, b, dst], rows, n, temperature, scratch, priorTemperature) =>
    kernels.exp_concrete_term(y, a, b, dst, rows, n, temperature, priorTemperature, scratch),
});

export const LOGIT_BIN_CONCRETE_TERM = /* @__PURE__ */ makeOp({
  inputs: [{ name: 'z', width: 'n' }, ...LOGITS],
  outputs: [{ width: 'n' }],
  kernel: (kernels, [z, a, b, dst], rows, _n, temperature, _scratch, priorTemperature) =>
    kernels.logit_bin_concrete_term(z, a, b, dst, rows, temperature, priorTemperature),
});

/** Such a term of (sample, logits, priorLogits), one value per row of n, or per element (n = 1): in f64, rounded once. */
export function termOf<A extends Floats>(
  op: Op,
  values: readonly Values<A>[],
  n: number,
  temperature: number,
  priorTemperature: number,
): A {
  return mapInputs(op, values, n, { temperature }, priorTemperature) as A;
}
