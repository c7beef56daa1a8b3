import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Double from '../math/double.ts';
import { bounded as exp } from '../math/exp.ts';
import { every as log } from '../math/log.ts';
import { every as log1p } from '../math/log1p.ts';

/** All mass is at z: the logit is infinite too, of the same sign. */
export function atMass(z: number, logit: number): boolean {
  return z === logit && Math.abs(z) === Infinity;
}

/**
 * The log-density at z in logit space (Maddison et al. 2017, appendix B), d = logit - T z:
 *
 *     log T + d - 2 log(1 + exp d) = log T - |d| - 2 log1p(exp -|d|)
 *
 * At a logit of +-Infinity all mass is at z of the same value: 0 there, -Infinity elsewhere.
 */
function logitLogProb(z: number, logit: number, temperature: number, logT: number): number {
  const size = Math.abs(round(logit - round(temperature * z)));
  const tail = log1p(exp(-size));
  return atMass(z, logit) ? 0 : round(round(logT - size) - round(2 * tail));
}

/**
 * The log-density at x in [0, 1]: that at z = log x - log(1 - x), minus log x + log(1 - x). At 0 it goes like x^(T-1)
 * and is -logit for T = 1, at 1 like (1-x)^(T-1) and logit; NaN outside.
 */
function logProb(x: number, logit: number, temperature: number, logT: number): number {
  const l = log(x),
    rest = log1p(-x);
  const z = round(l - rest);
  if (Math.abs(z) !== Infinity) return round(logitLogProb(z, logit, temperature, logT) - round(l + rest));
  // the limit at 0 and 1
  if (atMass(z, logit)) return 0;
  if (Math.abs(logit) === Infinity) return -Infinity;
  const own = x === 1 ? logit : -logit;
  return temperature === 1 ? own : own + (temperature < 1 ? Infinity : -Infinity);
}

/**
 * The gradients of dLogProb_i times the log-density, at values in [0, 1] (`unit`) or in logit space: with h = -tanh(d/2)
 * they are h for the logit, 1/T - z h for T, -T h for z and (-T h + 2 x - 1) / (x (1 - x)) for x.
 */
function gradients(
  value: number,
  logits: number,
  dLogProb: number,
  dValue: number,
  dLogits: number,
  dTemperature: number,
  count: number,
  temperature: number,
  unit: boolean,
): void {
  const inverse = round(1 / temperature),
    tLessOne = round(temperature - 1);
  for (let i = 0; i < count; i++) {
    const x = heap[value / BYTES + i]!,
      logit = heap[logits / BYTES + i]!,
      g = heap[dLogProb / BYTES + i]!;
    const z = unit ? round(log(x) - log1p(-x)) : x;
    const d = round(logit - round(temperature * z));
    // h = -tanh(d/2), and small = sigmoid(-|d|)
    const e = exp(-Math.abs(d));
    const whole = round(1 + e);
    const size = round(round(1 - e) / whole);
    const h = d < 0 ? size : -size;
    let slope = -round(temperature * h);
    if (unit) {
      // -T h + 2 x - 1, where at T = 1 nothing cancels on the side of the small probability
      const small = round(e / whole),
        rest = round(1 - x);
      const near = round((d < 0 ? rest : x) - round(temperature * small));
      const over = round(tLessOne + 2 * near);
      slope = round((d < 0 ? -over : over) / round(x * rest));
    }
    // what is not finite has no gradient; a point mass is a constant, and a NaN of g stays
    const finite = Math.abs(d) < Infinity;
    const other = atMass(z, logit) ? g - g : NaN;
    heap[dValue / BYTES + i] = finite ? g * slope : other;
    heap[dLogits / BYTES + i] = finite ? g * h : other;
    heap[dTemperature / BYTES + i] = finite ? g * round(inverse - round(z * h)) : other;
  }
}

/** dst = the BinConcrete log-density of x, element by element. */
export function bin_concrete_log_prob(
  x: number,
  logits: number,
  dst: number,
  count: number,
  temperature: number,
): void {
  const logT = round(Double.log(temperature));
  for (let i = 0; i < count; i++) {
    heap[dst / BYTES + i] = logProb(heap[x / BYTES + i]!, heap[logits / BYTES + i]!, temperature, logT);
  }
}

/** dst = the log-density of z, the logit of a BinConcrete variable, element by element. */
export function logit_bin_concrete_log_prob(
  z: number,
  logits: number,
  dst: number,
  count: number,
  temperature: number,
): void {
  const logT = round(Double.log(temperature));
  for (let i = 0; i < count; i++) {
    heap[dst / BYTES + i] = logitLogProb(heap[z / BYTES + i]!, heap[logits / BYTES + i]!, temperature, logT);
  }
}

/** The gradients of dLogProb times the BinConcrete log-density, at x, logits and T, element by element. */
export function bin_concrete_log_prob_vjp(
  x: number,
  logits: number,
  dLogProb: number,
  dX: number,
  dLogits: number,
  dTemperature: number,
  count: number,
  temperature: number,
): void {
  gradients(x, logits, dLogProb, dX, dLogits, dTemperature, count, temperature, true);
}

/** The gradients of dLogProb times the log-density in logit space, at z, logits and T, element by element. */
export function logit_bin_concrete_log_prob_vjp(
  z: number,
  logits: number,
  dLogProb: number,
  dZ: number,
  dLogits: number,
  dTemperature: number,
  count: number,
  temperature: number,
): void {
  gradients(z, logits, dLogProb, dZ, dLogits, dTemperature, count, temperature, false);
}
