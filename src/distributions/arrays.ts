import { checkBits, checkProbs, newDraws } from '../engine/check_distributions.ts';
import { doubled, type Floats, kindOf } from '../engine/kind.ts';
import type { Input } from '../engine/half.ts';
import { log, logit, rounded } from '../math/float64.ts';

/** Gradients of all draws, added up for the parameter that the draws share. */
export function summed<A extends Floats>(gradient: Floats, like: A, length = like.length): A {
  const total = new Float64Array(length);
  for (let i = 0; i < gradient.length; i++) total[i % length]! += gradient[i]!;
  return rounded(total, kindOf(like));
}

/** A parameter for each draw; for one the array itself. */
export function repeated<A extends Floats>(parameter: A, draws: number): A {
  if (draws === 1) return parameter;
  const all = newDraws(kindOf(parameter), draws, parameter.length) as A;
  for (let at = 0; at < all.length; at += parameter.length) all.set(parameter, at);
  return all;
}

/** The difference of two parameters; 0 for equal infinities. */
export function apart(x: number, y: number): number {
  return x === y ? 0 : x - y;
}

/** The logits of probabilities, rows of n. */
export function logitsOfProbs<A extends Floats>(probs: Input<A>, n: number): A {
  const p = checkProbs(probs, n);
  return rounded(log(doubled(p)), kindOf(p));
}

/** The log-odds of probabilities of 1. */
export function logitsOfBits<A extends Floats>(probs: number | Input<A>): A {
  const p = checkBits(probs);
  return rounded(logit(doubled(p)), kindOf(p));
}
