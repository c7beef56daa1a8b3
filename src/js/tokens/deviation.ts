import * as c from '../../shared/constants.ts';
import { heap } from '../lane.ts';

/** How many elements of a row are not masked. */
export function countOf(x: number, n: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (heap[x + i]! > -Infinity) count++;
  return count;
}

/**
 * max - s sd of what is not masked: the population's standard deviation, by d = x - max and then by its differences from
 * their mean; element i goes to partial sum i mod 4, the sum is (s0 + s2) + (s1 + s3).
 */
export function leastBySigma(x: number, n: number, max: number, s: number): number {
  const sum = (f: number, of: (d: number) => number): number => {
    const sums = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const v = heap[x + i]!;
      if (v > -Infinity) sums[i & 3]! += of(v * f - max * f);
    }
    return sums[0]! + sums[2]! + (sums[1]! + sums[3]!);
  };
  const count = countOf(x, n);
  const deviation = (f: number): number => {
    const mean = sum(f, (d) => d) / count;
    return Math.sqrt(sum(f, (d) => (d - mean) * (d - mean)) / count) / f;
  };
  const sd = deviation(1);
  return max - s * (sd < Infinity ? sd : deviation(c.SIGMA_SCALE));
}
