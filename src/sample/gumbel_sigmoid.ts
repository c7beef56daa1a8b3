import type { Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { openRows } from '../engine/rows.ts';
import type { MaxOptions } from '../max/max.ts';
import { checkSource, type Source, takeKey } from '../random/rng.ts';

function draw<A extends Floats>(
  source: Source,
  logits: Values<A>,
  options: MaxOptions<A> | undefined,
  squash: boolean,
): A {
  checkSource(source);
  const call = openRows('logits', logits, 1, options).gives(1).reserve();
  const { high, low } = takeKey(source);
  return call.run((kernels, { from, to, temperature, words }, count, first) => {
    kernels.logit_bin_concrete(from[0]!, to[0]!, count, temperature, first, low, high, words);
    if (squash) kernels.sigmoid(to[0]!, to[0]!, count);
  }) as A;
}

/** A derivative at the sample v: 0 at T = 0 and at an infinite v, NaN at NaN. */
const inner = (v: number, t: number, slope: number): number => (v !== v ? v : t === 0 || v - v !== 0 ? 0 : slope);

/**
 * A relaxed bit for each logit: sigmoid((a + l) / T), l logistic noise of the source's key. BinConcrete, the two-class
 * Gumbel-Softmax with logits (a, 0).
 *
 * Shapes: any length; the result likewise, in [0, 1]. Special values: -Infinity gives 0 and +Infinity 1 at every T; NaN
 * NaN; T = 0 is 0 or 1, T = Infinity 1/2. Errors: as for gumbelSoftmax. Source: Maddison et al. 2017, appendix B.
 */
export const gumbelSigmoid = /* @__PURE__ */ Object.assign(
  function gumbelSigmoid<A extends Floats>(source: Source, logits: Values<A>, options?: MaxOptions<A>): A {
    return draw(source, logits, options, true);
  },
  {
    /**
     * The vector-Jacobian product with respect to the logits, from the sample y, element by element: dy y (1 - y) / T; 0
     * at T = 0. Shapes: y and dy of any length. Errors: as for gumbelSigmoid. Accuracy: rounded once; samples near 1 have
     * few digits left of 1 - y.
     */
    vjp<A extends Floats>(y: Values<A>, dy: Values<A>, options?: MaxOptions<A>): A {
      return openRows('y', y, 1, options)
        .with('dy', dy)
        .gives(1)
        .zip((v, d, t) => inner(v, t, (d * v * (1 - v)) / t)) as A;
    },
  },
);

/**
 * The logit of a relaxed bit for each logit: z = (a + l) / T, l logistic noise of the source's key; gumbelSigmoid is its
 * sigmoid for the same source. Nothing saturates, so it is what densities should be given.
 *
 * Shapes: any length; the result likewise. Special values: an infinite logit stays at every T; NaN NaN; T = 0 gives
 * +-Infinity, +Infinity for a tie. Errors: as for gumbelSigmoid. Source: Maddison et al. 2017, appendix B.
 */
export const logitBinConcrete = /* @__PURE__ */ Object.assign(
  function logitBinConcrete<A extends Floats>(source: Source, logits: Values<A>, options?: MaxOptions<A>): A {
    return draw(source, logits, options, false);
  },
  {
    /** The vector-Jacobian product with respect to the logits, element by element: dz / T; 0 at T = 0, and where z is infinite. */
    vjp<A extends Floats>(z: Values<A>, dz: Values<A>, options?: MaxOptions<A>): A {
      return openRows('z', z, 1, options)
        .with('dz', dz)
        .gives(1)
        .zip((v, d, t) => inner(v, t, d / t)) as A;
    },
    /** The derivative by T times dz, from the sample z, element by element: -z dz / T; 0 at T = 0, and where z is infinite. */
    vjpTemperature<A extends Floats>(z: Values<A>, dz: Values<A>, options?: MaxOptions<A>): A {
      return openRows('z', z, 1, options)
        .with('dz', dz)
        .gives(1)
        .zip((v, d, t) => inner(v, t, (-v / t) * d)) as A;
    },
  },
);
