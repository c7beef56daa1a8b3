import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';

/** A derivative at the sample v, times d: NaN at NaN, 0 at T = 0, at an infinite v and where d is 0. */
function derivative(v: number, d: number, temperature: number, slope: number): number {
  if (v !== v) return v;
  return temperature === 0 || d === 0 || v - v !== 0 ? 0 : slope;
}

/** dst = dy y (1 - y) / T, element by element. */
export function gumbel_sigmoid_vjp(y: number, dy: number, dst: number, count: number, temperature: number): void {
  const values = heap,
    x = y / BYTES,
    dx = dy / BYTES,
    to = dst / BYTES;
  for (let i = 0; i < count; i++) {
    const v = values[x + i]!,
      d = values[dx + i]!;
    values[to + i] = derivative(v, d, temperature, round(round(d * v) * round(1 - v)) / temperature);
  }
}

/** dst = dz / T, element by element. */
export function logit_bin_concrete_vjp(z: number, dz: number, dst: number, count: number, temperature: number): void {
  const values = heap,
    x = z / BYTES,
    dx = dz / BYTES,
    to = dst / BYTES;
  for (let i = 0; i < count; i++) {
    const d = values[dx + i]!;
    values[to + i] = derivative(values[x + i]!, d, temperature, d / temperature);
  }
}

/** dst = -z dz / T, element by element. */
export function logit_bin_concrete_vjp_temperature(
  z: number,
  dz: number,
  dst: number,
  count: number,
  temperature: number,
): void {
  const values = heap,
    x = z / BYTES,
    dx = dz / BYTES,
    to = dst / BYTES;
  for (let i = 0; i < count; i++) {
    const v = values[x + i]!,
      d = values[dx + i]!;
    values[to + i] = derivative(v, d, temperature, round(-v / temperature) * d);
  }
}
