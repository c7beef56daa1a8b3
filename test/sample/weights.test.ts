/** The integer weights from which categorical draws a class of a short row bound exp z closely, whatever rounding does. */
import { expect, test } from 'vitest';
import { attach } from '../../src/js/lane.ts';
import { weight } from '../../src/js/math/weight.ts';
import * as c from '../../src/shared/constants.ts';

test('a weight is at least exp z, and from WEIGHT_SURE on by less than a draw accepted unseen allows for', () => {
  attach(new ArrayBuffer(8));
  // what three roundings to f32 take from y = (x - max) log2(e) / T, up to |y| = 23; below that every weight is 1
  const rounding = 23 * 3 * 2 ** -24 * Math.LN2;
  let sure = 0;
  for (let i = 0; i <= 200_000; i++) {
    const y = Math.fround(-i / 5000),
      w = weight(y),
      kept = 2 ** y / (w * c.WEIGHT_BOUND);
    if (!(Number.isInteger(w) && w > 0 && w < 2 ** 23)) throw new Error(`y ${y}: ${w}`);
    if (!(kept * (1 + rounding) <= 1)) throw new Error(`y ${y}: kept with probability ${kept}`);
    if (w < c.WEIGHT_SURE) continue;
    sure++;
    if (!(kept * (1 - rounding) > c.WEIGHT_SQUEEZE / 2 ** 32)) throw new Error(`y ${y}: kept with probability ${kept}`);
  }
  expect(sure).toBeGreaterThan(50_000);
  expect(c.SHORT_ROW * weight(0)).toBeLessThan(2 ** 31);
  for (const y of [-40, -1e30, -Infinity]) expect(weight(y)).toBe(1);
  expect(weight(NaN)).toBe(weight(-Infinity));
});
