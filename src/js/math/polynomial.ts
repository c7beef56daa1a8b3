import { round } from '../lane.ts';

/** The sum of c_j t^j over all coefficients by Horner's scheme. scripts/dtypes.mjs writes it out where they are constants. */
export function polynomial(coefficients: readonly number[], t: number): number {
  return rest(coefficients.at(-1)!, coefficients, t);
}

/** t to the power of their number, and that sum. Written out too. */
export function monic(coefficients: readonly number[], t: number): number {
  return rest(round(t + coefficients.at(-1)!), coefficients, t);
}

/** That sum in f64 as p(t^2) + t q(t^2), square = t^2, of as many terms: a step of one waits for none of the other. Written out too. */
export function halves(coefficients: readonly number[], t: number, square: number): number {
  const [p, q] = [0, 1].map((first) => unrounded(coefficients.filter((_, j) => j % 2 === first), square)); // prettier-ignore
  return q! * t + p!;
}

function rest(p: number, coefficients: readonly number[], t: number): number {
  for (let j = coefficients.length - 2; j >= 0; j--) p = round(round(p * t) + coefficients[j]!);
  return p;
}

/** The sum in f64, whatever the dtype. */
export function unrounded(coefficients: readonly number[], t: number): number {
  return coefficients.reduceRight((p, coefficient) => p * t + coefficient, 0);
}
