import { BYTES } from '../dtype.ts';
import * as Scores from '../max/scores.ts';

/** Where things lie in the scratch of a row, as indices of the integers, the doubles and the heap. */
export interface Regions {
  /** Indices in order. */
  readonly list: number;
  /** The exponentials of those, the greatest of the row being 1. */
  readonly masses: number;
  /** Room for two rows. */
  readonly copy: number;
  readonly spare: number;
}

export function regionsOf(scratch: number, n: number): Regions {
  const room = (bytes: number): number => 16 * Math.ceil((n * bytes) / 16 + 4);
  const masses = scratch + room(4),
    copy = masses + room(8),
    spare = copy + room(BYTES);
  return { list: scratch / 4, masses: masses / 8, copy: copy / BYTES, spare: spare / BYTES };
}

/** z = (v - max) / T in f64. */
export function scoreOf(v: number, max: number, temperature: number): number {
  const scale = Scores.scaleOf(temperature);
  return (v * scale - max * scale) / (temperature * scale);
}
