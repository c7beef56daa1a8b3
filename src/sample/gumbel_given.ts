import { ofOp } from '../engine/functions.ts';
import { mapInputs } from '../engine/rows.ts';
import type { Floats } from '../engine/kind.ts';
import { makeOp, OUT_ONLY } from '../engine/op.ts';
import type { RowLength } from '../engine/layout.ts';
import type { Input } from '../engine/half.ts';
import type { OutOptions } from '../max/max.ts';
import { ROW_KEYS, type RowSource } from '../random/rng.ts';

/** What `gumbelGiven` is. */
export interface GumbelGiven {
  <A extends Floats = Float32Array>(
    source: RowSource,
    logits: Input<A>,
    top: Input<A>,
    n: RowLength,
    options?: OutOptions<A>,
  ): A;
}

const OP = /* @__PURE__ */ makeOp({
  inputs: [
    { name: 'logits', width: 'n' },
    { name: 'top', width: 1 },
  ],
  outputs: [{ width: 'n' }],
  options: OUT_ONLY,
  keys: ROW_KEYS,
  kernel: (kernels, [logits, top, dst], rows, n, _temperature, _scratch, _k, first, k0, k1, words) =>
    kernels.gumbel_given(logits, top, dst, rows, n, first, k0, k1, words),
});

/**
 * Perturbed logits, logits + Gumbel noise, of each row, given that the greatest of them is top: with G = logits + g of the
 * source's key and Z their maximum,
 *
 *     -log(exp(-top) + exp(-G) - exp(-Z))
 *
 * computed so that nothing cancels or overflows. With tops drawn from Gumbel(log sum exp of the logits) the law is that of
 * logits + g; with the perturbed score of a parent as top and the log-probabilities of its children as logits, that of all
 * leaves of a tree perturbed at once: stochastic beam search, top-down sampling.
 *
 * Locations are the logits as they are given, not normalised.
 *
 * Shapes: logits rows x n, top one value per row, of one dtype; the result rows x n.
 *
 * Special values: a class at -Infinity stays there; the greatest of a row is its top; a top of -Infinity gives -Infinity
 * throughout; a NaN row for a NaN or a logit of +Infinity.
 *
 * Accuracy: the noise is that of `random.gumbel`; the rest is computed in f64 and rounded once.
 *
 * Source: Kool, van Hoof and Welling 2019, appendix B.3; Maddison, Tarlow and Minka 2014.
 *
 * @param source A key, or an Rng, which gives its next key; a key per row by `Key[]` or `perRow`.
 * @param logits Rows of n locations
 * @param top The greatest perturbed logit of each row
 * @param n Classes
 * @param options `out`
 * @returns Rows x n perturbed logits
 * @throws As gumbelMax; RangeError, TypeError for another length or dtype of top
 * @example
 * gumbelGiven(new Rng(1), Float32Array.of(-1, -2), Float32Array.of(3), 2); // Float32Array, its greatest 3
 */
export const gumbelGiven: GumbelGiven = /* @__PURE__ */ ofOp<GumbelGiven>(
  OP,
  (source: unknown, logits: unknown, top: unknown, n: unknown, options?: object) =>
    mapInputs(OP, [logits, top], n, options, 1, source),
);
