/** Rankings and conditioned Gumbels in 200 bits: no code of the package, and nothing that cancels or overflows. */
import {
  type Big,
  big,
  exp,
  greatest,
  log,
  minus,
  negative,
  number,
  one,
  over,
  plus,
  sum,
  times,
  zero,
} from './big.ts';

type Row = readonly number[];

/** z = logits / T, without what is masked. */
const scoresOf = (logits: Row, temperature: number): (Big | undefined)[] =>
  logits.map((v) => (v === -Infinity ? undefined : over(big(v), big(temperature))));

function logSumExp(values: readonly Big[]): Big {
  const top = greatest(values);
  return plus(top, log(sum(values.map((v) => exp(minus(v, top))))));
}

/** For each place of a ranking what is left before it. */
function stagesOf(logits: Row, ranking: Row): number[][] {
  const left = [...logits.keys()].filter((i) => logits[i]! > -Infinity);
  return ranking.map((_, j) => left.filter((i) => !ranking.slice(0, j).includes(i)));
}

/** sum over the places of z_j - log sum exp of what is left. */
export function rankingLogProb(logits: Row, ranking: Row, temperature: number): number {
  const z = scoresOf(logits, temperature);
  const terms = stagesOf(logits, ranking).map((left, j) => minus(z[ranking[j]!]!, logSumExp(left.map((i) => z[i]!))));
  return number(sum(terms));
}

/** Its gradients by the logits and by T: sums over the places of 1 - softmax of what is left. */
export function rankingGradients(
  logits: Row,
  ranking: Row,
  temperature: number,
): { logits: number[]; temperature: number } {
  const z = scoresOf(logits, temperature),
    t = big(temperature),
    g = z.map(() => zero);
  stagesOf(logits, ranking).forEach((left, j) => {
    const total = logSumExp(left.map((i) => z[i]!));
    g[ranking[j]!] = plus(g[ranking[j]!]!, one);
    for (const i of left) g[i] = minus(g[i]!, exp(minus(z[i]!, total)));
  });
  const byT = sum(g.map((v, i) => (z[i] === undefined ? zero : times(v, z[i]))));
  return { logits: g.map((v) => number(over(v, t))), temperature: number(negative(over(byT, t))) };
}

/** -log(exp(-top) + exp(-G) - exp(-Z)), Z the greatest of the perturbed scores G. */
export function givenTop(scores: Row, top: number): number[] {
  const z = scores.reduce((a, b) => Math.max(a, b));
  return scores.map((g) => {
    if (g === -Infinity) return g;
    if (g === z) return top;
    const others = minus(exp(negative(big(g))), exp(negative(big(z))));
    return number(negative(log(plus(exp(negative(big(top))), others))));
  });
}
