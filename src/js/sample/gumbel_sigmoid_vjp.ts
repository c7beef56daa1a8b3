import { doubles } from '../lane.ts';

/** A derivative at the sample v: NaN at NaN, 0 at T = 0 and at an infinite v. */
function derivative(v: number, temperature: number, slope: number): number {
  if (v !== v) return v;
  return temperature === 0 || v - v !== 0 ? 0 : slope;
}

/** dst = dy y (1 - y) / T, element by element. */
export function gumbel_sigmoid_vjp(y: number, dy: number, dst: number, count: number, temperature: number): void {
  for (let i = 0; i < count; i++) {
    const v = doubles[y / 8 + i]!;
    doubles[dst / 8 + i] = derivative(v, temperature, (doubles[dy / 8 + i]! * v * (1 - v)) / temperature);
  }
}

/** dst = dz / T, element by element. */
export function logit_bin_concrete_vjp(z: number, dz: number, dst: number, count: number, temperature: number): void {
  for (let i = 0; i < count; i++) {
    doubles[dst / 8 + i] = derivative(doubles[z / 8 + i]!, temperature, doubles[dz / 8 + i]! / temperature);
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
  for (let i = 0; i < count; i++) {
    const v = doubles[z / 8 + i]!;
    doubles[dst / 8 + i] = derivative(v, temperature, (-v / temperature) * doubles[dz / 8 + i]!);
  }
}
