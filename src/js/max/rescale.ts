import * as c from '../../shared/constants.ts';
import { heap, round } from '../lane.ts';
import type * as Maxes from './maxes.ts';

/** Whether a temperature is so far from 1 that (x - max) / T or 1 / T may leave the range where the result does not. */
function takes(temperature: number): boolean {
  return !(temperature >= c.RESCALE_BELOW && temperature <= c.RESCALE_ABOVE);
}

/** What T is multiplied with before gradients are divided by it, and their sum at the end, so that none leaves the range. */
export function scaleOf(temperature: number): number {
  if (!takes(temperature)) return 1;
  return temperature > 1 ? c.LEAST_SCALE : c.GREATEST_SCALE;
}

const down = (temperature: number): number => (temperature > c.RESCALE_ABOVE ? 0.25 : 1);

/**
 * A max whose scores are shifted and multiplied by powers of two where T is far from 1, with T, before it takes them: what is
 * below the maximum by more than the range is masked.
 */
export function of(m: Maxes.Max): Maxes.Max {
  return {
    ...m,
    row(x, dst, n, max, temperature, scratch, alpha) {
      if (!takes(temperature)) {
        m.row(x, dst, n, max, temperature, scratch, alpha);
        return;
      }
      const d = down(temperature),
        f = scaleOf(temperature);
      for (let i = 0; i < n; i++) heap[dst + i] = round(round(heap[x + i]! * d) - round(max * d)) * f;
      m.row(dst, dst, n, 0, temperature * d * f, scratch, alpha);
    },
  };
}
