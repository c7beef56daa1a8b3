import { round } from '../lane.ts';

/** The sum of c_j t^j over all coefficients by Horner's scheme. scripts/dtypes.mjs writes it out where they are constants. */
export function polynomial(coefficients: readonly number[], t: number): number {
  let p = coefficients.at(-1)!;
  for (let j = coefficients.length - 2; j >= 0; j--) p = round(round(p * t) + coefficients[j]!);
  return p;
}
