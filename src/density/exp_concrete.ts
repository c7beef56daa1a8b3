import { arena } from '../engine/backend.ts';
import {
  checkFloats,
  checkOptions,
  checkOut,
  checkPositiveTemperature,
  checkRows,
  checkSame,
  type Floats,
} from '../engine/check.ts';
import type { MaxOptions } from '../max/max.ts';

/**
 * The log-density of ExpConcrete(logits, T) at log-samples logY, one value a row, with w = logits - T logY:
 *
 *     log (n-1)! + (n-1) log T + sum w - n log sum exp w
 *
 * with respect to n - 1 of the coordinates of logY (the last one follows). Shapes: logY and logits rows x n. Special
 * values: a class masked in logits is left out where logY is -Infinity, and n counts the rest; -Infinity where logY is
 * finite there, or -Infinity for a class that is not masked; NaN for a NaN or a logit of +Infinity; 0 for n = 1. Errors:
 * as for softmax; RangeError for a T that is 0 or Infinity. Accuracy (float32): 1e-6 of the greater of the result and the
 * mean absolute term, n up to 1e5. Source: Maddison et al. 2017, section 3.2 and appendix C.3.
 */
export function expConcreteLogProb<A extends Floats>(logY: A, logits: A, n: number, options?: MaxOptions<A>): A {
  const dtype = checkFloats('logY', logY);
  const rows = checkRows('logY', logY, n);
  checkSame('logits', logits, dtype, 'logY', logY.length);
  checkOptions(options, ['temperature', 'out']);
  const temperature = checkPositiveTemperature(options?.temperature, dtype);
  const out = checkOut(options?.out, dtype, rows, [logY, logits]);
  return arena().run({
    dtype,
    inputs: [logY, logits],
    rows,
    n,
    outputs: [{ kind: dtype, width: 1, out }],
    scratch: () => 16 * (n + 8),
    kernel: (kernels, at, count) =>
      kernels.exp_concrete_log_prob(at.from[0]!, at.from[1]!, at.to[0]!, count, n, temperature, at.scratch),
  })[0] as A;
}
