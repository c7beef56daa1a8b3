import { BYTES } from '../dtype.ts';
import { heap, round } from '../lane.ts';
import * as Exponents from '../math/exponents.ts';
import { expSum, ofMax } from './exponentials.ts';
import * as Row from '../row.ts';
import * as Maxes from './maxes.ts';

const Softmax: Maxes.Max = {
  hot: 1,
  cold: 0,
  row(x, dst, n, max, temperature) {
    const few = BYTES === 8 && n <= 16 && Exponents.reach(max),
      sum = few ? fewSum(x, dst, n, max) : expSum(x, dst, n, max, temperature),
      scale = round(1 / sum),
      values = heap;
    // nothing beside the maximum: it gets a probability of 1, which a product with 1 / sum might miss
    if (sum < 1.5 * Exponents.factor && sum === ofMax(max)) for (let i = 0; i < n; i++) values[dst + i]! /= sum;
    else for (let i = 0; i < n; i++) values[dst + i]! *= scale;
  },
};

function fewSum(x: number, dst: number, n: number, max: number): number {
  Exponents.fill(x, dst, n, max);
  return Row.sumOfFew(dst, n);
}

/** dst = softmax(src / T), row by row. It takes the arguments of every max, but needs no scratch. */
export function softmax(src: number, dst: number, rows: number, n: number, temperature: number, scratch: number): void {
  Exponents.open(temperature);
  Maxes.forward(Softmax, src, dst, rows, n, temperature, scratch, 1);
}
