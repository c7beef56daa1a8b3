/** Rankings and conditioned Gumbels in 200 bits: no code of the package, and nothing that cancels or overflows. */
import {
  type Big,
  big,
  exp,
  greatest,
  log,
  log1p,
  minus,
  negative,
  number,
  one,
  over,
  plus,
  size,
  sum,
  times,
  zero,
} from './big.ts';
import type { Exact } from './exact_rows.ts';

type Row = readonly number[];

/** z = logits / T, without what is masked. */
const scoresOf = (logits: Row, temperature: number): (Big | undefined)[] =>
  logits.map((v) => (v === -Infinity ? undefined : over(big(v), big(temperature))));

/** For each place of a ranking what is left before it. */
function stagesOf(logits: Row, ranking: Row): number[][] {
  const left = [...logits.keys()].filter((i) => logits[i]! > -Infinity);
  return ranking.map((_, j) => left.filter((i) => !ranking.slice(0, j).includes(i)));
}

/** sum over the places of z_j - log sum exp of what is left, terms that are not positive. */
export function rankingValue(logits: Row, ranking: Row, temperature: number): Exact {
  const z = scoresOf(logits, temperature);
  const terms = stagesOf(logits, ranking).map((left, j) => {
    const others = left.filter((i) => i !== ranking[j]);
    return negative(log1p(sum(others.map((i) => exp(minus(z[i]!, z[ranking[j]!]!))))));
  });
  const value = sum(terms);
  return { value, size: size(value) };
}

export const rankingLogProb = (logits: Row, ranking: Row, temperature: number): number =>
  number(rankingValue(logits, ranking, temperature).value as Big);

/** Its gradients by the logits and by T: sums over the places of 1 - softmax of what is left; that by T is measured by its terms with (logits - max) / T. */
export function rankingGradientValues(logits: Row, ranking: Row, temperature: number): Exact[] {
  const z = scoresOf(logits, temperature),
    t = big(temperature),
    g = z.map(() => zero);
  stagesOf(logits, ranking).forEach((left, j) => {
    const top = greatest(left.map((i) => z[i]!)),
      total = sum(left.map((i) => exp(minus(z[i]!, top))));
    for (const i of left) {
      // of the class that is placed, the sum of the others
      const p = (k: number): Big => over(exp(minus(z[k]!, top)), total);
      if (i === ranking[j]) g[i] = plus(g[i]!, sum(left.filter((k) => k !== i).map(p)));
      else g[i] = minus(g[i]!, p(i));
    }
  });
  const parts = g.map((v, i) => (z[i] === undefined ? zero : times(v, z[i])));
  const most = over(greatest([zero, ...g.map(size)]), t),
    top = greatest(z.filter((v) => v !== undefined)),
    terms = over(
      sum(g.map((v, i) => (z[i] === undefined ? zero : times(size(v), greatest([one, minus(top, z[i])]))))),
      t,
    );
  return [...g.map((v) => ({ value: over(v, t), size: most })), { value: negative(over(sum(parts), t)), size: terms }];
}

export function rankingGradients(
  logits: Row,
  ranking: Row,
  temperature: number,
): { logits: number[]; temperature: number } {
  const values = rankingGradientValues(logits, ranking, temperature).map(({ value }) => number(value as Big));
  return { logits: values.slice(0, -1), temperature: values.at(-1)! };
}

/** -log(exp(-top) + exp(-G) - exp(-Z)), Z the greatest of the perturbed scores G; measured by 1, itself and its score. */
export function givenTopValues(scores: Row, top: number): Exact[] {
  const z = scores.reduce((a, b) => Math.max(a, b));
  return scores.map((g) => {
    if (g === -Infinity) return { value: g, size: zero };
    if (g === z) return { value: big(top), size: big(top) };
    const others = minus(exp(negative(big(g))), exp(negative(big(z))));
    const value = negative(log(plus(exp(negative(big(top))), others)));
    return { value, size: greatest([one, size(value), size(big(g))]) };
  });
}

export const givenTop = (scores: Row, top: number): number[] =>
  givenTopValues(scores, top).map(({ value }) => (typeof value === 'number' ? value : number(value)));
