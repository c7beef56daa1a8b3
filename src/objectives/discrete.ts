import { divergence, weightedRatio } from '../density/contrast.ts';
import { checkDoubles } from '../engine/check_distributions.ts';
import type { Dtype, Floats } from '../engine/kind.ts';
import type { Values } from '../engine/resident.ts';
import { type Classes, classes, contrast } from '../math/classes.ts';
import { doubles, rounded } from '../math/float64.ts';

// Rows of n classes or, without n, bits: rows of two classes, whose logit is that of the first.

/** sum_k y_k log(P_k / Q_k) of each row, P = softmax(priorLogits), Q = softmax(logits). */
export function weightedTerm<A extends Floats>(
  y: Values<A>,
  logits: Values<A>,
  priorLogits: Values<A>,
  n: number | undefined,
): A {
  return weightedRatio(y, logits, priorLogits, n);
}

/** The gradients of sum_r dTerm_r term_r. */
export function weightedGradients<A extends Floats>(
  dTerm: Values<A>,
  y: Values<A>,
  logits: Values<A>,
  priorLogits: Values<A>,
  n: number | undefined,
): { y: A; logits: A; priorLogits: A } {
  const { dtype, doubles: given } = checkDoubles({ y, logits, priorLogits }, n ?? 1, { dTerm });
  const { q, p, gain } = sides(given[1]!, given[2]!, n),
    w = weights(given[0]!, n);
  const mass = new Float64Array(w.length / q.n);
  for (let i = 0; i < w.length; i++) mass[Math.floor(i / q.n)]! += w[i]!;
  const gradient = gradientOf<A>(q, n, given[3]!, dtype);
  return {
    y: gradient((i) => (n ? gain[i]! : gain[i]! - gain[i + 1]!)), // a bit counts for both of its classes
    logits: gradient((i, r) => q.p[i]! * mass[r]! - w[i]!),
    priorLogits: gradient((i, r) => w[i]! - p.p[i]! * mass[r]!),
  };
}

/** The weighted term at y = Q: minus the divergence of Q from P. */
export function analyticTerm<A extends Floats>(logits: Values<A>, priorLogits: Values<A>, n: number | undefined): A {
  const term = divergence(logits, priorLogits, n);
  for (let r = 0; r < term.length; r++) term[r] = 0 - term[r]!;
  return term;
}

/** The gradients of sum_r dTerm_r term_r. */
export function analyticGradients<A extends Floats>(
  dTerm: Values<A>,
  logits: Values<A>,
  priorLogits: Values<A>,
  n: number | undefined,
): { logits: A; priorLogits: A } {
  const { dtype, doubles: given } = checkDoubles({ logits, priorLogits }, n ?? 1, { dTerm });
  const { q, gain, difference, kl } = sides(given[0]!, given[1]!, n);
  const gradient = gradientOf<A>(q, n, given[2]!, dtype);
  return {
    logits: gradient((i, r) => q.p[i]! * (gain[i]! + kl[r]!)),
    priorLogits: gradient((i) => 0 - difference[i]!),
  };
}

/** Posterior q and prior p; what a class gains, log(P / Q), 0 for one that is never drawn; P - Q; KL(Q || P). */
function sides(logits: Float64Array, priorLogits: Float64Array, n: number | undefined) {
  const q = classes(logits, n),
    p = classes(priorLogits, n);
  const { ratio, difference, kl } = contrast(q, p);
  for (let i = 0; i < ratio.length; i++) ratio[i] = q.p[i] === 0 && q.logP()[i] === -Infinity ? 0 : -ratio[i]!;
  return { q, p, gain: ratio, difference, kl };
}

/** A sample as weights of classes: bits y are rows (y, 1 - y). */
function weights(y: Float64Array, n: number | undefined): Float64Array {
  return n ? y : doubles(2 * y.length, (i) => (i & 1 ? 1 - y[i >> 1]! : y[i >> 1]!));
}

/** d times a gradient by the logits, from what it is at each class i of row r. */
function gradientOf<A extends Floats>({ p, n: width }: Classes, n: number | undefined, d: Float64Array, dtype: Dtype) {
  const step = n ? 1 : 2;
  return (of: (i: number, r: number) => number): A =>
    rounded(
      doubles(p.length / step, (j) => {
        const r = Math.floor((step * j) / width);
        return d[r]! * of(step * j, r);
      }),
      dtype,
    );
}
