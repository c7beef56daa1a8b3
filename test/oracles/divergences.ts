/** Divergences and entropies by their definitions in 200 bits, where everything may cancel. */
import { type Big, big, minus, negative, over, sum, times } from './big.ts';
import { EXACT_LAWS } from './exact_laws.ts';
import { exactSoftmax } from './exact_rows.ts';

type Parameters = readonly [loc: number, scale: number];

/** KL(p || q) of two laws of one name. */
export function klOfLaws(name: keyof typeof EXACT_LAWS, [l1, s1]: Parameters, [l2, s2]: Parameters): Big {
  return EXACT_LAWS[name].kl(over(minus(big(l1), big(l2)), big(s2)), over(big(s1), big(s2)));
}

/** log softmax of a row of finite logits. */
export const logSoftmax = (logits: readonly number[]): Big[] => exactSoftmax(logits, 1).logP.map((l) => l!);

const expectation = (logits: readonly number[], of: (k: number) => Big): Big =>
  sum(exactSoftmax(logits, 1).p.map((p, k) => times(p, of(k))));

export function entropy(logits: readonly number[]): Big {
  const logP = logSoftmax(logits);
  return negative(expectation(logits, (k) => logP[k]!));
}

/** sum p (log p - log q) */
export function klOfClasses(a: readonly number[], b: readonly number[]): Big {
  const [logP, logQ] = [logSoftmax(a), logSoftmax(b)];
  return expectation(a, (k) => minus(logP[k]!, logQ[k]!));
}
