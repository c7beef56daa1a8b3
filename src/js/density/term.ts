import { BYTES } from '../dtype.ts';
import { heap } from '../lane.ts';
import { exp, log } from '../math/double.ts';
import { atMass } from './bin_concrete.ts';
import * as Concrete from './concrete.ts';

/**
 * dst_r = log p - log q at row r of y, densities of ExpConcrete in f64: q with `logits` and `temperature`, p with the others.
 */
export function exp_concrete_term(
  y: number,
  logits: number,
  prior: number,
  dst: number,
  rows: number,
  n: number,
  temperature: number,
  priorTemperature: number,
  scratch: number,
): void {
  const own = Concrete.constantOf(n, temperature),
    other = Concrete.constantOf(n, priorTemperature);
  for (let r = 0; r < rows; r++) {
    const at = r * n,
      x = y / BYTES + at,
      p = Concrete.logProb(x, prior / BYTES + at, n, priorTemperature, other, scratch, false);
    heap[dst / BYTES + r] = p - Concrete.logProb(x, logits / BYTES + at, n, temperature, own, scratch, false);
  }
}

/**
 * dst = the same of bits in logit space, element by element. With d = logit - T z of either it is
 *
 *     log (T_p / T_q) + |d_q| - |d_p| + 2 log ((1 + exp -|d_q|) / (1 + exp -|d_p|))
 *
 * For all mass at z |d| is log T and the exponential 0: a density of 0.
 */
export function logit_bin_concrete_term(
  z: number,
  logits: number,
  prior: number,
  dst: number,
  count: number,
  temperature: number,
  priorTemperature: number,
): void {
  const logQ = log(temperature),
    logP = log(priorTemperature);
  for (let i = 0; i < count; i++) {
    const v = heap[z / BYTES + i]!,
      a = heap[logits / BYTES + i]!,
      b = heap[prior / BYTES + i]!;
    const massQ = atMass(v, a),
      massP = atMass(v, b);
    const q = Math.abs(a - temperature * v),
      p = Math.abs(b - priorTemperature * v);
    const apart = (massQ ? logQ : q) - (massP ? logP : p);
    const tails = log((1 + (massQ ? 0 : exp(-q))) / (1 + (massP ? 0 : exp(-p))));
    heap[dst / BYTES + i] = logP - logQ + apart + (tails + tails);
  }
}
