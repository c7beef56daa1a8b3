import { arena } from '../engine/backend.ts';
import { checkFloats, checkOptions, checkOut, checkTemperature, type Floats } from '../engine/check.ts';
import type { MaxOptions } from '../max/max.ts';
import { checkSource, type Source, takeKey } from '../random/rng.ts';

/**
 * A relaxed bit for each logit: sigmoid((a + l) / T), l logistic noise of the source's key. BinConcrete, the two-class
 * Gumbel-Softmax with logits (a, 0).
 *
 * Shapes: any length; the result likewise, in [0, 1]. Special values: -Infinity gives 0 and +Infinity 1 at every T; NaN
 * NaN; T = 0 is 0 or 1, T = Infinity 1/2. Errors: as for gumbelSoftmax. Source: Maddison et al. 2017, appendix B.
 */
export function gumbelSigmoid<A extends Floats>(source: Source, logits: A, options?: MaxOptions<A>): A {
  checkSource(source);
  const dtype = checkFloats('logits', logits);
  checkOptions(options, ['temperature', 'out']);
  const temperature = checkTemperature(options?.temperature, dtype);
  const out = checkOut(options?.out, dtype, logits.length, [logits]);
  const { high, low } = takeKey(source);
  return arena().run({
    dtype,
    inputs: [logits],
    rows: logits.length,
    n: 1,
    outputs: [{ kind: dtype, width: 1, out }],
    kernel: (kernels, at, count, first) => {
      kernels.logit_bin_concrete(at.from[0]!, at.to[0]!, count, temperature, first, low, high, at.words);
      kernels.sigmoid(at.to[0]!, at.to[0]!, count);
    },
  })[0] as A;
}
