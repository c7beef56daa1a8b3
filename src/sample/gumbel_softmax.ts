import { arena } from '../engine/backend.ts';
import { checkOptions, type Floats } from '../engine/check.ts';
import type { Values } from '../engine/resident.ts';
import { openRows } from '../engine/rows.ts';
import { type Max, type MaxOptions, type Member, memberOf, pullBack, pullBackTemperature, room } from '../max/max.ts';
import { softmax } from '../max/softmax.ts';
import { checkSource, type Source, takeKey } from '../random/rng.ts';

/** The options of a relaxed sample. */
export interface RelaxedOptions<A extends Floats> extends MaxOptions<A> {
  /** The max that relaxes the perturbed scores; softmax if not given. */
  readonly max?: Max;
}

const KNOWN = ['temperature', 'max', 'out'];

/** The max of the options, and what it is. */
function relaxation(options: { readonly max?: Max } | undefined): { max: Max; member: Member } {
  checkOptions(options, KNOWN);
  const { max = softmax } = options ?? {};
  return { max, member: memberOf(max) };
}

/**
 * A relaxed one-hot sample for each row: max(((l - max l) + g) / T), g Gumbel noise of the source's key. With softmax the
 * Concrete or Gumbel-Softmax distribution; its argmax is the class that `gumbelMax` draws with the same source at T = 1.
 *
 * Softmax at T = 1 is computed without a logarithm, as exp(l - max l) / E over its sum, E = exp(-g): a class below
 * max l - 86.6 (float64: 707.7) gets 0 there. Straight-through ("hard") samples: forward `hardmax(y, n)`, backward `gumbelSoftmax.vjp(y, dz, n, ...)`.
 *
 * Shapes: logits rows x n; the result likewise, each row on the simplex. T relaxes the sample, not the distribution.
 * Special values: a class at -Infinity gets 0; a NaN, a +Infinity or a row of nothing but -Infinity gives a NaN row;
 * T = 0 is one-hot, T = Infinity uniform over what is not masked. Errors: as for softmax; TypeError for what is no source
 * or no max. Source: Maddison et al. 2017; Jang et al. 2017.
 */
export const gumbelSoftmax = /* @__PURE__ */ Object.assign(
  function gumbelSoftmax<A extends Floats>(
    source: Source,
    logits: Values<A>,
    n: number,
    options?: RelaxedOptions<A>,
  ): A {
    checkSource(source);
    const { max, member } = relaxation(options);
    const call = openRows([['logits', logits]], n, options, { known: KNOWN });
    const { high, low } = takeKey(source);
    const { own } = member;
    const [y] = arena().run(
      {
        ...call,
        outputs: own === undefined ? call.outputs.map((output) => ({ ...output, out: undefined })) : call.outputs,
      },
      (kernels, { from, to, scratch, words }, rows, first) => {
        if (own === 'softmax' && call.temperature === 1) {
          kernels.gumbel_softmax(from[0]!, to[0]!, rows, n, first, low, high, scratch, words);
          return;
        }
        kernels.gumbel_perturb(from[0]!, to[0]!, rows, n, first, low, high, words);
        if (own !== undefined) kernels[own](to[0]!, to[0]!, rows, n, call.temperature, scratch);
      },
      () => room(n, 1),
    ) as [A];
    if (own !== undefined) return y;
    const { temperature = 1, out } = options ?? {};
    return max(y, n, out === undefined ? { temperature } : { temperature, out });
  },
  {
    /**
     * The vector-Jacobian product with respect to the logits, from the sample y: that of the max at the same temperature,
     * since noise and shift are constants to it. Shapes, special values and errors: as for `softmax.vjp`.
     */
    vjp<A extends Floats>(y: Values<A>, dy: Values<A>, n: number, options?: RelaxedOptions<A>): A {
      return pullBack(relaxation(options).member, ['y', y], ['dy', dy], n, options, KNOWN);
    },
    /** The derivative by T times dy, from the sample y, one value a row: that of the max. See `softmax.vjpTemperature`. */
    vjpTemperature<A extends Floats>(y: Values<A>, dy: Values<A>, n: number, options?: RelaxedOptions<A>): A {
      return pullBackTemperature(relaxation(options).member, ['y', y], ['dy', dy], n, options, KNOWN);
    },
  },
);
