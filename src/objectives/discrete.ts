import type { Floats } from '../engine/check.ts';
import { checkDoubles } from '../engine/check_parameters.ts';
import type { Values } from '../engine/resident.ts';
import { doubles, exp, rounded } from '../max/elementary.ts';
import { dotRows, logProbs } from '../max/log_probs.ts';

// Rows of n classes or, without n, bits: rows of two classes, whose logit is that of the first.

/** Posterior and prior, with a sample or null where the posterior takes its place. */
type Inputs<A extends Floats> = readonly [y: Values<A> | null, logits: Values<A>, priorLogits: Values<A>, n?: number];

/** sum_k w_k log(P_k / Q_k) of each row, where the weights are a sample y or, without one, Q itself. */
export function term<A extends Floats>(...inputs: Inputs<A>): A {
  const { value, dtype } = parts(inputs);
  return rounded(value, dtype);
}

/** The gradients of sum_r dTerm_r term_r; that of y where there is none says nothing. */
export function termGradients<A extends Floats>(
  dTerm: Values<A>,
  ...inputs: Inputs<A>
): { y: A; logits: A; priorLogits: A } {
  const { q, p, h, w, value, dtype, d } = parts(inputs, { dTerm });
  const [y, , , n] = inputs;
  const width = n ?? 2;
  const mass = dotRows(
    w,
    w.map(() => 1),
    width,
  );
  /** Of each logit, from what it is by class and row. */
  const gradient = (of: (i: number, r: number) => number): A =>
    rounded(
      doubles(n ? w.length : w.length / 2, (j) => {
        const i = n ? j : 2 * j,
          r = Math.floor(i / width);
        return d![r]! * of(i, r);
      }),
      dtype,
    );
  return {
    y: gradient((i) => (n ? h[i]! : h[i]! - h[i + 1]!)), // a bit counts for both of its classes
    logits: gradient((i, r) => (y ? q[i]! * mass[r]! - w[i]! : q[i]! * (h[i]! - value[r]!))),
    priorLogits: gradient((i, r) => w[i]! - p[i]! * mass[r]!),
  };
}

function parts([sample, ownLogits, ownPrior, n]: Inputs<Floats>, perRow?: { dTerm: unknown }) {
  const named = { logits: ownLogits, priorLogits: ownPrior };
  const call = checkDoubles(sample === null ? named : { y: sample, ...named }, n ?? 1, perRow);
  const [y, logits, prior, d] = (sample === null ? [null, ...call.doubles] : call.doubles) as [
    Float64Array | null,
    Float64Array,
    Float64Array,
    Float64Array?,
  ];
  const logQ = logProbs(logits, n),
    logP = logProbs(prior, n);
  const q = exp(logQ),
    // a class that is never drawn has no part
    h = logQ.map((l, i) => (l === -Infinity ? 0 : logP[i]! - l));
  const w = y ? q.map((_, i) => (n ? y[i]! : i % 2 ? 1 - y[i >> 1]! : y[i >> 1]!)) : q;
  return { q, p: exp(logP), h, w, value: dotRows(w, h, n ?? 2), dtype: call.dtype, d };
}
