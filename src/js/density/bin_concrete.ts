import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Double from '../math/double.ts';
import { exp } from '../math/exp.ts';
import { log } from '../math/log.ts';
import { log1p } from '../math/log1p.ts';

/** All mass is at z: the logit is infinite too, of the same sign. */
export function atMass(z: number, logit: number): boolean {
  return z === logit && Math.abs(z) === Infinity;
}

/** l = log x, rest = log(1 - x). */
function logs(x: number, l: number, rest: number, count: number): void {
  log(x, l, count);
  for (let i = 0; i < count; i++) heap[rest / BYTES + i] = -heap[x / BYTES + i]!;
  log1p(rest, rest, count);
}

/** The limit at x = 0 and x = 1, z = -+Infinity: like x^(T-1) and -logit for T = 1, like (1-x)^(T-1) and logit. */
function limit(z: number, logit: number, temperature: number): number {
  if (z === logit) return 0;
  if (Math.abs(logit) === Infinity) return -Infinity;
  const own = z > 0 ? logit : -logit;
  return temperature === 1 ? own : own + (temperature < 1 ? Infinity : -Infinity);
}

/**
 * dst = the log-densities in logit space (Maddison et al. 2017, appendix B), d = logit - T z:
 *
 *     log T + d - 2 log(1 + exp d) = log T - |d| - 2 log1p(exp -|d|)
 *
 * At a logit of +-Infinity all mass is at z of the same value: 0 there, -Infinity elsewhere. At values x in [0, 1] (`unit`) it is
 * that at z = log x - log(1 - x), minus log x + log(1 - x), and NaN outside. Pass by pass, since exp and log take turns.
 * `scratch`: room for two values of each.
 */
export function logProbs(
  value: number,
  logits: number,
  dst: number,
  count: number,
  temperature: number,
  scratch: number,
  unit: boolean,
): void {
  const values = heap,
    logT = round(Double.log(temperature)),
    x = value / BYTES,
    a = logits / BYTES,
    y = dst / BYTES,
    l = scratch / BYTES,
    rest = l + count;
  if (unit) logs(value, scratch, rest * BYTES, count);
  for (let i = 0; i < count; i++) {
    const z = unit ? round(values[l + i]! - values[rest + i]!) : values[x + i]!;
    values[y + i] = -Math.abs(round(values[a + i]! - round(temperature * z)));
  }
  exp(dst, dst, count);
  log1p(dst, dst, count);
  for (let i = 0; i < count; i++) {
    const z = unit ? round(values[l + i]! - values[rest + i]!) : values[x + i]!,
      own = values[a + i]!,
      size = Math.abs(round(own - round(temperature * z)));
    const p = round(round(logT - size) - 2 * values[y + i]!);
    if (Math.abs(z) === Infinity && (unit || z === own)) values[y + i] = limit(z, own, temperature);
    else values[y + i] = unit ? p - round(values[l + i]! + values[rest + i]!) : p;
  }
}

/**
 * The gradients of dLogProb_i times the log-density, at values in [0, 1] (`unit`) or in logit space: with h = -tanh(d/2)
 * they are h for the logit, 1/T - z h for T, -T h for z and (-T h + 2 x - 1) / (x (1 - x)) for x.
 */
export function gradients(
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
  const values = heap,
    inverse = round(1 / temperature),
    tLessOne = round(temperature - 1),
    [p, a, by, toX, toA, toT] = [value, logits, dLogProb, dValue, dLogits, dTemperature].map((at) => at / BYTES) as [number, number, number, number, number, number]; // prettier-ignore
  // z, then exp -|d|, in the place of results
  if (unit) logs(value, dValue, dLogits, count);
  for (let i = 0; i < count; i++) {
    const z = unit ? round(values[toX + i]! - values[toA + i]!) : values[p + i]!;
    values[toX + i] = z;
    values[toT + i] = -Math.abs(round(values[a + i]! - round(temperature * z)));
  }
  exp(dTemperature, dTemperature, count);
  for (let i = 0; i < count; i++) {
    const x = values[p + i]!,
      z = values[toX + i]!,
      e = values[toT + i]!,
      logit = values[a + i]!,
      g = values[by + i]!;
    const d = round(logit - round(temperature * z));
    // h = -tanh(d/2), and small = sigmoid(-|d|)
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
    values[toX + i] = finite ? g * slope : other;
    values[toA + i] = finite ? g * h : other;
    values[toT + i] = finite ? g * round(inverse - round(z * h)) : other;
  }
}
